package dev.slipway.activities.kubernetes.log;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.activities.kubernetes.log.Ansi.Span;
import java.util.Random;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AnsiTest {
    private static final String ESC = "\u001b";

    @Test
    @DisplayName("colours become names of styles, and end where they are taken back")
    void colours() {
        assertThat(Ansi.spans("a" + ESC + "[31mred" + ESC + "[1;92mloud" + ESC + "[0m b"))
                .containsExactly(
                        new Span("a", ""), new Span("red", "c1"), new Span("loud", "c10 bold"), new Span(" b", ""));
        assertThat(Ansi.spans(ESC + "[38;5;4mblue" + ESC + "[39mplain" + ESC + "[38;2;1;2;3;1mbold"))
                .containsExactly(new Span("blue", "c4"), new Span("plain", ""), new Span("bold", "bold"));
    }

    @ParameterizedTest
    @DisplayName("whatever a terminal would obey, a reader does not get")
    @ValueSource(
            strings = {
                "a\u001b[2J\u001b[Hb",
                "a\u001b]0;a title\u0007b",
                "a\u001b]8;;https://evil.example\u001b\\b",
                "a\u001bP1;2|payload\u001b\\b",
                "a\u001b(0b",
                "a\u001bcb",
                "a\u009b31mb",
                "a\bb",
                "a\rb",
                "a\u202eb",
                "a\u0000\u0007\u007fb",
                "ab\u001b",
                "ab\u001b[",
                "ab\u001b[99",
                "ab\u001b]52;c;never ends"
            })
    void inert(String text) {
        assertThat(Ansi.plain(text)).isEqualTo("ab");
    }

    @Test
    @DisplayName("markup stays text, tabs and other scripts stay, an unfinished sequence takes no line with it")
    void keeps() {
        assertThat(Ansi.plain("<b onclick=x>\t数据 é</b>")).isEqualTo("<b onclick=x>\t数据 é</b>");
        assertThat(Ansi.spans("[31m no escape")).containsExactly(new Span("[31m no escape", ""));
        assertThat(Ansi.spans(ESC + "[38;5m" + ESC + "[999999999999;1mx")).containsExactly(new Span("x", "bold"));
    }

    @Test
    @DisplayName("what is kept of a line are its colours, and nothing that moves, asks or names")
    void keptColours() {
        assertThat(Ansi.coloured(ESC + "[31mred" + ESC + "[0m " + ESC + "]0;title\u0007" + ESC + "[2J\u202e<b>" + ESC
                        + "[1;92mbright"))
                .isEqualTo(ESC + "[31mred" + ESC + "[0m <b>" + ESC + "[92;1mbright" + ESC + "[0m");
    }

    @Test
    @DisplayName("no text makes it fail or lets a control character through")
    void anything() {
        String letters = "\u001b\u009b[]m;0139\\\u0007aA\u202e\n(P";
        Random random = new Random(20261124);
        for (int round = 0; round < 20_000; round++) {
            StringBuilder text = new StringBuilder();
            for (int i = random.nextInt(40); i > 0; i--) {
                text.append(letters.charAt(random.nextInt(letters.length())));
            }
            assertThat(Ansi.plain(text.toString())).doesNotContain(ESC, "\u009b", "\u0007", "\u202e", "\n");
            String coloured = Ansi.coloured(text.toString());
            assertThat(coloured.replaceAll("\u001b\\[[0-9;]+m", "")).isEqualTo(Ansi.plain(text.toString()));
            assertThat(Ansi.coloured(coloured)).isEqualTo(coloured);
        }
    }
}
