package dev.slipway.workflows.application.yaml;

import dev.slipway.workflows.problem.Problem;
import dev.slipway.workflows.problem.ProblemCode;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Collects the problems of one document. A field that was refused once is not talked about again, nor is anything in
 * it: the first word about a place is the useful one. At most {@value #MAX_PROBLEMS} are kept.
 */
public final class Notes {
    public static final int MAX_PROBLEMS = 1_000;

    private record Note(int line, Problem problem) {}

    private final Map<String, Integer> lineByPath = new HashMap<>();
    private final Lines lines;
    private final Set<String> settled = new HashSet<>();
    private final List<Note> notes = new ArrayList<>();

    public Notes() {
        this.lines = new Lines(lineByPath);
    }

    /** Notes about a document whose text was read earlier, or never. */
    public Notes(Lines lines) {
        this.lines = lines;
    }

    public Lines lines() {
        return lines;
    }

    void stands(String path, int line) {
        lineByPath.put(path, line);
    }

    /** Notes a problem, unless this place or what it is in was refused before. */
    public void note(ProblemCode code, String path, String... namesAndValues) {
        if (!isSettled(path)) {
            settle(path);
            add(code, path, lines.of(path), namesAndValues);
        }
    }

    /** Notes a problem of a place that can have several, such as two wrong look-ups in one value. */
    public void also(ProblemCode code, String path, String... namesAndValues) {
        add(code, path, lines.of(path), namesAndValues);
    }

    /** Notes that what is named is not there, with the closest of what is; a place can have several. */
    public void alsoReference(String path, String name, Collection<String> names) {
        also(
                ProblemCode.DOC_REFERENCE,
                path,
                "reference",
                Words.shown(name),
                "closest",
                Words.closest(name, names),
                "allowed",
                Words.list(names));
    }

    void noteAtLine(ProblemCode code, String path, int line, String... namesAndValues) {
        settle(path);
        add(code, path, line, namesAndValues);
    }

    /** From now on nothing is said about this place. */
    public void settle(String path) {
        settled.add(path);
    }

    public boolean isSettled(String path) {
        for (String p = path; !p.isEmpty(); p = Lines.parent(p)) {
            if (settled.contains(p)) {
                return true;
            }
        }
        return settled.contains("");
    }

    private void add(ProblemCode code, String path, int line, String... namesAndValues) {
        if (notes.size() >= MAX_PROBLEMS) {
            return;
        }
        String where = line == 0 ? path : path.isEmpty() ? "line " + line : path + ", line " + line;
        Note note = new Note(line, Problem.of(code, where, namesAndValues));
        if (!notes.contains(note)) {
            notes.add(note);
        }
    }

    public boolean isEmpty() {
        return notes.isEmpty();
    }

    /** All problems, in the order of the lines they are about. */
    public List<Problem> problems() {
        return notes.stream()
                .sorted(Comparator.comparingInt(Note::line))
                .map(Note::problem)
                .toList();
    }
}
