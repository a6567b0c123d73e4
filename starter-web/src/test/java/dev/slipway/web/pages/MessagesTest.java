package dev.slipway.web.pages;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.activities.detect.Remark;
import dev.slipway.workflows.application.Component;
import dev.slipway.workflows.application.Dependency;
import dev.slipway.workflows.problem.ProblemCode;
import dev.slipway.workflows.run.Operation;
import dev.slipway.workflows.run.Outcome;
import dev.slipway.workflows.run.PlanItem;
import dev.slipway.workflows.run.RunState;
import dev.slipway.workflows.run.StepKind;
import dev.slipway.workflows.run.StepState;
import dev.slipway.workflows.run.Trigger;
import java.io.IOException;
import java.io.Reader;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.text.MessageFormat;
import java.util.Arrays;
import java.util.Locale;
import java.util.Properties;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class MessagesTest {
    private static final Path FOLDER = Path.of("src", "main", "resources", "messages");
    private static final Pattern IN_TEMPLATE = Pattern.compile("#\\{([A-Za-z][A-Za-z0-9.]*)|words\\.say\\('([^']+)'");
    private static final Pattern IN_CODE = Pattern.compile("\\bsay\\(\\s*\"([^\"]+)\"");

    @Test
    @DisplayName("Both languages have the same keys with the same arguments")
    void sameKeys() throws IOException {
        Properties english = load("pages.properties");
        Properties chinese = load("pages_zh.properties");

        assertThat(chinese.stringPropertyNames()).containsExactlyInAnyOrderElementsOf(english.stringPropertyNames());
        for (String key : english.stringPropertyNames()) {
            assertThat(arguments(chinese.getProperty(key))).as(key).isEqualTo(arguments(english.getProperty(key)));
            assertThat(english.getProperty(key)).as(key).doesNotContain("'");
            assertThat(chinese.getProperty(key)).as(key).doesNotContain("'").isNotBlank();
        }
    }

    @Test
    @DisplayName("Every key that a template or a class uses has a text")
    void usedKeysExist() throws IOException {
        Set<String> known = load("pages.properties").stringPropertyNames();
        Set<String> used = new TreeSet<>();
        PagesTest.templates()
                .values()
                .forEach(text -> IN_TEMPLATE.matcher(text).results().forEach(result -> {
                    used.add(result.group(1) != null ? result.group(1) : result.group(2));
                }));
        try (Stream<Path> classes = Files.walk(Path.of("src", "main", "java", "dev", "slipway", "web"))) {
            classes.filter(file -> file.toString().endsWith(".java"))
                    .forEach(file -> IN_CODE.matcher(PagesTest.read(file))
                            .results()
                            .forEach(result -> used.add(result.group(1))));
        }

        assertThat(used).hasSizeGreaterThan(80);
        assertThat(known).containsAll(used);
    }

    @Test
    @DisplayName("Every word of the model has a text")
    void wordsOfTheModel() throws IOException {
        Set<String> known = load("pages.properties").stringPropertyNames();

        assertThat(known)
                .containsAll(keys("state", Arrays.stream(StepState.values()).map(StepState::word)));
        assertThat(known)
                .containsAll(keys("state", Arrays.stream(RunState.values()).map(RunState::word)));
        assertThat(known)
                .containsAll(keys("state", Arrays.stream(Outcome.values()).map(Outcome::word)));
        assertThat(known)
                .containsAll(keys("outcome", Arrays.stream(Outcome.values()).map(Outcome::word)));
        assertThat(known)
                .containsAll(
                        keys("action", Arrays.stream(PlanItem.Action.values()).map(PlanItem.Action::word)));
        assertThat(known)
                .containsAll(keys("operation", Arrays.stream(Operation.values()).map(Operation::word)));
        assertThat(known)
                .containsAll(keys("trigger", Arrays.stream(Trigger.values()).map(Trigger::word)));
        assertThat(known)
                .containsAll(keys("stepKind", Arrays.stream(StepKind.values()).map(StepKind::word)));
        assertThat(known)
                .containsAll(Arrays.stream(Remark.Code.values())
                        .map(Remark.Code::key)
                        .toList());
        assertThat(known).containsAll(keys("kind", lower(Component.Kind.values())));
        assertThat(known).containsAll(keys("when", lower(Dependency.Condition.values())));
        assertThat(known)
                .containsAll(keys("state", lower(dev.slipway.activities.store.ComponentStateStore.State.values())));
        assertThat(known).containsAll(keys("state", lower(dev.slipway.activities.store.ReleaseStore.State.values())));
        assertThat(known)
                .containsAll(keys(
                        "reason",
                        Arrays.stream(ProblemCode.values())
                                .map(ProblemCode::id)
                                .filter(code -> code.startsWith("SLP-POD-"))));
        assertThat(known)
                .containsAll(keys(
                        "engine",
                        Arrays.stream(dev.slipway.web.embedded.EngineKind.values())
                                .map(Enum::name)));
    }

    @Test
    @DisplayName("No file has a key twice: the first of the two would say nothing")
    void noKeyTwice() throws IOException {
        try (Stream<Path> files = Files.list(FOLDER)) {
            assertThat(files.filter(file -> file.toString().endsWith(".properties")))
                    .hasSizeGreaterThanOrEqualTo(4)
                    .allSatisfy(file -> assertThat(twice(Files.readString(file)))
                            .as(file.toString())
                            .isEmpty());
        }
        assertThat(twice("a.b=1\n# a.b=2\nc:3\na.b = 4\n")).containsExactly("a.b");
    }

    private static Set<String> twice(String text) throws IOException {
        Set<String> twice = new TreeSet<>();
        Properties each = new Properties() {
            private static final long serialVersionUID = 1;

            @Override
            public synchronized Object put(Object key, Object value) {
                Object before = super.put(key, value);
                if (before != null) {
                    twice.add(key.toString());
                }
                return before;
            }
        };
        each.load(new StringReader(text));
        return twice;
    }

    private static Stream<String> lower(Enum<?>[] values) {
        return Arrays.stream(values).map(value -> value.name().toLowerCase(Locale.ROOT));
    }

    private static Set<String> keys(String family, Stream<String> words) {
        Set<String> keys = new TreeSet<>();
        words.forEach(word -> keys.add(family + "." + word));
        return keys;
    }

    private static int arguments(String text) {
        return new MessageFormat(text).getFormatsByArgumentIndex().length;
    }

    private static Properties load(String file) throws IOException {
        Properties properties = new Properties();
        try (Reader reader = Files.newBufferedReader(FOLDER.resolve(file))) {
            properties.load(reader);
        }
        return properties;
    }
}
