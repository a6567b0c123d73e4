package dev.slipway.activities.detect;

import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** What the sources of a Java or Kotlin project say of where it begins. */
final class JavaSources {
    private static final int MOST = 60;
    private static final Pattern CLASS = Pattern.compile("([A-Za-z_$][A-Za-z0-9_$]*[.])*[A-Za-z_$][A-Za-z0-9_$]*");
    private static final Pattern PACKAGE =
            Pattern.compile("(?m)^[ \\t]*+package\\s+([A-Za-z0-9_.]{1,200})[ \\t]*+;?[ \\t]*+$");
    private static final Pattern LIKELY = Pattern.compile(".*(Application|Main|App|Server)[.](java|kt)");
    private static final Pattern MAIN = Pattern.compile("static\\s+void\\s+main\\s*\\(|(?m)^fun\\s+main\\s*\\(");

    private JavaSources() {}

    /** @param type name of the class, with its package */
    record Main(String file, String type) {}

    static boolean isClass(String name) {
        return !name.isEmpty() && name.length() < 300 && CLASS.matcher(name).matches();
    }

    /** The class that is started: those named so are looked at first, and not all of a big project. */
    static Optional<Main> main(RepositoryFiles files, String folder) {
        List<String> sources = files.below(Paths.join(folder, "src/main")).stream()
                .filter(path -> path.endsWith(".java") || path.endsWith(".kt"))
                .toList();
        Predicate<String> likely = LIKELY.asMatchPredicate();
        List<String> candidates = Stream.concat(
                        sources.stream().filter(likely), sources.stream().filter(likely.negate()))
                .limit(MOST)
                .toList();
        for (String file : candidates) {
            String text = files.text(file);
            if (MAIN.matcher(text).find()) {
                Matcher named = PACKAGE.matcher(text);
                String name = Paths.name(file).replaceFirst("[.]java$", "").replaceFirst("[.]kt$", "Kt");
                String type = named.find() ? named.group(1) + "." + name : name;
                if (isClass(type)) {
                    return Optional.of(new Main(file, type));
                }
            }
        }
        return Optional.empty();
    }

    /** Of what a build has left the one that runs: {@code cp … } without its target. */
    static String pick(String folder, String names) {
        return "cp \"$(ls " + folder + "/" + names
                + " | grep -vE -e '-(sources|javadoc|tests|plain)[.]jar$' -e '/original-' | head -n 1)\"";
    }
}
