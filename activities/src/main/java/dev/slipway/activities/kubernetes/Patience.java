package dev.slipway.activities.kubernetes;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.Probe;
import io.fabric8.kubernetes.api.model.apps.DaemonSet;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import java.time.Duration;
import java.util.Comparator;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * How long a component is waited for.
 *
 * @param within in all
 * @param quiet without anything new about it, neither state nor event
 * @param exact nothing is added for the component's probes
 * @param rule what says so, for people: {@code deadline: 15m}, {@code slipway.deploy.deadline}
 */
public record Patience(Duration within, Duration quiet, boolean exact, String rule) {
    /** The setting that counts where a component says nothing. */
    public static final String SETTING = "slipway.deploy.deadline";

    /** Nothing new for so long, and nothing new is to be expected. */
    public static final Duration QUIET = Duration.ofMinutes(5);

    public Patience(Duration within, Duration quiet) {
        this(within, quiet, false, SETTING);
    }

    /** As the component's own deadline says, also where nothing moves. */
    static Patience own(Duration within, String deadline) {
        return new Patience(within, within, true, "deadline: " + deadline);
    }

    /** Without a time of quiet of its own. */
    public static Patience within(Duration within) {
        return new Patience(within, within);
    }

    /** Unless it is exact, longer by the time that its own startup probe, or the first delay of another, gives the component. */
    Patience and(HasMetadata workload) {
        Duration budget = budget(workload);
        return exact ? this : new Patience(within.plus(budget), quiet.plus(budget), false, rule);
    }

    private static Duration budget(HasMetadata workload) {
        PodSpec spec = spec(workload);
        return spec == null
                ? Duration.ZERO
                : spec.getContainers().stream()
                        .map(Patience::budget)
                        .max(Comparator.naturalOrder())
                        .orElse(Duration.ZERO);
    }

    private static @Nullable PodSpec spec(HasMetadata workload) {
        if (workload instanceof Deployment deployment) {
            return deployment.getSpec().getTemplate().getSpec();
        }
        if (workload instanceof StatefulSet set) {
            return set.getSpec().getTemplate().getSpec();
        }
        return workload instanceof DaemonSet daemons
                ? daemons.getSpec().getTemplate().getSpec()
                : null;
    }

    private static Duration budget(Container container) {
        return delay(container.getReadinessProbe()).plus(startup(container.getStartupProbe()));
    }

    private static Duration startup(@Nullable Probe probe) {
        if (probe == null) {
            return Duration.ZERO;
        }
        long times = number(probe.getFailureThreshold(), 3);
        return delay(probe).plusSeconds(times * number(probe.getPeriodSeconds(), 10));
    }

    private static Duration delay(@Nullable Probe probe) {
        return Duration.ofSeconds(probe == null ? 0 : number(probe.getInitialDelaySeconds(), 0));
    }

    private static int number(@Nullable Integer value, int otherwise) {
        return Objects.requireNonNullElse(value, otherwise);
    }
}
