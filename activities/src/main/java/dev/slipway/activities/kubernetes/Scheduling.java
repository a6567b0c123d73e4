package dev.slipway.activities.kubernetes;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Quantity;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The scheduler's message, shorter: {@code 0/5 nodes are available: 1 Insufficient cpu, 4 node(s) had untolerated taint {a:
 * b}. preemption: …} is {@code 1 node: insufficient cpu (wants 64, the largest node has 2); 4 nodes: untolerated taint {a: b}}.
 */
final class Scheduling {
    private static final Pattern MESSAGE = Pattern.compile("0/\\d+ nodes are available: (.*)", Pattern.DOTALL);
    /** What follows is about making room by ending others: no news for the reader. */
    private static final Pattern AFTERWORD = Pattern.compile("\\.? (?:preemption: |no new claims to deallocate).*");

    private static final Pattern REASON = Pattern.compile("(\\d+) (.+)");
    private static final Pattern INSUFFICIENT = Pattern.compile("Insufficient (\\S+)");
    private static final String UNBOUND = "unbound immediate PersistentVolumeClaims";

    private Scheduling() {}

    /** Whether the pod waits for a volume that is being made, or is not: its claims know which. */
    static boolean waitsForClaims(String message) {
        return message.contains(UNBOUND);
    }

    /** @param nodes to say what the largest has; empty: not known */
    static String words(Pod pod, String message, List<Node> nodes) {
        Matcher matcher = MESSAGE.matcher(message.strip());
        if (!matcher.matches()) {
            return message;
        }
        String reasons = AFTERWORD.matcher(matcher.group(1)).replaceFirst("").strip();
        List<String> parts = new ArrayList<>();
        for (String reason : (reasons.endsWith(".") ? reasons.substring(0, reasons.length() - 1) : reasons)
                .split(", (?=\\d+ )", -1)) {
            parts.add(part(pod, reason, nodes));
        }
        return String.join("; ", parts);
    }

    private static String part(Pod pod, String reason, List<Node> nodes) {
        Matcher counted = REASON.matcher(reason);
        if (!counted.matches()) {
            return reason;
        }
        String what = counted.group(2)
                .replaceFirst("^node\\(s\\) (had |were |was |did)?", "$1")
                .replaceFirst("^(had|were|was) ", "");
        Matcher insufficient = INSUFFICIENT.matcher(what);
        if (insufficient.matches()) {
            what = "insufficient " + insufficient.group(1) + amounts(pod, insufficient.group(1), nodes);
        }
        return counted.group(1) + (counted.group(1).equals("1") ? " node: " : " nodes: ") + what;
    }

    private static String amounts(Pod pod, String resource, List<Node> nodes) {
        BigDecimal wanted = wanted(pod, resource);
        if (wanted.signum() == 0) {
            return "";
        }
        Optional<Quantity> largest = nodes.stream()
                .map(node -> node.getStatus() == null ? null : node.getStatus().getAllocatable())
                .filter(Objects::nonNull)
                .map(allocatable -> allocatable.get(resource))
                .filter(Objects::nonNull)
                .max((a, b) -> a.getNumericalAmount().compareTo(b.getNumericalAmount()));
        String wants = " (wants " + shown(resource, wanted);
        return largest.filter(most -> most.getNumericalAmount().compareTo(wanted) < 0)
                        .map(most -> wants + ", the largest node has " + shown(resource, most.getNumericalAmount()))
                        .orElse(wants)
                + ")";
    }

    /** As the scheduler counts: the containers together, or one of those before them if that wants more. */
    private static BigDecimal wanted(Pod pod, String resource) {
        BigDecimal together = pod.getSpec().getContainers().stream()
                .map(container -> wanted(container, resource))
                .reduce(BigDecimal.ZERO, BigDecimal::add);
        return Objects.requireNonNullElse(pod.getSpec().getInitContainers(), List.<Container>of()).stream()
                .map(container -> wanted(container, resource))
                .reduce(together, BigDecimal::max);
    }

    private static BigDecimal wanted(Container container, String resource) {
        Map<String, Quantity> requests = container.getResources() == null
                ? null
                : container.getResources().getRequests();
        Quantity quantity = requests == null ? null : requests.get(resource);
        return quantity == null ? BigDecimal.ZERO : quantity.getNumericalAmount();
    }

    private static String shown(String resource, BigDecimal amount) {
        if (!resource.equals("memory") && !resource.equals("ephemeral-storage")) {
            return amount.stripTrailingZeros().toPlainString();
        }
        return amount.divide(BigDecimal.valueOf(1 << 20), 0, java.math.RoundingMode.HALF_UP) + "Mi";
    }
}
