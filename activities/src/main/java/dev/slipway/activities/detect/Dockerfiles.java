package dev.slipway.activities.detect;

import dev.slipway.activities.detect.Project.Alternative;
import dev.slipway.activities.detect.Project.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Dockerfiles of the repository: what they are for, who runs, and which folder they are built from. */
final class Dockerfiles {
    static final String NAME = "Dockerfile";

    private static final Pattern NAMED =
            Pattern.compile("(?:Dockerfile|Containerfile)(?:[.][A-Za-z0-9_-]+)?|[A-Za-z0-9_-]+[.]Dockerfile");
    private static final Pattern NOT_TO_RUN =
            Pattern.compile(".*[.](dev|debug|test|ci|md|dockerignore)", Pattern.CASE_INSENSITIVE);
    private static final Pattern FROM = Pattern.compile("(?im)^\\s*FROM\\s+(?:--\\S+\\s+)*(\\S{1,300})");
    private static final Pattern USER = Pattern.compile("(?im)^\\s*USER\\s+[\"']?([A-Za-z0-9_-]{1,60})");
    private static final Pattern COPY =
            Pattern.compile("(?im)^\\s*(?:COPY|ADD)\\s+((?:--(?!from)\\S+\\s+)*)([A-Za-z0-9_./-]+)\\s+\\S");
    private static final Pattern NOBODY =
            Pattern.compile(".*(nonroot|unprivileged|rootless).*", Pattern.CASE_INSENSITIVE);

    private final RepositoryFiles files;

    Dockerfiles(RepositoryFiles files) {
        this.files = files;
    }

    /** The one to build with -> the others of that folder. By folder. */
    Map<String, List<String>> byFolder() {
        Map<String, List<String>> found = new TreeMap<>();
        files.paths().stream()
                .filter(path -> NAMED.matcher(Paths.name(path)).matches())
                .filter(path -> !NOT_TO_RUN.matcher(path).matches())
                .filter(path -> FROM.matcher(files.text(path)).find())
                .forEach(path -> found.computeIfAbsent(Paths.folder(path), key -> new ArrayList<>())
                        .add(path));
        found.values()
                .forEach(some -> some.sort(java.util.Comparator.comparing(
                                (String path) -> !Paths.name(path).equals(NAME))
                        .thenComparing(java.util.Comparator.naturalOrder())));
        return found;
    }

    /** @param known what else is in that folder; with a Dockerfile it is built by that */
    Project project(List<String> some, Project known) {
        String file = some.get(0);
        String text = files.text(file);
        String context = context(file, text);
        List<Alternative> others = Stream.concat(
                        some.stream().skip(1).map(other -> new Alternative(Kind.DOCKERFILE, other)),
                        known.generated() == null
                                ? Stream.empty()
                                : Stream.of(new Alternative(
                                        known.kind(), known.saw().get(0).file())))
                .toList();
        return known.by(
                        context,
                        Paths.from(context, file),
                        List.of(new Seen(file, "FROM " + lastFrom(text))),
                        Ports.exposed(text),
                        user(text))
                .or(others);
    }

    Project project(List<String> some) {
        String folder = Paths.folder(some.get(0));
        return project(
                some,
                new Project(
                        Kind.DOCKERFILE,
                        name(folder),
                        folder,
                        folder,
                        null,
                        null,
                        List.of(),
                        List.of(),
                        List.of(),
                        ""));
    }

    /** {@code services/cart/src} holds the cart. */
    private static String name(String folder) {
        String name = Paths.name(folder);
        String above = Paths.name(Paths.folder(folder));
        boolean nothing = List.of("src", "docker", "build", "app").contains(name);
        return nothing && !above.isEmpty() && !above.equals("src") ? above : name;
    }

    private static String lastFrom(String text) {
        Matcher from = FROM.matcher(text);
        String last = "";
        while (from.find()) {
            last = from.group(1);
        }
        return last;
    }

    /** A number or a name; empty: it says nothing, and neither does the name of its base. */
    static String user(String text) {
        Matcher from = FROM.matcher(text);
        int last = 0;
        while (from.find()) {
            last = from.start();
        }
        Matcher user = USER.matcher(text).region(last, text.length());
        String found = "";
        while (user.find()) {
            found = user.group(1);
        }
        return found.isEmpty() && NOBODY.matcher(lastFrom(text)).matches() ? "nonroot" : found;
    }

    /** Its own folder, unless what it copies is not there but further up. */
    private String context(String file, String text) {
        String own = Paths.folder(file);
        List<String> copied = new ArrayList<>();
        Matcher copy = COPY.matcher(text);
        while (copy.find()) {
            String source = copy.group(2).replaceFirst("^(\\./|/)+", "").replaceFirst("/+$", "");
            if (!source.isEmpty() && !source.equals(".")) {
                copied.add(source);
            }
        }
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
