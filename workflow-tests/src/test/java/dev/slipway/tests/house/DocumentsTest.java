package dev.slipway.tests.house;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.tests.support.Storefront;
import dev.slipway.workflows.application.ApplicationCheck;
import dev.slipway.workflows.problem.Problem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class DocumentsTest {
    private static final Pattern YAML = Pattern.compile("```yaml\n(.*?)```", Pattern.DOTALL);

    @Test
    @DisplayName("the document that the README begins with is a valid one")
    void readme() throws IOException {
        List<String> documents = YAML.matcher(Files.readString(Storefront.root().resolve("README.md")))
                .results()
                .map(match -> match.group(1))
                .filter(yaml -> yaml.contains("kind: Application"))
                .toList();

        assertThat(documents)
                .hasSize(1)
                .allSatisfy(yaml -> assertThat(problems(yaml)).isEmpty());
    }

    @Test
    @DisplayName("every application that people can copy is a valid one")
    void templates() throws IOException {
        try (var files = Files.walk(Storefront.root().resolve("templates/applications"))) {
            List<Path> documents =
                    files.filter(file -> file.endsWith("slipway.yaml")).toList();

            assertThat(documents)
                    .isNotEmpty()
                    .allSatisfy(
                            file -> assertThat(problems(Files.readString(file))).isEmpty());
        }
    }

    private static List<Problem> problems(String yaml) {
        return ApplicationCheck.read(yaml).problems();
    }
}
