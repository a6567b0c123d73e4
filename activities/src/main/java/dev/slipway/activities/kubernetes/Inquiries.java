package dev.slipway.activities.kubernetes;

import dev.slipway.activities.kubernetes.Verdict.Failed;
import dev.slipway.activities.kubernetes.Verdict.LogSource;
import dev.slipway.workflows.problem.Problem;
import dev.slipway.workflows.problem.ProblemCode;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.Event;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What is asked of a cluster about a component that is not well: events, claims, last words. Blocks. */
final class Inquiries {
    private static final Logger LOG = LoggerFactory.getLogger(Inquiries.class);
    private static final int LOG_LINES = 20;
    private static final int LOG_CHARACTERS = 4_000;
    private static final String BOUND = "Bound";

    private final ClusterConnection cluster;

    Inquiries(ClusterConnection cluster) {
        this.cluster = cluster;
    }

    /** @throws KubernetesClientException when the cluster does not say */
    Evidence about(List<HasMetadata> unclear) {
        List<Event> events = new ArrayList<>();
        List<PersistentVolumeClaim> claims = new ArrayList<>();
        for (HasMetadata object : unclear) {
            events.addAll(events(object));
            if (object instanceof Pod pod && Causes.unscheduled(pod).isPresent()) {
                for (PersistentVolumeClaim claim : unbound(pod)) {
                    claims.add(claim);
                    events.addAll(events(claim));
                }
            }
        }
        events.sort(Comparator.comparing(Evidence::when).reversed());
        return new Evidence(events, claims);
    }

    private List<PersistentVolumeClaim> unbound(Pod pod) {
        return Causes.claimNames(pod).stream()
                .map(name -> cluster.client()
                        .persistentVolumeClaims()
                        .inNamespace(pod.getMetadata().getNamespace())
                        .withName(name)
                        .get())
                .filter(claim -> claim != null
                        && (claim.getStatus() == null
                                || !BOUND.equals(claim.getStatus().getPhase())))
                .toList();
    }

    private List<Event> events(HasMetadata object) {
        return cluster.client()
                .v1()
                .events()
                .inNamespace(object.getMetadata().getNamespace())
                .withField("involvedObject.uid", object.getMetadata().getUid())
                .list()
                .getItems();
    }

    /** The causes as one problem, with what only the cluster can add: last words, who ended a container, what a node has. */
    Problem told(Failed failed) {
        return detailed(failed).also(failed.also().stream().map(this::detailed).toList());
    }

    private Problem detailed(Failed failed) {
        Pod pod = failed.pod();
        try {
            Problem problem = failed.problem();
            if (pod != null) {
                problem = switch (problem.code()) {
                    case POD_CRASH -> ended(problem, pod);
                    case POD_UNSCHEDULABLE -> placed(problem, pod);
                    case POD_IMAGE_PULL -> pulled(problem, pod);
                    default -> problem;
                };
            }
            LogSource log = failed.log();
            return log == null ? problem : with(problem, "log", log(log));
        } catch (RuntimeException e) {
            LOG.debug("No more about {}", failed.problem(), e); // the cause counts, with or without details
            return failed.problem();
        }
    }

    /** A program that its own probe's failure has ended did not end by itself. */
    private Problem ended(Problem problem, Pod pod) {
        String name = problem.arguments().getOrDefault("container", "");
        boolean asked = pod.getSpec().getContainers().stream()
                .filter(container -> container.getName().equals(name))
                .anyMatch(Inquiries::probedToDeath);
        if (!asked) {
            return problem;
        }
        List<Event> events = about(List.of(pod)).events();
        Optional<String> probe = events.stream()
                .filter(event -> Evidence.message(event).contains(name))
                .map(Probing::killedBy)
                .flatMap(Optional::stream)
                .findFirst();
        return probe.map(by -> {
                    String answer = events.stream()
                            .map(Probing::of)
                            .flatMap(Optional::stream)
                            .filter(probing -> probing.probe().equals(by))
                            .findFirst()
                            .map(Probing::answer)
                            .orElse("-");
                    Map<String, String> arguments = new TreeMap<>(problem.arguments());
                    arguments.put("probe", by);
                    arguments.put("answer", answer);
                    return new Problem(ProblemCode.POD_PROBE_KILLED, problem.where(), arguments);
                })
                .orElse(problem);
    }

    private static boolean probedToDeath(Container container) {
        return container.getLivenessProbe() != null || container.getStartupProbe() != null;
    }

    private Problem placed(Problem problem, Pod pod) {
        String message = Causes.unscheduled(pod)
                .map(condition -> condition.getMessage())
                .orElse(problem.arguments().getOrDefault("message", ""));
        return message == null ? problem : with(problem, "message", Scheduling.words(pod, message, nodes()));
    }

    /** Empty where the account may not look at nodes, which it need not. */
    private List<Node> nodes() {
        try {
            return cluster.client().nodes().list().getItems();
        } catch (KubernetesClientException e) {
            LOG.debug("Cluster {} does not show its nodes", cluster.name(), e);
            return List.of();
        }
    }

    /** Older nodes keep the registry's words for the event. */
    private Problem pulled(Problem problem, Pod pod) {
        String message = problem.arguments().getOrDefault("message", "");
        if (!message.isEmpty() && !message.startsWith("Back-off")) {
            return problem;
        }
        return about(List.of(pod)).events().stream()
                .filter(event -> Evidence.says(event, "Failed")
                        && Evidence.message(event).startsWith("Failed to pull"))
                .findFirst()
                .map(event -> with(problem, "message", Evidence.message(event)))
                .orElse(problem);
    }

    private static Problem with(Problem problem, String name, String value) {
        Map<String, String> arguments = new TreeMap<>(problem.arguments());
        arguments.put(name, value);
        return new Problem(problem.code(), problem.where(), arguments);
    }

    /** The last lines; empty when there are none or they can't be had any more. */
    private String log(LogSource source) {
        try {
            var container = cluster.client()
                    .pods()
                    .inNamespace(source.namespace())
                    .withName(source.pod())
                    .inContainer(source.container());
            String text = source.previous()
                    ? container.terminated().tailingLines(LOG_LINES).getLog()
                    : container.tailingLines(LOG_LINES).getLog();
            String shown = text == null ? "" : text.strip();
            return shown.length() <= LOG_CHARACTERS ? shown : "…" + shown.substring(shown.length() - LOG_CHARACTERS);
        } catch (RuntimeException e) {
            LOG.debug("No log of {}", source, e); // the cause counts, with or without its last words
            return "";
        }
    }
}
