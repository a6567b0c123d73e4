package dev.slipway.activities.build.kaniko;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** What a build's log tells about the build, read line by line. For one thread at a time. */
final class KanikoLog {
    static final int LAST_LINES = 40;

    private static final Pattern LEVEL = Pattern.compile("(?:INFO|WARN|ERRO|FATA|DEBU)\\[\\d+] (.*)");
    private static final Pattern INSTRUCTION = Pattern.compile(
            "(?:ADD|ARG|CMD|COPY|ENTRYPOINT|ENV|EXPOSE|HEALTHCHECK|LABEL|ONBUILD|RUN|SHELL|STOPSIGNAL|USER|VOLUME|WORKDIR) .*");

    private static final Pattern COMPLAINT = Pattern.compile(
            "(?i)\\b(?:error|fatal|fail(?:ed|ure)?|exception|cannot|can't|denied|not found|no such)\\b");
    private static final String OWN_END = "error building image:";

    private final Deque<String> last = new ArrayDeque<>();
    private String instruction = "";
    private int reused;
    private int made;

    /** @param text without escape sequences */
    synchronized void line(String text) {
        last.add(text);
        if (last.size() > LAST_LINES) {
            last.remove();
        }
        Matcher level = LEVEL.matcher(text);
        if (!level.matches()) {
            return;
        }
        String message = level.group(1);
        if (INSTRUCTION.matcher(message).matches()) {
            instruction = message;
        } else if (message.startsWith("Using caching version of cmd:")) {
            reused++;
        } else if (message.startsWith("No cached layer found for cmd")) {
            made++;
        }
    }

    /** What is known of its end by other ways, where no line could be read. @param texts likewise */
    synchronized void otherwise(Stream<String> texts) {
        if (last.isEmpty()) {
            texts.forEach(this::line);
        }
    }

    /** The instruction of the Dockerfile that it is at; empty: at none yet. */
    synchronized String instruction() {
        return instruction;
    }

    synchronized List<String> lastLines() {
        return new ArrayList<>(last);
    }

    /** The last complaint of the program that an instruction runs, else its last line; empty: it said nothing. */
    synchronized String lastWord() {
        List<String> said = last.stream()
                .filter(line -> !line.isBlank()
                        && !line.startsWith(OWN_END)
                        && !LEVEL.matcher(line).matches())
                .toList();
        return said.stream()
                .filter(line -> COMPLAINT.matcher(line).find())
                .reduce((before, line) -> line)
                .orElse(said.isEmpty() ? "" : said.get(said.size() - 1))
                .strip();
    }

    /** {@code 3 of 4}: layers taken from the cache of those that were looked for there; empty: none was. */
    synchronized String cache() {
        return reused + made == 0 ? "" : reused + " of " + (reused + made);
    }
}
