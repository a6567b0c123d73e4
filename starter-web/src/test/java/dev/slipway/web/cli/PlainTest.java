package dev.slipway.web.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.json.JsonMapper;

class PlainTest {
    @ParameterizedTest
    @CsvSource({
        "'plain text, 中文 and –', 'plain text, 中文 and –'",
        "'\u001b[31mred\u001b[0m', red",
        "'\u001b]0;renamed\u0007x', x",
        "'\u001b]52;c;ZXZpbA==\u001b\\x', x",
        "'\u001b]8;;https://evil.example\u001b\\link\u001b]8;;\u001b\\', link",
        "'a\u009b2Jb', a2Jb",
        "'a\u001b(0b', ab",
        "'a\bb\rc\u0000d\u007f', abcd",
        "'two\nlines', two lines",
        "'abc\u202edef', abcdef",
        "'half \u001b', 'half '"
    })
    @DisplayName("nothing in a text acts on a terminal, and what people read stays")
    void plain(String text, String shown) {
        assertThat(Plain.line(text)).isEqualTo(shown);
    }

    @Test
    @DisplayName("whatever comes, no control character is left but the tab")
    void fuzzed() {
        Random random = new Random(6);
        for (int i = 0; i < 20_000; i++) {
            StringBuilder text = new StringBuilder();
            for (int j = random.nextInt(12); j >= 0; j--) {
                text.append((char) (random.nextInt(4) == 0 ? 0x1b : random.nextInt(0xa0)));
            }
            assertThat(Plain.line(text.toString()).chars())
                    .as("%s", (Object) text.toString().codePoints().boxed().toList())
                    .allMatch(one -> one == '\t' || one >= ' ' && one < 0x7f || one >= 0xa0);
        }
    }

    @Test
    @DisplayName("JSON means the same after it, and holds no control character")
    void json() {
        JsonMapper json = new JsonMapper();
        String text = "a\u001b[2Jb\u009b\u202e\u2028\n中";
        String printed = Plain.json(json.writeValueAsString(text));

        assertThat(printed).doesNotContain("\u001b", "\u009b", "\u202e", "\u2028", "\n");
        assertThat(json.readValue(printed, String.class)).isEqualTo(text);
    }
}
