package dev.slipway.activities.detect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import dev.slipway.activities.git.GitRef;
import dev.slipway.workflows.application.ApplicationCheck;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class DetectionFuzzTest {
    private static final List<String> NAMES = List.of(
            "pom.xml",
            "build.gradle",
            "settings.gradle",
            "package.json",
            "go.mod",
            "main.go",
            "requirements.txt",
            "pyproject.toml",
            "app.py",
            "manage.py",
            "index.html",
            "Dockerfile",
            "compose.yaml",
            ".env",
            "x.jar",
            "src/main/java/a/Main.java",
            "src/main/resources/application.yml");
    private static final List<String> PIECES = List.of(
            "<project>",
            "</project>",
            "<modules><module>",
            "..",
            "</module></modules>",
            "<artifactId>a</artifactId>",
            "<packaging>war</packaging>",
            "{",
            "}",
            "\"scripts\":",
            "\"start\": \"node a.js\"",
            ",",
            "module x\n",
            "package main\n",
            "func main()",
            "flask\n",
            "app = Flask(",
            "if __name__ == '__main__':",
            "FROM a AS b\n",
            "FROM b\n",
            "USER 0\n",
            "EXPOSE 99999999999 80\n",
            "COPY ${X} /\n",
            "ARG X\n",
            "services:\n",
            "  a:\n",
            "  b-b_B:\n",
            "    image: postgres\n",
            "    image: '::'\n",
            "    build: .\n",
            "    build: {context: ../.., dockerfile_inline: 'FROM x'}\n",
            "    depends_on: [a, b-b_B]\n",
            "    depends_on: {a: {condition: service_completed_successfully}}\n",
            "    ports: ['1:2', '99999:0', 7-9, {target: x}]\n",
            "    volumes: ['a:/b', './c:d', a]\n",
            "    volumes: ['v:relative', 'v:/x']\n",
            "    environment: {A b: 1, C: '${D'}\n",
            "    environment: [E, 'F=$${g}${h:-i}']\n",
            "    command: \"a 'b c\"\n",
            "    healthcheck: {test: curl localhost, interval: 9z}\n",
            "    deploy: {replicas: -1}\n",
            "    user: root\n",
            "    working_dir: here\n",
            "    secrets: [s]\n",
            "    <<: *a\n",
            "&a",
            "*a",
            "\u0000",
            "\ud800",
            "\t",
            "\n",
            "server:\n  port: 1\n",
            "plugins { id 'org.springframework.boot' application }\n",
            "mainClass = 'a.B'\n",
            "static void main(",
            "http://a:80");

    @RepeatedTest(60)
    @Timeout(20)
    @DisplayName("whatever a repository holds, a proposal is a document without a problem, and the same each time")
    void anything(RepetitionInfo repetition) {
        Random random = new Random(repetition.getCurrentRepetition());
        Tree tree = new Tree();
        for (int i = random.nextInt(12); i >= 0; i--) {
            String folder =
                    random.nextInt(3) == 0 ? "" : random.nextBoolean() ? "a/" : "a/b-" + random.nextInt(3) + "/";
            tree.file(folder + NAMES.get(random.nextInt(NAMES.size())), text(random));
        }

        Optional<Draft> draft = draft(tree);

        draft.ifPresent(
                some -> assertThat(ApplicationCheck.read(some.document()).problems())
                        .as(some.document())
                        .isEmpty());
        assertThat(draft(tree)).isEqualTo(draft);
        Detection.of(tree.files(), Bases.DEFAULT).stream()
                .map(Project::generated)
                .filter(text -> text != null)
                .forEach(text -> assertThat(text.lines().filter(line -> line.startsWith("USER ")))
                        .containsExactly("USER 10001"));
    }

    @Test
    @Timeout(60)
    @DisplayName("two hundred thousand files are looked through in seconds")
    void many() {
        List<String> paths = IntStream.range(0, 200_000)
                .mapToObj(i -> "d" + i % 500 + "/e" + i % 7 + "/" + NAMES.get(i % NAMES.size())
                        + (i % 17 == 0 ? "" : ".bak" + i))
                .toList();

        RepositoryFiles files =
                RepositoryFiles.of(paths, path -> Optional.of(path.getBytes(java.nio.charset.StandardCharsets.UTF_8)));

        assertThat(Detection.of(files, Bases.DEFAULT)).hasSizeLessThanOrEqualTo(200);
    }

    @ParameterizedTest
    @ValueSource(strings = {"index.html", "requirements.txt", "x.jar", "go.mod", "pom.xml", "Dockerfile"})
    @DisplayName("a project in each of a hundred thousand folders is no reason to compare each with all others")
    void manyFolders(String name) {
        List<String> paths = IntStream.range(0, 100_000)
                .boxed()
                .flatMap(i -> Stream.of("d" + i + "/" + name, "d" + i + "/main.go"))
                .toList();
        byte[] text = "package main\n".getBytes(java.nio.charset.StandardCharsets.UTF_8);

        List<Project> found = assertTimeoutPreemptively(
                Duration.ofSeconds(10),
                () -> Detection.of(RepositoryFiles.of(paths, path -> Optional.of(text)), Bases.DEFAULT));

        assertThat(found).hasSizeLessThanOrEqualTo(200);
    }

    @ParameterizedTest(name = "{0} {index}")
    @MethodSource
    @DisplayName("a text that is made to be looked at for long is looked at for a moment")
    void longToMatch(String path, String text) {
        Tree tree = Tree.mavenLibraries()
                .file("compose.yaml", "services: {a: {image: x}}")
                .file(path, text);

        assertTimeoutPreemptively(Duration.ofSeconds(5), () -> draft(tree));
    }

    static Stream<Arguments> longToMatch() {
        String lines = "\n".repeat(250_000);
        String spaces = " ".repeat(250_000);
        String compose = "services: {a: {image: x, %s}}";
        return Stream.of(
                Arguments.of("src/main/resources/application.yml", "server:\n" + "          x\n".repeat(21)),
                Arguments.of("src/main/resources/application.properties", "server.port=${\n".repeat(17_000)),
                Arguments.of("src/main/java/demo/Main.java", "static void main(" + lines),
                Arguments.of("src/main/java/demo/Main.java", "static void main(\npackage a" + spaces + "b"),
                Arguments.of("a/build.gradle", lines),
                Arguments.of("a/build.gradle", "mainClass =" + spaces + "b"),
                Arguments.of("a/Dockerfile", lines),
                Arguments.of("a/Dockerfile", "FROM x\n" + lines),
                Arguments.of("a/Dockerfile", "FROM " + "--x ".repeat(60_000) + "y"),
                Arguments.of("a/Dockerfile", "FROM x\nCOPY " + "/".repeat(250_000) + "a b"),
                Arguments.of("a/Dockerfile", "FROM x\nCOPY " + "a/".repeat(125_000) + "a b"),
                Arguments.of("compose.yaml", "services: {a: {image: \"" + ":".repeat(60_000) + "\\nx\"}}"),
                Arguments.of("compose.yaml", compose.formatted("volumes: ['./pom.xml:" + "/".repeat(60_000) + "a']")),
                Arguments.of(
                        "compose.yaml",
                        compose.formatted("healthcheck: {test: \"" + "curl http://a ".repeat(4_000) + "\\n\"}")),
                Arguments.of(".env", "A=a" + spaces + "b"));
    }

    private static Optional<Draft> draft(Tree tree) {
        return Drafting.of(
                tree.files(),
                Bases.DEFAULT,
                new Drafting.Origin("https://git.example/9/_.git", GitRef.defaultBranch(), ""));
    }

    private static String text(Random random) {
        StringBuilder text = new StringBuilder();
        for (int i = random.nextInt(25); i >= 0; i--) {
            text.append(PIECES.get(random.nextInt(PIECES.size())));
        }
        return random.nextInt(4) == 0 ? "services:\n  a:\n" + text : text.toString();
    }
}
