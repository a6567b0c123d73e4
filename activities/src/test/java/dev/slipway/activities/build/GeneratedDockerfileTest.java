package dev.slipway.activities.build;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.activities.detect.Bases;
import dev.slipway.activities.detect.Detection;
import dev.slipway.activities.detect.Project;
import dev.slipway.activities.detect.Tree;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Rewrite the golden files with {@code -Dslipway.golden.write=true}, and read the difference. */
class GeneratedDockerfileTest {
    private static final Path GOLDEN = Path.of("src", "test", "resources", "dockerfiles");

    static Stream<Arguments> trees() {
        return Stream.of(
                Arguments.of("maven-modules", Tree.maven()),
                Arguments.of("maven-classpath", Tree.mavenLibraries()),
                Arguments.of("gradle-application", Tree.gradle()),
                Arguments.of("gradle-spring", Tree.gradleSpring()),
                Arguments.of("node", Tree.node()),
                Arguments.of("node-vendored", Tree.nodeVendored()),
                Arguments.of("node-static", Tree.front()),
                Arguments.of("go", Tree.go()),
                Arguments.of("go-vendored", Tree.goVendored()),
                Arguments.of("python-django", Tree.django()),
                Arguments.of("python-fastapi", Tree.fastapi()),
                Arguments.of("python-flask", Tree.flask()),
                Arguments.of("static", Tree.site()),
                Arguments.of("jar", Tree.jar()));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("trees")
    @DisplayName("what is generated is as agreed, builds in stages that a cache can keep, and runs as nobody")
    void generated(String name, Tree tree) throws IOException, Dockerfile.NotADockerfile {
        List<Project> projects = Detection.buildable(tree.files(), Bases.DEFAULT);

        assertThat(projects).hasSize(1);
        String text = projects.get(0).generated();
        Path golden = GOLDEN.resolve(name + ".Dockerfile");
        if (Boolean.getBoolean("slipway.golden.write")) {
            Files.writeString(golden, text);
        }
        assertThat(text).isEqualTo(Files.readString(golden));
        Dockerfile file = Dockerfile.parse(text, Map.of());
        assertThat(file.images(file.stages().size() - 1))
                .isNotEmpty()
                .allSatisfy(image -> assertThat(image).matches(".*:(?!latest$)[^/:]+"));
        List<String> lines = text.lines().toList();
        List<String> last = lines.subList(
                lines.lastIndexOf(lines.stream()
                        .filter(line -> line.startsWith("FROM "))
                        .reduce((a, b) -> b)
                        .orElseThrow()),
                lines.size());
        assertThat(last).contains("USER 10001");
        assertThat(last.get(last.size() - 1)).matches("ENTRYPOINT \\[\"[^\\[\\]]+\"]");
        assertThat(lines).noneMatch(line -> line.startsWith("ADD "));
        int install = first(lines, "RUN .*(go-offline|dependencies|npm ci|install|mod download).*");
        int sources = first(lines, "COPY \\. .*");
        boolean vendored = name.endsWith("-vendored");
        assertThat(vendored
                        || install < 0
                        || sources < 0
                        || install < sources
                        || text.contains("pip install --no-cache-dir ."))
                .as("what changes seldom comes first")
                .isTrue();
    }

    private static int first(List<String> lines, String pattern) {
        for (int i = 0; i < lines.size(); i++) {
            if (lines.get(i).matches(pattern)) {
                return i;
            }
        }
        return -1;
    }
}
