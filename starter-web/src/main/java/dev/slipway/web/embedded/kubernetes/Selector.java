package dev.slipway.web.embedded.kubernetes;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Label and field selectors, parsed once per request. */
final class Selector {
    private static final Pattern MEMBERSHIP = Pattern.compile("(\\S+)\\s+(in|notin)\\s*\\(([^)]*)\\)");
    private static final Pattern COMPARISON = Pattern.compile("([^!=\\s]+)\\s*(!=|==?)\\s*(.*)");

    private Selector() {}

    /**
     * A predicate over objects for a request's {@code labelSelector} and {@code fieldSelector}.
     *
     * @throws ApiRefusal 400 when one cannot be parsed
     */
    static Predicate<JsonNode> of(@Nullable String labels, @Nullable String fields) {
        Predicate<JsonNode> onLabels = labels(labels == null ? "" : labels);
        Predicate<JsonNode> onFields = fields(fields == null ? "" : fields);
        return object -> onLabels.test(Json.at(object, "metadata", "labels")) && onFields.test(object);
    }

    /** A LabelSelector as a predicate over a labels map. An empty selector matches everything. */
    static Predicate<JsonNode> ofLabelSelector(JsonNode selector) {
        List<Predicate<JsonNode>> all = new ArrayList<>();
        selector.path("matchLabels")
                .properties()
                .forEach(entry -> all.add(equal(entry.getKey(), entry.getValue().asString(""))));
        for (JsonNode expression : selector.path("matchExpressions")) {
            String key = Json.text(expression, "key");
            List<String> values = new ArrayList<>();
            expression.path("values").forEach(value -> values.add(value.asString("")));
            all.add(
                    switch (Json.text(expression, "operator")) {
                        case "In" -> in(key, Set.copyOf(values));
                        case "NotIn" -> in(key, Set.copyOf(values)).negate();
                        case "DoesNotExist" -> labels -> !labels.has(key);
                        default -> labels -> labels.has(key);
                    });
        }
        return and(all);
    }

    /** A plain map of labels, as a Service selects. */
    static Predicate<JsonNode> ofMap(JsonNode map) {
        List<Predicate<JsonNode>> all = new ArrayList<>();
        map.properties()
                .forEach(entry -> all.add(equal(entry.getKey(), entry.getValue().asString(""))));
        return and(all);
    }

    private static Predicate<JsonNode> labels(String text) {
        List<Predicate<JsonNode>> all = new ArrayList<>();
        for (String part : text.split(",(?![^(]*\\))", -1)) {
            String requirement = part.strip();
            if (requirement.isEmpty()) {
                continue;
            }
            Matcher membership = MEMBERSHIP.matcher(requirement);
            Matcher comparison = COMPARISON.matcher(requirement);
            if (membership.matches()) {
                Set<String> values =
                        Set.copyOf(List.of(membership.group(3).strip().split("\\s*,\\s*")));
                Predicate<JsonNode> in = in(membership.group(1), values);
                all.add(membership.group(2).equals("in") ? in : in.negate());
            } else if (requirement.startsWith("!") && !requirement.contains("=")) {
                String key = requirement.substring(1).strip();
                all.add(labels -> !labels.has(key));
            } else if (comparison.matches()) {
                Predicate<JsonNode> equal = equal(comparison.group(1), comparison.group(3));
                all.add(comparison.group(2).equals("!=") ? equal.negate() : equal);
            } else if (requirement.matches("[-A-Za-z0-9_./]+")) {
                all.add(labels -> labels.has(requirement));
            } else {
                throw ApiRefusal.badRequest("unable to parse requirement: found '" + requirement + "'");
            }
        }
        return and(all);
    }

    private static Predicate<JsonNode> fields(String text) {
        List<Predicate<JsonNode>> all = new ArrayList<>();
        for (String part : text.split(",", -1)) {
            if (part.isBlank()) {
                continue;
            }
            Matcher comparison = COMPARISON.matcher(part.strip());
            if (!comparison.matches()) {
                throw ApiRefusal.badRequest("invalid field selector \"" + part + "\"");
            }
            String[] path = comparison.group(1).split("\\.");
            String value = comparison.group(3);
            boolean negated = comparison.group(2).equals("!=");
            all.add(object -> Json.text(object, path).equals(value) != negated);
        }
        return and(all);
    }

    private static Predicate<JsonNode> equal(String key, String value) {
        return labels -> labels.has(key) && labels.path(key).asString("").equals(value);
    }

    private static Predicate<JsonNode> in(String key, Set<String> values) {
        return labels -> labels.has(key) && values.contains(labels.path(key).asString(""));
    }

    private static Predicate<JsonNode> and(List<Predicate<JsonNode>> all) {
        Predicate<JsonNode>[] parts = all.toArray(size -> newArray(size));
        return node -> Arrays.stream(parts).allMatch(part -> part.test(node));
    }

    @SuppressWarnings("unchecked")
    private static Predicate<JsonNode>[] newArray(int size) {
        return new Predicate[size];
    }
}
