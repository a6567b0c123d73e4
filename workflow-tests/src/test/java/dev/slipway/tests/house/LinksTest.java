package dev.slipway.tests.house;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What people read first must not lead them nowhere. */
class LinksTest {
    private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();
    private static final Pattern LINK = Pattern.compile("]\\(([^)#]+)(?:#[^)]*)?\\)");
    /** Pictures are made by the browser tests' engine, not kept true by hand. */
    private static final String PICTURES = "ops/screenshots/";

    @Test
    @DisplayName("every relative link in README, CHANGELOG and ops leads to a file")
    void linksLeadSomewhere() throws IOException {
        List<Path> pages;
        try (Stream<Path> ops = Files.walk(ROOT.resolve("ops"))) {
            pages = Stream.concat(
                            Stream.of(ROOT.resolve("README.md"), ROOT.resolve("CHANGELOG.md")),
                            ops.filter(file -> file.toString().endsWith(".md")))
                    .toList();
        }

        assertThat(pages)
                .hasSizeGreaterThan(10)
                .allSatisfy(page -> assertThat(links(page))
                        .allSatisfy(
                                link -> assertThat(page.resolveSibling(link)).exists()));
    }

    @Test
    @DisplayName("the README names the commands and folders that there are")
    void readme() throws IOException {
        String readme = Files.readString(ROOT.resolve("README.md"));

        assertThat(readme)
                .contains("./mvnw -q -pl starter-web -am compile spring-boot:run")
                .contains("./mvnw -B verify");
        assertThat(Pattern.compile("(?m)^\\| `([a-z-]+)/` \\|")
                        .matcher(readme)
                        .results()
                        .map(found -> found.group(1)))
                .containsExactly("workflows", "activities", "starter-web", "workflow-tests", "templates", "ops")
                .allSatisfy(folder -> assertThat(ROOT.resolve(folder)).isDirectory());
    }

    private static List<String> links(Path page) {
        try {
            return LINK.matcher(Files.readString(page))
                    .results()
                    .map((MatchResult found) -> found.group(1))
                    .filter(link -> !link.contains("://") && !link.startsWith(PICTURES))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
