package dev.slipway.web.clusters;

import dev.slipway.activities.kubernetes.UploadedKubeconfig;
import dev.slipway.activities.store.ClusterStore;
import dev.slipway.activities.store.ClusterStore.Seen;
import dev.slipway.activities.store.ClusterStore.StoredCluster;
import dev.slipway.activities.store.EnvironmentStore;
import dev.slipway.activities.store.EnvironmentStore.StoredEnvironment;
import dev.slipway.web.SlipwaySettings;
import dev.slipway.web.embedded.EmbeddedEngines;
import dev.slipway.web.problems.ProblemTexts;
import dev.slipway.web.shell.GivenName;
import dev.slipway.web.shell.Installation;
import dev.slipway.web.shell.Installation.ClusterChoice;
import dev.slipway.workflows.problem.Problem;
import dev.slipway.workflows.problem.ProblemCode;
import dev.slipway.workflows.problem.ProblemException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** Clusters: what is known of them, adding one, removing one. Only workers talk to them; the store stands between. */
@Component
public final class Clusters {
    private static final Pattern ADDRESS =
            Pattern.compile("[A-Za-z0-9.-]{1,253}(:[0-9]{1,5})?|\\[[0-9a-fA-F:]+](:[0-9]{1,5})?");
    private static final Duration FIRST_LOOK = Duration.ofSeconds(20);
    private static final Duration PAUSE = Duration.ofMillis(100);
    /** Workers look every 15 s: who was not looked at for so long is not known any more. */
    private static final Duration STALE = Duration.ofSeconds(60);

    private final ClusterStore store;
    private final EnvironmentStore environments;
    private final Installation installation;
    private final SlipwaySettings settings;
    private final ProblemTexts texts;

    public Clusters(
            ClusterStore store,
            EnvironmentStore environments,
            Installation installation,
            SlipwaySettings settings,
            ProblemTexts texts) {
        this.store = store;
        this.environments = environments;
        this.installation = installation;
        this.settings = settings;
        this.texts = texts;
    }

    /** Those of the settings first. */
    public List<ClusterView> all(Locale locale) {
        return installation.clusters().stream()
                .map(choice -> view(choice, locale))
                .toList();
    }

    /** @throws ProblemException {@code SLP-REQUEST-NOT-FOUND} */
    public ClusterView one(String name, Locale locale) {
        return installation.clusters().stream()
                .filter(choice -> choice.name().equals(name))
                .findFirst()
                .map(choice -> view(choice, locale))
                .orElseThrow(() -> unknown(name));
    }

    private ClusterView view(ClusterChoice choice, Locale locale) {
        String name = choice.name();
        Seen seen = store.seen(name).orElse(null);
        SlipwaySettings.Cluster set = settings.clusters().stream()
                .filter(cluster -> cluster.name().equals(name))
                .findFirst()
                .orElse(null);
        String context = set == null
                ? store.all().stream()
                        .filter(cluster -> cluster.name().equals(name))
                        .map(StoredCluster::context)
                        .findFirst()
                        .orElse(null)
                : set.context();
        return new ClusterView(
                name,
                choice.simulated()
                        ? EmbeddedEngines.SIMULATED_CLUSTER
                        : set == null ? "added" : set.kubeconfig() == null ? "inCluster" : "settings",
                context,
                seen == null ? "" : seen.address(),
                state(seen),
                seen == null ? null : seen.version(),
                seen == null ? null : seen.nodes(),
                seen == null ? List.of() : seen.architectures(),
                environments.ofCluster(name).size(),
                seen == null ? null : seen.askedAt(),
                seen == null ? null : seen.answeredAt(),
                seen == null || seen.problem() == null ? null : texts.text(seen.problem(), locale));
    }

