package dev.slipway.activities.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DockerIgnoreTest {
    @ParameterizedTest(name = "{0} and {1}: {2}")
    @CsvSource({
        "*.md, README.md, true",
        "*.md, docs/README.md, false",
        "**/*.md, docs/README.md, true",
        "**/*.md, README.md, true",
        "node_modules, node_modules/a/b.js, true",
        "node_modules, web/node_modules/a.js, false",
        "**/node_modules, web/node_modules/a.js, true",
        "/target/, target/app.jar, true",
        "./target, target/app.jar, true",
        "a/../target, target/app.jar, true",
        "docs/**, docs/a/b, true",
        "docs/**, docs, false",
        "a/**/b, a/b, true",
        "a/**/b, a/x/y/b/c, true",
        "a/**/b, a/x/y/c, false",
        "**, anything/at/all, true",
        "*, one, true",
        "*, one/two, true",
        "?at, cat, true",
        "?at, at, false",
        "[a-c]at, bat, true",
        "[a-c]at, rat, false",
        "[^a-c]at, rat, true",
        "[]-x], ], true",
        "\\*, *, true",
        "\\*, a, false",
        "a*b*c, aXbXbXc, true",
        "a*b*c, aXbXb, false",
        "target, targets, false",
    })
    void patterns(String pattern, String path, boolean leftOut) {
        assertThat(DockerIgnore.parse(pattern).leavesOut(path)).isEqualTo(leftOut);
    }

    @Test
    @DisplayName("the last pattern that names a file decides")
    void exceptions() {
        DockerIgnore ignore = DockerIgnore.parse("\ufeff# all\r\n*\n!src\n  src/*.log  \n!src/keep.log\n\n");

        assertThat(ignore.leavesOut("README.md")).isTrue();
        assertThat(ignore.leavesOut("src/Main.java")).isFalse();
        assertThat(ignore.leavesOut("src/a.log")).isTrue();
        assertThat(ignore.leavesOut("src/keep.log")).isFalse();
        assertThat(DockerIgnore.parse("").leavesOut("x")).isFalse();
        assertThat(DockerIgnore.parse("!").leavesOut("x")).isFalse();
        assertThat(DockerIgnore.parse("/\n.").leavesOut("x")).isFalse();
    }

    @Test
    @DisplayName("no pattern takes long or throws, whatever it holds")
    void hostile() {
        String stars = "*a".repeat(200) + "*b";
        Assertions.assertTimeoutPreemptively(Duration.ofSeconds(5), () -> {
            assertThat(DockerIgnore.parse(stars).leavesOut("a".repeat(4_000))).isFalse();
            assertThat(DockerIgnore.parse("**/".repeat(300) + "x").leavesOut("a/".repeat(1_000) + "y"))
                    .isFalse();
        });
        Random random = new Random(20261129);
        String letters = "ab*?[]^-\\/.!#";
        for (int i = 0; i < 20_000; i++) {
            StringBuilder text = new StringBuilder();
            for (int length = random.nextInt(12); length > 0; length--) {
                text.append(letters.charAt(random.nextInt(letters.length())));
            }
            assertThatCode(() -> DockerIgnore.parse(text.toString()).leavesOut("a/b.a/ab"))
                    .as(text.toString())
                    .doesNotThrowAnyException();
        }
    }
}
