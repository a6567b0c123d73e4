package dev.slipway.activities.detect;

import dev.slipway.activities.detect.Project.Kind;
import java.util.List;
import java.util.regex.Pattern;

/** A jar that is kept in the repository, alone: built elsewhere, to be run here. */
final class Jars {
    private static final Pattern NOT_IT = Pattern.compile(".*(-sources|-javadoc|-tests|-plain|-wrapper)[.]jar");
    private static final int DEEPEST = 2;

    private Jars() {}

    static List<Project> in(RepositoryFiles files, Bases bases) {
        List<String> jars = files.paths().stream()
                .filter(path -> path.endsWith(".jar") && !NOT_IT.matcher(path).matches())
                .filter(path -> path.split("/").length <= DEEPEST)
                .toList();
        if (jars.size() != 1) {
            return List.of();
        }
        String jar = jars.get(0);
        String text = new DockerfileText()
                .stage(bases.jre(), "")
                .line("WORKDIR /app")
                .line("COPY " + jar + " app.jar")
                .runs(List.of(), List.of("java", "-jar", "app.jar"));
        return List.of(Project.generated(
                Kind.JAR,
                Paths.name(jar).replaceFirst("[.]jar$", ""),
                "",
                "",
                text,
                List.of(Seen.file(jar)),
                List.of()));
    }
}
