package dev.slipway.activities.build;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What Slipway has to know of a Dockerfile before it is built: its stages, and the images that they come from. Everything else is
 * the builder's affair. Immutable, pure.
 *
 * @param stages in order, at least one
 * @param lines of the file
 * @param mentions where it names images from outside
 * @see <a href="https://docs.docker.com/reference/dockerfile/">Dockerfile reference</a>
 */
record Dockerfile(List<Stage> stages, List<String> lines, List<Mention> mentions) {
    private static final Pattern DIRECTIVE =
            Pattern.compile("#\\s*escape\\s*=\\s*([\\\\`])\\s*", Pattern.CASE_INSENSITIVE);
    private static final Pattern ANY_DIRECTIVE = Pattern.compile("#\\s*[a-zA-Z][a-zA-Z0-9]*\\s*=.*");
    private static final Pattern HEREDOC = Pattern.compile("<<(-?)\\s*([\"']?)([A-Za-z_][A-Za-z0-9_.]*)\\2");
    private static final Pattern FROM_FLAG = Pattern.compile("--(?:mount=\\S*?\\b)?from=([^\\s,]+)");
    private static final Pattern VARIABLE =
            Pattern.compile("\\$(?:\\{([A-Za-z_][A-Za-z0-9_]*)(?:(:?[-+])([^}]*))?}|([A-Za-z_][A-Za-z0-9_]*))");
    private static final String SCRATCH = "scratch";

    /**
     * @param name {@code null}: it has none
     * @param images that it needs from outside: its base and what it copies from, with their values put in
     * @param stages that it needs, by number
     */
    record Stage(@Nullable String name, Set<String> images, Set<Integer> stages) {}

    /**
     * An image's name in the text.
     *
     * @param image with its values put in
     * @param text what to look for; the first of it is meant
     * @param first line, from 0
     * @param end line after the last
     */
    record Mention(String image, Pattern text, int first, int end) {}

    /** Why a text is no Dockerfile. */
    static final class NotADockerfile extends Exception {
        private static final long serialVersionUID = 1;

        /** From 1. */
        final int line;

        NotADockerfile(int line, String reason) {
            super(reason);
            this.line = line;
        }
    }

    Dockerfile {
        stages = List.copyOf(stages);
        lines = List.copyOf(lines);
        mentions = List.copyOf(mentions);
    }

    /** @param arguments given for {@code ARG}s, over the defaults in the file */
    static Dockerfile parse(String text, Map<String, String> arguments) throws NotADockerfile {
        return new Reading(arguments).read(text);
    }

    /** @return the number of the stage that is asked for; -1: there is none of that name */
    int stage(@Nullable String target) {
        if (target == null) {
            return stages.size() - 1;
        }
        for (int i = 0; i < stages.size(); i++) {
            if (target.equalsIgnoreCase(stages.get(i).name()) || target.equals(Integer.toString(i))) {
                return i;
            }
        }
        return -1;
    }

    /** The images from outside that the stage, and whatever it needs, come from; in the order of the file. */
    Set<String> images(int stage) {
        Set<Integer> needed = new LinkedHashSet<>();
        need(stage, needed);
        Set<String> images = new LinkedHashSet<>();
        for (int i = 0; i < stages.size(); i++) {
            if (needed.contains(i)) {
                images.addAll(stages.get(i).images());
            }
        }
        return images;
    }

    /** The same file, line for line, with other names for images: those that have one. */
    String with(Map<String, String> names) {
        List<String> changed = new ArrayList<>(lines);
        for (Mention mention : mentions) {
            String name = names.get(mention.image());
            for (int at = mention.first(); name != null && at < mention.end(); at++) {
                Matcher found = mention.text().matcher(changed.get(at));
                if (!changed.get(at).strip().startsWith("#") && found.find()) {
                    changed.set(
                            at,
                            new StringBuilder(changed.get(at))
                                    .replace(found.start(1), found.end(1), name)
                                    .toString());
                    name = null;
                }
            }
        }
        return String.join("\n", changed);
    }

