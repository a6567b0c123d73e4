package dev.slipway.web.hooks;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.regex.Pattern;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GlobTest {
    @ParameterizedTest
    @CsvSource({
        "main, main, true",
        "main, main2, false",
        "main, Main, false",
        "feature/**, feature/a, true",
        "feature/**, feature/a/b, true",
        "feature/**, feature, false",
        "feature/*, feature/a, true",
        "feature/*, feature/a/b, false",
        "release-?, release-1, true",
        "release-?, release-10, false",
        "v*, v1.2.3, true",
        "**/*.md, readme.md, true",
        "**/*.md, docs/a/b.md, true",
        "*.md, docs/b.md, false",
        "services/**/src/**, services/src/a, true",
        "services/**/src/**, services/a/b/src/c/d, true",
        "services/**/src/**, services/a/b/srcs/c, false",
        "docs/, docs/a/b, true",
        "docs/, docs2/a, false",
        "**, anything/at/all, true",
        "a.c, abc, false",
        "(a|b), a, false"
    })
    @DisplayName("a pattern means what people write: * within a part, ** across, everything else as it is written")
    void matches(String pattern, String name, boolean expected) {
        assertThat(Glob.of(pattern).matches(name)).isEqualTo(expected);
    }

    @Test
    @DisplayName("for 20,000 patterns and names by chance it says what a regular expression says")
    void agreesWithRegularExpressions() {
        Random random = new Random(6);
        int matched = 0;
        for (int i = 0; i < 20_000; i++) {
            String pattern = word(random, "ab/*?", 8);
            String name = word(random, "ab/", 8);

            boolean matches = Glob.of(pattern).matches(name);

            assertThat(matches)
                    .as("%s against %s", name, pattern)
                    .isEqualTo(Pattern.matches(expression(pattern), name));
            matched += matches ? 1 : 0;
        }
        assertThat(matched).isBetween(1_000, 19_000);
    }

    @Test
    @DisplayName("a hostile pattern and a hostile name take no longer than others")
    void takesNoTime() {
        Glob glob = Glob.of("**a*a**a*a**a*a**a*a**a*a**a*a**b");

        org.junit.jupiter.api.Assertions.assertTimeout(
                Duration.ofSeconds(2),
                () -> assertThat(glob.matches("a".repeat(20_000))).isFalse());
    }

    @Test
    @DisplayName("an exclusion takes out, whatever its place; without an inclusion everything is in")
    void excludes() {
        Globs some = new Globs(List.of("!feature/draft-*", "feature/**", "main"));
        Globs allBut = new Globs(List.of("!docs/**"));

        assertThat(some.match("feature/x")).isTrue();
        assertThat(some.match("feature/draft-x")).isFalse();
        assertThat(some.match("other")).isFalse();
        assertThat(allBut.match("src/a")).isTrue();
        assertThat(allBut.match("docs/a")).isFalse();
        assertThat(new Globs(List.of()).match("any")).isTrue();
        assertThat(Globs.lines(" main\n\n release/** , main")).containsExactly("main", "release/**");
        assertThat(Globs.wrong(List.of("!", "a\u0000b", "x".repeat(201), "good")))
                .hasSize(3);
    }

    private static String word(Random random, String letters, int longest) {
        StringBuilder word = new StringBuilder();
        for (int n = random.nextInt(longest + 1); n > 0; n--) {
            word.append(letters.charAt(random.nextInt(letters.length())));
        }
        return word.toString();
    }

    /** The same rules, said otherwise. */
    private static String expression(String given) {
        String pattern = given.endsWith("/") ? given + "**" : given;
        StringBuilder expression = new StringBuilder();
        for (int i = 0; i < pattern.length(); i++) {
            boolean partBegins = i == 0 || pattern.charAt(i - 1) == '/';
            if (partBegins && pattern.startsWith("**/", i)) {
                expression.append("(?:.*/)?");
                i += 2;
            } else if (pattern.startsWith("**", i)) {
                expression.append(".*");
                i++;
            } else {
                char c = pattern.charAt(i);
                expression.append(c == '*' ? "[^/]*" : c == '?' ? "[^/]" : Pattern.quote(String.valueOf(c)));
            }
        }
        return expression.toString();
    }
}
