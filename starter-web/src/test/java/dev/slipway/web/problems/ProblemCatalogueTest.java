package dev.slipway.web.problems;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.workflows.problem.ProblemCode;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Properties;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class ProblemCatalogueTest {
    private static final Set<String> CODES =
            Arrays.stream(ProblemCode.values()).map(ProblemCode::id).collect(Collectors.toCollection(TreeSet::new));

    @Test
    @DisplayName("every code has its two sentences in English and in Chinese, and no text is left over")
    void texts() throws IOException {
        Set<String> keys = CODES.stream()
                .flatMap(code -> java.util.stream.Stream.of(code + ".what", code + ".fix"))
                .collect(Collectors.toCollection(TreeSet::new));
        keys.add("affected"); // follows whatever was found at several pods

        assertThat(bundle("problems").stringPropertyNames()).containsExactlyInAnyOrderElementsOf(keys);
        assertThat(bundle("problems_zh").stringPropertyNames()).containsExactlyInAnyOrderElementsOf(keys);
    }

    @Test
    @DisplayName("both languages tell the same facts")
    void sameArguments() throws IOException {
        Properties english = bundle("problems");
        Properties chinese = bundle("problems_zh");

        for (String code : CODES) {
            if (english.containsKey(code + ".what") && chinese.containsKey(code + ".what")) {
                assertThat(arguments(chinese, code)).as(code).isEqualTo(arguments(english, code));
            }
        }
    }

    @Test
    @DisplayName("ops/errors.md has one section for every code, and none for a code that is no more")
    void errorsPage() throws IOException {
        String page = Files.readString(Path.of("../ops/errors.md"));
        Set<String> sections = Pattern.compile("(?m)^#+ `?(SLP-[A-Z0-9-]+)`?")
                .matcher(page)
                .results()
                .map(found -> found.group(1))
                .collect(Collectors.toCollection(TreeSet::new));

        assertThat(sections).containsExactlyInAnyOrderElementsOf(CODES);
    }

    private static Set<String> arguments(Properties texts, String code) {
        Matcher matcher = Pattern.compile("\\{([A-Za-z0-9_-]+)}")
                .matcher(texts.getProperty(code + ".what") + texts.getProperty(code + ".fix"));
        return matcher.results().map(found -> found.group(1)).collect(Collectors.toCollection(TreeSet::new));
    }

    private static Properties bundle(String name) throws IOException {
        Properties texts = new Properties();
        try (InputStream in = ProblemCatalogueTest.class.getResourceAsStream("/messages/" + name + ".properties")) {
            texts.load(new InputStreamReader(in, StandardCharsets.UTF_8));
        }
        return texts;
    }
}