    private void need(int stage, Set<Integer> needed) {
        if (needed.add(stage)) {
            stages.get(stage).stages().forEach(other -> need(other, needed));
        }
    }

    /** @param first from 0. @param end after the last */
    private record Lines(int first, int end) {
        /** Of the first, as people count. */
        int number() {
            return first + 1;
        }
    }

    private static final class Reading {
        private final Map<String, String> given;
        private final Map<String, String> global = new HashMap<>();
        private final List<Stage> stages = new ArrayList<>();
        private final Map<String, Integer> names = new HashMap<>();
        private final List<Mention> mentions = new ArrayList<>();
        private char escape = '\\';

        Reading(Map<String, String> given) {
            this.given = given;
        }

        Dockerfile read(String text) throws NotADockerfile {
            String[] lines = (text.startsWith("\ufeff") ? text.substring(1) : text).split("\r?\n", -1);
            int at = directives(lines);
            while (at < lines.length) {
                int begin = at;
                StringBuilder instruction = new StringBuilder();
                boolean goesOn = true;
                while (goesOn && at < lines.length) {
                    String line = lines[at++];
                    String bare = line.strip();
                    if (bare.startsWith("#") || bare.isEmpty() && instruction.length() > 0) {
                        continue; // comments and empty lines do not end an instruction that goes on
                    }
                    goesOn = bare.endsWith(String.valueOf(escape));
                    instruction.append(goesOn ? bare.substring(0, bare.length() - 1) + " " : bare);
                }
                String whole = instruction.toString().strip();
                if (!whole.isEmpty()) {
                    Lines place = new Lines(begin, at);
                    at = heredocs(whole, lines, at, begin + 1);
                    instruction(whole, place);
                }
            }
            if (stages.isEmpty()) {
                throw new NotADockerfile(lines.length, "it has no FROM");
            }
            return new Dockerfile(stages, List.of(lines), mentions);
        }

        private int directives(String[] lines) {
            int at = 0;
            while (at < lines.length && ANY_DIRECTIVE.matcher(lines[at].strip()).matches()) {
                Matcher directive = DIRECTIVE.matcher(lines[at].strip());
                if (directive.matches()) {
                    escape = directive.group(1).charAt(0);
                }
                at++;
            }
            return at;
        }

        /** What stands in a here-document is no instruction. */
        private int heredocs(String whole, String[] lines, int at, int begin) throws NotADockerfile {
            String word = word(whole);
            if (!Set.of("RUN", "COPY", "ADD").contains(word)) {
                return at;
            }
            Matcher heredoc = HEREDOC.matcher(whole);
            int next = at;
            while (heredoc.find()) {
                boolean tabs = !heredoc.group(1).isEmpty();
                String end = heredoc.group(3);
                while (next < lines.length
                        && !(tabs ? lines[next].replaceFirst("^\t+", "") : lines[next]).equals(end)) {
                    next++;
                }
                if (next == lines.length) {
                    throw new NotADockerfile(begin, "the here-document " + end + " has no end");
                }
                next++;
            }
            return next;
        }

        private void instruction(String whole, Lines at) throws NotADockerfile {
            String rest = whole.replaceFirst("^\\S+\\s*", "");
            switch (word(whole)) {
                case "ARG" -> {
                    if (stages.isEmpty()) {
                        argument(rest);
                    }
                }
                case "FROM" -> from(rest, at);
                case "COPY", "ADD", "RUN" -> {
                    if (stages.isEmpty()) {
                        throw new NotADockerfile(at.number(), word(whole) + " before the first FROM");
                    }
                    copies(rest, at);
                }
                default -> {
                    if (stages.isEmpty()) {
                        throw new NotADockerfile(at.number(), word(whole) + " before the first FROM");
                    }
                }
            }
        }

        private static String word(String whole) {
            return whole.split("\\s", 2)[0].toUpperCase(Locale.ROOT);
        }

