package dev.slipway.activities.detect;

import dev.slipway.activities.detect.Project.Alternative;
import dev.slipway.activities.detect.Project.Kind;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Dockerfiles of the repository: which are there to be run, and which folder each is built from. */
final class Dockerfiles {
    static final String NAME = "Dockerfile";

    private static final Pattern NAMED =
            Pattern.compile("(?:Dockerfile|Containerfile)(?:[.][A-Za-z0-9_-]+)?|[A-Za-z0-9_-]+[.]Dockerfile");
    private static final Pattern NOT_TO_RUN =
            Pattern.compile(".*[.](dev|debug|test|ci|md|dockerignore)", Pattern.CASE_INSENSITIVE);
    private static final Pattern COPY =
            Pattern.compile("(?im)^[ \\t]*+(?:COPY|ADD)\\s+(?:--(?!from)\\S++\\s++)*+([A-Za-z0-9_./-]+)\\s+\\S");
    private static final Pattern WANTS = Pattern.compile("(?im)^[ \\t]*+ARG\\s+([A-Za-z_][A-Za-z0-9_]*)\\s*$");
    private static final Pattern USES =
            Pattern.compile("(?im)^[ \\t]*+(?:COPY|ADD|FROM)\\s.*?\\$\\{?([A-Za-z_][A-Za-z0-9_]*)");
    private static final Pattern GIVEN = Pattern.compile("(?:TARGET|BUILD)(?:PLATFORM|OS|ARCH|VARIANT)");

    private final RepositoryFiles files;

    Dockerfiles(RepositoryFiles files) {
        this.files = files;
    }

    /** The one to build with, then the others of that folder. By folder. */
    Map<String, List<String>> byFolder() {
        Map<String, List<String>> found = new TreeMap<>();
        files.paths().stream()
                .filter(path -> NAMED.matcher(Paths.name(path)).matches())
                .filter(path -> !NOT_TO_RUN.matcher(path).matches())
                .filter(path -> runs(files.text(path)))
                .forEach(path -> found.computeIfAbsent(Paths.folder(path), key -> new ArrayList<>())
                        .add(path));
        Comparator<String> plainFirst =
                Comparator.comparing(path -> !Paths.name(path).equals(NAME));
        found.values().forEach(some -> some.sort(plainFirst.thenComparing(Comparator.naturalOrder())));
        return found;
    }

    /** Not one that hands out files, nor one that somebody else has to tell what it is for. */
    private static boolean runs(String text) {
        LastStage last = LastStage.of(text, "");
        Set<String> wanted =
                WANTS.matcher(text).results().map(found -> found.group(1)).collect(Collectors.toSet());
        boolean told = USES.matcher(text)
                .results()
                .map(found -> found.group(1))
                .anyMatch(name -> wanted.contains(name) && !GIVEN.matcher(name).matches());
        return !last.base().isEmpty() && (!last.base().equals("scratch") || last.starts()) && !told;
    }

    /** @param known what else is in that folder; with a Dockerfile it is built by that */
    Project project(List<String> some, Project known) {
        String file = some.get(0);
        String context = context(file, files.text(file));
        List<Alternative> others = Stream.concat(
                        some.stream().skip(1).map(other -> new Alternative(Kind.DOCKERFILE, other)),
                        known.generated() == null
                                ? Stream.empty()
                                : Stream.of(new Alternative(
                                        known.kind(), known.saw().get(0).file())))
                .toList();
        return by(known, context, file, "").or(others);
    }

    Project project(List<String> some) {
        return project(some, unknown(Paths.folder(some.get(0))));
    }

    /** Built as somebody says: from that folder, that stage. */
    Project project(String context, String file, String target) {
        return by(unknown(Paths.folder(file)), context, file, target);
    }

    private Project by(Project known, String context, String file, String target) {
        String text = files.text(file);
        LastStage last = LastStage.of(text, target);
        return known.by(
                context,
                Paths.from(context, file),
                List.of(new Seen(file, "FROM " + last.base())),
                Ports.exposed(text),
                last);
    }

    private static Project unknown(String folder) {
        return new Project(
                Kind.DOCKERFILE,
                name(folder),
                folder,
                folder,
                null,
                null,
                List.of(),
                List.of(),
                List.of(),
                LastStage.NOBODY);
    }

    /** {@code services/cart/src} holds the cart. */
    private static String name(String folder) {
        String name = Paths.name(folder);
        String above = Paths.name(Paths.folder(folder));
        boolean nothing = List.of("src", "docker", "build", "app").contains(name);
        return nothing && !above.isEmpty() && !above.equals("src") ? above : name;
    }

    /** Its own folder, unless what it copies is not there but further up. */
    private String context(String file, String text) {
        String own = Paths.folder(file);
        List<String> copied =
                COPY.matcher(text).results().map(found -> found.group(1)).toList();
        for (String at = own; ; at = Paths.folder(at)) {
            String folder = at;
            boolean all = copied.stream()
                    .allMatch(source -> Paths.resolve(folder, source)
                            .filter(path -> files.has(path) || files.hasFolder(path))
                            .isPresent());
            if (all) {
                return at;
            }
            if (at.isEmpty()) {
                return own;
            }
        }
    }
}
