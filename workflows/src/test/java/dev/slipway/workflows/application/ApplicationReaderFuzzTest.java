package dev.slipway.workflows.application;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.workflows.application.yaml.Reading;
import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ApplicationReaderFuzzTest {
    private static final String[] PIECES = {
        "&a ",
        "*a",
        "!!int ",
        "!x ",
        "<<: ",
        "- ",
        ": ",
        "? ",
        "{",
        "}",
        "[",
        "]",
        "\"",
        "'",
        "|",
        ">",
        "\n",
        "  ",
        "\t",
        "#",
        "---\n",
        "...\n",
        "%YAML 1.1\n",
        "${",
        "${self.",
        "}",
        "~",
        "null",
        "\u0000",
        "\uFEFF",
        "\uD800",
        "99999999999999999999",
        ","
    };

    @Test
    @DisplayName("broken documents and random bytes give a value or problems, nothing else, and never hang")
    void nothingButProblems() {
        Random random = new Random(7);
        GeneratedApplications generated = new GeneratedApplications(7);
        long end = System.nanoTime() + Duration.ofSeconds(3).toNanos();
        for (int i = 0; i < 3_000 && System.nanoTime() < end; i++) {
            StringBuilder text = new StringBuilder(ApplicationWriter.write(generated.next()));
            for (int change = random.nextInt(6); change >= 0; change--) {
                int at = random.nextInt(text.length());
                switch (random.nextInt(3)) {
                    case 0 -> text.insert(at, PIECES[random.nextInt(PIECES.length)]);
                    case 1 -> text.delete(at, Math.min(text.length() - 1, at + random.nextInt(20)));
                    default -> text.setCharAt(at, (char) random.nextInt(0x10000));
                }
            }
            byte[] bytes = new byte[random.nextInt(300)];
            random.nextBytes(bytes);

            settles(ApplicationCheck.read(text.toString()));
            settles(ApplicationCheck.read(text.toString().getBytes(UTF_8)));
            settles(ApplicationCheck.read(bytes));
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "[",
                "{",
                "a: [",
                "- ",
                "? ",
                "a: {",
                "${",
                "\"",
                "'",
                "|\n",
                "a:\n ",
                ": ",
                "a: b\n",
                "[],",
                "{a: ",
                "&a ",
                "*a ",
                "!a ",
                "x",
                "\n",
                "%",
                "# \n",
                "a: ${",
                "'${db.port}' ",
                "[a, [",
                "\t",
                "%TAG ! x\n"
            })
    @DisplayName("a megabyte of any one construct is answered in seconds")
    void manyOfOne(String piece) {
        String text = piece.repeat((1 << 20) / piece.length());

        Assertions.assertTimeoutPreemptively(Duration.ofSeconds(10), () -> {
            settles(ApplicationCheck.read(text));
            settles(ApplicationCheck.read(
                    "apiVersion: slipway.dev/v1\nkind: Application\nspec:\n  x: " + text.substring(0, 1_000_000)));
        });
    }

    private static void settles(Reading<Application> reading) {
        assertThat(reading.value() == null).isEqualTo(!reading.problems().isEmpty());
    }
}