        private void argument(String rest) throws NotADockerfile {
            for (String one : rest.split("\\s+")) {
                String[] parts = one.split("=", 2);
                String value = given.get(parts[0]);
                if (value == null && parts.length == 2) {
                    value = filled(unquoted(parts[1]), 0, false);
                }
                if (value != null) {
                    global.put(parts[0], value);
                }
            }
        }

        private static String unquoted(String text) {
            boolean quoted = text.length() >= 2
                    && (text.charAt(0) == '"' || text.charAt(0) == '\'')
                    && text.charAt(text.length() - 1) == text.charAt(0);
            return quoted ? text.substring(1, text.length() - 1) : text;
        }

        private void from(String rest, Lines at) throws NotADockerfile {
            List<String> words = new ArrayList<>(List.of(rest.split("\\s+")));
            words.removeIf(word -> word.startsWith("--") || word.isEmpty());
            boolean named = words.size() == 3 && words.get(1).equalsIgnoreCase("as");
            if (words.size() != 1 && !named) {
                throw new NotADockerfile(at.number(), "FROM takes an image and perhaps a name: FROM image [AS name]");
            }
            String image = filled(unquoted(words.get(0)), at.number(), true);
            Stage stage = new Stage(named ? words.get(2) : null, new LinkedHashSet<>(), new LinkedHashSet<>());
            need(stage, image, Pattern.compile("\\s(" + Pattern.quote(words.get(0)) + ")(?![^\\s\\\\`])"), at);
            if (stage.name() != null) {
                names.put(stage.name().toLowerCase(Locale.ROOT), stages.size());
            }
            stages.add(stage);
        }

        /** Another stage by its name, or an image. */
        private void need(Stage stage, String name, Pattern text, Lines at) {
            Integer other = names.get(name.toLowerCase(Locale.ROOT));
            if (other != null) {
                stage.stages().add(other);
            } else if (!name.equals(SCRATCH)) {
                stage.images().add(name);
                mentions.add(new Mention(name, text, at.first(), at.end()));
            }
        }

        private void copies(String rest, Lines at) throws NotADockerfile {
            Stage stage = stages.get(stages.size() - 1);
            for (String word : rest.split("\\s+")) {
                if (!word.startsWith("--")) {
                    break;
                }
                Matcher from = FROM_FLAG.matcher(word);
                if (from.find()) {
                    String name = filled(from.group(1), at.number(), true);
                    if (name.matches("\\d+")) {
                        int number = Integer.parseInt(name.length() > 6 ? "999999" : name);
                        if (number >= stages.size() - 1) {
                            throw new NotADockerfile(at.number(), "there is no stage " + name + " before this one");
                        }
                        stage.stages().add(number);
                    } else {
                        Pattern text = Pattern.compile("from=(" + Pattern.quote(from.group(1)) + ")(?![^\\s,])");
                        need(stage, name, text, at);
                    }
                }
            }
        }

        private String filled(String text, int line, boolean needed) throws NotADockerfile {
            Matcher variable = VARIABLE.matcher(text);
            StringBuilder filled = new StringBuilder();
            while (variable.find()) {
                String name = variable.group(1) == null ? variable.group(4) : variable.group(1);
                String value = global.get(name);
                String operator = variable.group(2);
                boolean has = value != null && (operator == null || !operator.startsWith(":") || !value.isEmpty());
                if (operator != null && operator.endsWith("-") && !has) {
                    value = variable.group(3);
                } else if (operator != null && operator.endsWith("+")) {
                    value = has ? variable.group(3) : "";
                }
                if (value == null && needed) {
                    throw new NotADockerfile(
                            line,
                            "${" + name
                                    + "} has no value: give it a default by ARG before the first FROM, or build.args."
                                    + name);
                }
                variable.appendReplacement(filled, Matcher.quoteReplacement(value == null ? "" : value));
            }
            variable.appendTail(filled);
            return filled.toString();
        }
    }
}
