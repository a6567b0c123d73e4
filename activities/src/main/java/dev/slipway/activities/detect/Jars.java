package dev.slipway.activities.detect;

import dev.slipway.activities.detect.Project.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;

/** A jar that is kept in the repository, alone in its folder: built elsewhere, to be run here. */
final class Jars {
    private static final Pattern NOT_IT = Pattern.compile(
            "(?:.*/)?(?:lib|libs|gradle|wrapper)/.*|.*(-sources|-javadoc|-tests|-plain|-wrapper)[.]jar");
    private static final String TARGET = "target";

    private Jars() {}

    static List<Project> in(RepositoryFiles files, Bases bases) {
        Map<String, List<String>> byFolder = new TreeMap<>();
        files.paths().stream()
                .filter(path -> path.endsWith(".jar") && !NOT_IT.matcher(path).matches())
                .forEach(path -> byFolder.computeIfAbsent(Paths.folder(path), key -> new ArrayList<>())
                        .add(path));
        return byFolder.values().stream()
                .filter(some -> some.size() == 1)
                .limit(RepositoryFiles.MOST_FOLDERS)
                .map(some -> project(some.get(0), bases))
                .toList();
    }

    private static Project project(String jar, Bases bases) {
        String folder = Paths.folder(jar);
        String context = Paths.name(folder).equals(TARGET) ? Paths.folder(folder) : folder;
        String text = new DockerfileText()
                .stage(bases.jre(), "")
                .line("WORKDIR /app")
                .line("COPY " + Paths.from(context, jar) + " app.jar")
                .runs(List.of(), List.of("java", "-jar", "app.jar"));
        String name = context.isEmpty() ? Paths.name(jar).replaceFirst("[.]jar$", "") : Paths.name(context);
        return Project.generated(Kind.JAR, name, context, context, text, List.of(Seen.file(jar)), List.of());
    }
}