    private static String state(@Nullable Seen seen) {
        if (seen == null || seen.askedAt() == null || seen.askedAt().plus(STALE).isBefore(Instant.now())) {
            return "unknown";
        }
        Problem problem = seen.problem();
        return problem == null
                ? "reachable"
                : problem.code() == ProblemCode.KUBERNETES_UNREACHABLE ? "unreachable" : "unusable";
    }

    /**
     * Adds a cluster once a worker has seen that it answers and that Slipway may do there what it does.
     *
     * @param context {@code null}: the kubeconfig's current one
     * @param registryAddress how it reaches the registry where that differs; {@code null}: as all do
     * @throws ProblemException with everything that is wrong; then nothing is kept
     */
    public void add(String name, String kubeconfig, @Nullable String context, @Nullable String registryAddress) {
        List<Problem> problems = new ArrayList<>();
        if (!GivenName.isOne(name, GivenName.LONGEST) || name.equals("new")) {
            problems.add(GivenName.refused("name", name, GivenName.LONGEST, "staging-1"));
        } else if (installation.has(name)) {
            problems.add(Problem.of(ProblemCode.KUBERNETES_CLUSTER_EXISTS, name, "cluster", name));
        }
        if (registryAddress != null && !ADDRESS.matcher(registryAddress).matches()) {
            problems.add(
                    Problem.of(ProblemCode.REQUEST_INVALID, "registryAddress", "reason", "registryAddress: host:port"));
        }
        UploadedKubeconfig read = null;
        try {
            read = UploadedKubeconfig.read(kubeconfig, context);
        } catch (ProblemException e) {
            problems.addAll(e.problems());
        }
        if (read == null || !problems.isEmpty()) {
            throw new ProblemException(problems);
        }
        store.add(name, read.text(), read.context(), registryAddress);
        boolean good = false;
        try {
            Problem problem = look(name);
            if (problem != null) {
                throw new ProblemException(problem);
            }
            store.accept(name);
            good = true;
        } finally {
            if (!good) {
                store.remove(name);
            }
        }
    }

    /** Has a worker look at a cluster now, and waits for it a while. */
    public void test(String name) {
        if (!installation.has(name)) {
            throw unknown(name);
        }
        var unused = look(name);
    }

    private @Nullable Problem look(String name) {
        store.want(name);
        long until = System.nanoTime() + FIRST_LOOK.toNanos();
        try {
            while (!store.looked(name)) {
                if (System.nanoTime() > until) {
                    return Problem.of(
                            ProblemCode.KUBERNETES_UNREACHABLE,
                            "cluster " + name,
                            "cluster",
                            name,
                            "status",
                            "-",
                            "message",
                            "no answer within " + FIRST_LOOK.toSeconds() + " s");
                }
                Thread.sleep(PAUSE.toMillis());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while a cluster was looked at", e);
        }
        return store.seen(name).map(Seen::problem).orElse(null);
    }

    /** @throws ProblemException {@code SLP-K8S-CLUSTER-FIXED}, {@code SLP-K8S-CLUSTER-IN-USE}, {@code SLP-REQUEST-NOT-FOUND} */
    public void remove(String name) {
        if (installation.isFixed(name)) {
            throw new ProblemException(Problem.of(ProblemCode.KUBERNETES_CLUSTER_FIXED, name, "cluster", name));
        }
        if (!installation.has(name)) {
            throw unknown(name);
        }
        if (!store.removeUnused(name)) {
            List<String> users = environments.ofCluster(name).stream()
                    .map(StoredEnvironment::name)
                    .toList();
            throw new ProblemException(Problem.of(
                    ProblemCode.KUBERNETES_CLUSTER_IN_USE,
                    name,
                    "cluster",
                    name,
                    "count",
                    Integer.toString(users.size()),
                    "environments",
                    String.join(", ", users.subList(0, Math.min(5, users.size())))));
        }
    }

    private static ProblemException unknown(String name) {
        return new ProblemException(Problem.of(ProblemCode.REQUEST_NOT_FOUND, name));
    }
}
