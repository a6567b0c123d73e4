package dev.slipway.workflows.application;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The look-ups in a text: {@code ${self.host}}, {@code ${db.port}}, {@code ${db.port.admin}}, {@code ${db.name}},
 * {@code ${param.dbPassword}}, {@code ${environment}}; <code>$$&#123;</code> stands for a plain <code>$&#123;</code>. Nothing else is
 * evaluated, and what a look-up yields is not looked into again.
 */
public final class Lookups {
    /** How look-ups are written, for problems about them. */
    static final String FORMS = "${self.host} | ${self.port} | ${self.port.NAME} | ${self.name} | ${COMPONENT.host} | "
            + "${COMPONENT.port} | ${COMPONENT.port.NAME} | ${COMPONENT.name} | ${param.NAME} | ${environment}";

    public static final String SELF = "self";
    static final String PARAMETER = "param";
    static final String ENVIRONMENT = "environment";
    static final Set<String> RESERVED = Set.of(SELF, PARAMETER, ENVIRONMENT);

    private static final Pattern COMPONENT = Pattern.compile("([a-z0-9-]+)[.](?:(host|name|port)|port[.]([a-z0-9-]+))");
    private static final Pattern PARAM = Pattern.compile("param[.]([A-Za-z0-9_-]+)");
    private static final int MAX_LENGTH = 200;

    private Lookups() {}

    /** A part of a text, in order. */
    public sealed interface Segment {
        /** Plain text, with <code>$$&#123;</code> already undone. */
        record Text(String text) implements Segment {}

        /**
         * Something about a component.
         *
         * @param component its name, or {@value Lookups#SELF}
         * @param port name of the port asked for; {@code null}: the first, or none is asked for
         */
        record OfComponent(
                String component,
                Attribute attribute,
                @Nullable String port) implements Segment {}

        record OfParameter(String name) implements Segment {}

        /** The name of the environment. */
        record OfEnvironment() implements Segment {}

        /** @param raw what stands there, from <code>$&#123;</code> on: no look-up that there is */
        record Malformed(String raw) implements Segment {}
    }

    public enum Attribute {
        HOST,
        PORT,
        NAME
    }

    /** The parts of a text, in linear time. Parts put together again are the whole text. */
    public static List<Segment> parse(String text) {
        List<Segment> segments = new ArrayList<>();
        StringBuilder plain = new StringBuilder();
        int at = 0;
        while (at < text.length()) {
            int next = text.indexOf("${", at);
            if (next < 0) {
                break;
            }
            if (next > at && text.charAt(next - 1) == '$') {
                plain.append(text, at, next - 1).append("${");
                at = next + 2;
                continue;
            }
            plain.append(text, at, next);
            if (!plain.isEmpty()) {
                segments.add(new Segment.Text(plain.toString()));
                plain.setLength(0);
            }
            int limit = Math.min(text.length(), next + MAX_LENGTH);
            int end = text.substring(next, limit).indexOf('}');
            int stop = end < 0 ? Math.min(text.length(), next + 20) : next + end + 1;
            segments.add(
                    end < 0
                            ? new Segment.Malformed(text.substring(next, stop))
                            : segment(text.substring(next + 2, stop - 1)));
            at = stop;
        }
        plain.append(text, at, text.length());
        if (!plain.isEmpty()) {
            segments.add(new Segment.Text(plain.toString()));
        }
        return List.copyOf(segments);
    }

    private static Segment segment(String inner) {
        if (inner.equals(ENVIRONMENT)) {
            return new Segment.OfEnvironment();
        }
        Matcher parameter = PARAM.matcher(inner);
        if (parameter.matches()) {
            return new Segment.OfParameter(parameter.group(1));
        }
        Matcher component = COMPONENT.matcher(inner);
        if (!component.matches() || inner.startsWith(PARAMETER + ".") || inner.startsWith(ENVIRONMENT + ".")) {
            return new Segment.Malformed("${" + inner + "}");
        }
        String attribute = component.group(2);
        return new Segment.OfComponent(
                component.group(1),
                attribute == null || attribute.equals("port")
                        ? Attribute.PORT
                        : attribute.equals("host") ? Attribute.HOST : Attribute.NAME,
                component.group(3));
    }

    /**
     * The text with every look-up replaced.
     *
     * @param resolver asked for every part but plain text
     * @throws IllegalArgumentException for a malformed look-up; {@link ApplicationCheck} has refused such documents
     */
    public static String resolve(String text, Function<Segment, String> resolver) {
        StringBuilder resolved = new StringBuilder();
        for (Segment segment : parse(text)) {
            if (segment instanceof Segment.Malformed malformed) {
                throw new IllegalArgumentException("no such look-up: " + malformed.raw());
            }
            resolved.append(segment instanceof Segment.Text plain ? plain.text() : resolver.apply(segment));
        }
        return resolved.toString();
    }

    /** Names of the parameters asked for. */
    public static Set<String> referencedParameters(String text) {
        Set<String> names = new LinkedHashSet<>();
        for (Segment segment : parse(text)) {
            if (segment instanceof Segment.OfParameter parameter) {
                names.add(parameter.name());
            }
        }
        return names;
    }

    /** Whether the text uses a secret parameter and so is a secret itself. */
    public static boolean usesSecret(String text, Application application) {
        Set<String> names = referencedParameters(text);
        return !names.isEmpty()
                && application.parameters().stream()
                        .anyMatch(p -> p.type() == Parameter.Type.SECRET && names.contains(p.name()));
    }
}
