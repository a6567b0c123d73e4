package dev.slipway.workflows.application;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Applications with every field in every state, from a seed. Well formed, not sensible. */
final class GeneratedApplications {
    private static final String[] TEXTS = {
        "plain",
        "",
        " ",
        "8080",
        "true",
        "1.10",
        "null",
        "~",
        "no",
        "0x1F",
        "1e3",
        "- a",
        "a: b",
        "#c",
        "a #b",
        "'",
        "\"",
        "line\nline",
        "line\n",
        "\n",
        "\n\nx\n\n",
        "  indented\n next",
        "tab\there",
        "trailing  \nspace ",
        "ünïcode 中文 😀",
        "{a: b}",
        "[a]",
        "*alias",
        "&anchor",
        "!tag",
        "%dir",
        "@at",
        "`tick",
        "---",
        "...",
        "---\nx",
        "<<",
        "=",
        "?",
        "|",
        ">",
        "$${x} ${environment}",
        "a\r\nb",
        "\u0085",
        "\u2028",
        "\u00a0",
        ":",
        "-",
        "a:",
        "a\\b",
        "\t",
        "x\n\ty\n",
        "2026-01-01",
        "very long ".repeat(40),
        "x".repeat(300),
        ".inf",
        "\n \n",
        " \n",
        "a\n\n\n",
        "key: |\n  text\n"
    };

    private final Random random;

    GeneratedApplications(long seed) {
        this.random = new Random(seed);
    }

    Application next() {
        return new Application(
                new Metadata(text(), maybe(this::text), maybe(this::text), maybe(this::text)),
                pick(Governance.values()),
                list(3, this::parameter),
                list(4, this::component),
                list(2, () -> new Manifest(tree(3, "images"), list(2, this::text))));
    }

    private Parameter parameter() {
        return new Parameter(
                text(),
                pick(Parameter.Type.values()),
                maybe(this::text),
                maybe(this::text),
                maybe(this::text),
                random.nextBoolean() ? 0 : 8 + random.nextInt(121),
                list(3, this::text),
                maybe(this::text));
    }

    Component component() {
        return new Component(
                text(),
                pick(Component.Kind.values()),
                maybe(this::source),
                maybe(this::text),
                list(3, this::text),
                list(3, this::text),
                maybe(this::text),
                maybe(this::text),
                maybe(() -> random.nextInt(1001)),
                list(3, this::port),
                map(),
                map(),
                list(2, () -> new ConfigFile(text(), text())),
                list(2, () -> new Volume(text(), text(), maybe(this::text), maybe(this::text))),
                new Probes(maybe(this::probe), maybe(this::probe), maybe(this::probe)),
                maybe(() -> (1 + random.nextInt(90)) + pick(new String[] {"h", "m", "s"})),
                new Resources(maybe(this::range), maybe(this::range)),
                maybe(() -> new Scale(
                        random.nextInt(1001), 1 + random.nextInt(1000), maybe(this::percent), maybe(this::percent))),
                new SecuritySettings(
                        maybe(() -> pick(SecuritySettings.Profile.values())),
                        maybe(this::id),
                        maybe(this::id),
                        maybe(this::id),
                        maybe(random::nextBoolean),
                        list(2, this::text)),
                list(3, () -> new Dependency(text(), pick(Dependency.Condition.values()))),
                list(2, () -> new SidecarUse(text(), map())),
                random.nextBoolean() ? Map.of() : tree(3, ""),
                maybe(() -> new Origin(text(), text(), text())));
    }

    private Source source() {
        if (random.nextBoolean()) {
            return new Source.Image(text());
        }
        Function<String, String> notDot = text -> text.equals(".") ? "x" : text;
        return new Source.Git(
                maybe(() -> notDot.apply(text())),
                maybe(this::text),
                maybe(this::text),
                maybe(this::text),
                text(),
                new Source.Build(
                        pick(Source.Builder.values()),
                        maybe(this::text),
                        maybe(this::text),
                        maybe(this::text),
                        map(),
                        list(2, this::text),
                        maybe(this::text),
                        map(),
                        list(2, this::text)));
    }

    private Port port() {
        return new Port(
                text(),
                1 + random.nextInt(65_535),
                pick(Port.Protocol.values()),
                maybe(() -> new Port.Expose(text(), text(), maybe(this::text))));
    }

    private Probes.Probe probe() {
        return new Probes.Probe(
                maybe(() -> new Probes.Http(text(), text())),
                maybe(this::text),
                list(2, this::text),
                maybe(this::text),
                maybe(() -> random.nextInt(100)),
                maybe(this::percent),
                maybe(this::percent),
                maybe(this::percent),
                maybe(this::percent));
    }

    private Resources.Range range() {
        return new Resources.Range("" + (1 + random.nextInt(9)), maybe(() -> (10 + random.nextInt(90)) + "m"));
    }

    private int percent() {
        return 1 + random.nextInt(100);
    }

    private long id() {
        return random.nextInt(Integer.MAX_VALUE);
    }

    private Map<String, @Nullable Object> tree(int depth, String without) {
        Map<String, @Nullable Object> tree = new LinkedHashMap<>();
        int size = 1 + random.nextInt(3);
        for (int i = 0; i < size; i++) {
            tree.put(key(), value(depth - 1));
        }
        tree.remove(without);
        return tree;
    }

    private @Nullable Object value(int depth) {
        return switch (random.nextInt(depth > 0 ? 9 : 7)) {
            case 0 -> null;
            case 1 -> random.nextBoolean();
            case 2 -> random.nextInt();
            case 3 -> random.nextLong();
            case 4 -> random.nextGaussian() * Math.pow(10, random.nextInt(40) - 20);
            case 5, 6 -> text();
            case 7 -> tree(depth, "");
            default -> list(3, () -> "item " + random.nextInt(5));
        };
    }

    private String key() {
        String text = text();
        return text.length() > 100 ? text.substring(0, 100) : text;
    }

    private Map<String, String> map() {
        Map<String, String> map = new LinkedHashMap<>();
        for (int i = random.nextInt(4); i > 0; i--) {
            map.put(key(), text());
        }
        return map;
    }

    private String text() {
        if (random.nextInt(3) > 0) {
            return "w" + random.nextInt(100);
        }
        String text = TEXTS[random.nextInt(TEXTS.length)];
        return random.nextInt(4) == 0 ? text + TEXTS[random.nextInt(TEXTS.length)] : text;
    }

    private <T> @Nullable T maybe(Supplier<T> value) {
        return random.nextBoolean() ? value.get() : null;
    }

    private <T> List<T> list(int max, Supplier<T> item) {
        List<T> list = new ArrayList<>();
        for (int i = random.nextInt(max + 1); i > 0; i--) {
            list.add(item.get());
        }
        return list;
    }

    private <T> T pick(T[] values) {
        return values[random.nextInt(values.length)];
    }
}
