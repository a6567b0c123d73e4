package dev.slipway.activities.build.kaniko;

import dev.slipway.activities.kubernetes.ClusterConnection;
import dev.slipway.activities.kubernetes.log.Ansi;
import dev.slipway.workflows.problem.Problem;
import dev.slipway.workflows.problem.ProblemCode;
import dev.slipway.workflows.problem.ProblemException;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Runs builds as Jobs of one cluster. A build outlives whoever asked for it: the same key asked for again, by the same worker or
 * another, finds its Job and goes on with it and with its log. The cluster holds the queue: Jobs begin suspended, and the oldest
 * are let go when there is room. Whoever is the last to leave takes the Job with its Secrets and its context image away.
 */
public final class KanikoBuilds {
    private static final long LOOK_MILLIS = 500;
    /** Of two who begin at the same moment one is second; a Job may also go just when it is joined. */
    private static final int JOIN_TRIES = 20;

    private static final Duration UNSCHEDULABLE_FOR = Duration.ofSeconds(30);
    private static final Duration NOT_PULLED_FOR = Duration.ofSeconds(10);
    private static final Duration SILENCE = Duration.ofMinutes(1);

    private final ClusterConnection cluster;
    private final KanikoProfile profile;
    private final KanikoJobs jobs;

    public KanikoBuilds(ClusterConnection cluster, KanikoProfile profile) {
        this.cluster = cluster;
        this.profile = profile;
        this.jobs = new KanikoJobs(cluster, profile.namespace());
    }

    /**
     * The image that brings the context.
     *
     * @param pulled as the cluster pulls it, by digest
     * @param reference as it is deleted
     */
    public record OneShot(String pulled, String reference) {}

    /**
     * An image that a Job has pushed.
     *
     * @param repository of whoever asked first
     */
    public record Pushed(String repository, String digest) {}

    /** Who asks for a build, and watches it. */
    public interface Caller {
        /** Where problems are: the component. */
        String where();

        void line(String text);

        /** A line of the builder, escape sequences included. */
        void logged(Instant at, String text);

        /** Called whenever its place in the queue changes. @param place empty: it waits no longer */
        void waits(Optional<KanikoQueue.Place> place);

        /** Called once the Job is there. @param job its name */
        void runsAs(String job);

        /** @param layers {@code 3 of 4}: those that came from the cache */
        void cached(String layers);

        /** Up to when the log was told already, by an attempt before; {@code null}: nothing was. */
        @Nullable
        Instant loggedUntil();

        /** Called twice a second. @return whether the image is still wanted */
        boolean wants();

        /** No Job needs that image any more. Safe to repeat. */
        void unneeded(String reference);
    }

    /**
     * Builds, or goes on with it.
     *
     * @param context made only where there is no Job yet
     * @return what the builder tells; empty: the caller does not want it any more
     * @throws ProblemException with a {@code BUILD_}, {@code POD_}, {@code REGISTRY_} or {@code KUBERNETES_} code; after one that
     *     waiting can help the same call goes on or begins anew
     */
    public Optional<Pushed> build(KanikoRequest request, Supplier<OneShot> context, Caller caller) {
        Joined joined = join(request, context, caller);
        Job job = joined.job();
        caller.runsAs(job.getMetadata().getName());
        KanikoLog log = new KanikoLog();
        boolean ended = true;
        try (KanikoLogReader reader = new KanikoLogReader(cluster, profile.namespace(), request::masked, log, caller)) {
            Optional<String> digest = await(request, job, reader, log, caller);
            if (digest.isPresent()) {
                reader.finish();
            }
            if (!log.cache().isEmpty()) {
                caller.line("layers from the cache: " + log.cache());
                caller.cached(log.cache());
            }
            return digest.map(told -> new Pushed(
                    job.getMetadata().getAnnotations().getOrDefault(KanikoJob.REPOSITORY, request.repository()), told));
        } catch (ProblemException e) {
            ended = !passes(e);
            throw e;
        } catch (RuntimeException e) {
            ended = false; // this worker stops: the Job goes on, and somebody comes back to it
            throw e;
        } finally {
            if (ended) {
                leave(joined, request.need(), caller);
            }
        }
    }

    /** The cluster is away or takes no credentials for the moment: nothing is known of the Job. */
    private static boolean passes(ProblemException e) {
        return e.problem().code() == ProblemCode.KUBERNETES_UNREACHABLE
                || e.problem().code() == ProblemCode.KUBERNETES_UNAUTHORIZED;
    }

    /** @param made by this call, for this Job; {@code null}: somebody else has */
    private record Joined(Job job, @Nullable OneShot made) {}

    private Joined join(KanikoRequest request, Supplier<OneShot> context, Caller caller) {
        OneShot made = null;
        for (int tries = 0; tries < JOIN_TRIES; tries++) {
            List<Job> known = jobs.list(KanikoJob.labels(request.key()));
            Optional<Job> going = known.stream()
                    .filter(job -> job.getMetadata().getDeletionTimestamp() == null)
                    .filter(job -> !KanikoEnd.finished(job) || needs(job).contains(KanikoJob.NEED + request.need()))
                    .max(Comparator.comparingInt(KanikoBuilds::generation))
                    .flatMap(job -> jobs.annotate(job, KanikoJob.NEED + request.need(), ""));
            if (going.isPresent()) {
                if (made != null) {
                    caller.unneeded(made.reference()); // somebody was faster
                }
                caller.line("going on with " + KanikoJobs.where(going.get()));
                return new Joined(ready(request, going.get()), null);
            }
            if (made == null) {
                BuildNamespace.ensure(cluster, profile.namespace());
                made = context.get();
            }
            int generation =
                    known.stream().mapToInt(KanikoBuilds::generation).max().orElse(0) + 1;
            Job wished = KanikoJob.of(request, profile, made.pulled(), made.reference(), generation);
            Optional<Job> created = created(wished, made, caller);
            if (created.isPresent()) {
                caller.line("building by " + KanikoJobs.where(wished));
                return new Joined(ready(request, created.get()), made);
            }
        }
        if (made != null) {
            caller.unneeded(made.reference());
        }
        throw interrupted(caller, "its Job comes and goes");
    }

    private Optional<Job> created(Job wished, OneShot made, Caller caller) {
        try {
            return jobs.create(wished);
        } catch (ProblemException e) {
            if (!passes(e)) { // else it may be there all the same
                caller.unneeded(made.reference());
            }
            throw e;
        }
    }

    /** Its Secrets are there and it may be started. */
    private Job ready(KanikoRequest request, Job job) {
        if (job.getMetadata().getAnnotations().containsKey(KanikoJob.READY)) {
            return job;
        }
        KanikoJob.secrets(request, job).forEach(jobs::create);
        return jobs.annotate(job, KanikoJob.READY, "true").orElse(job);
    }

    private Optional<String> await(
            KanikoRequest request, Job begun, KanikoLogReader reader, KanikoLog log, Caller caller) {
        Spell unschedulable = new Spell();
        Spell pulling = new Spell();
        Spell silent = new Spell();
        KanikoQueue queue = new KanikoQueue(jobs, profile.atOnce(), caller);
        while (caller.wants()) {
            try {
                Pod pod = jobs.pod(begun); // before its Job, which says why a pod was ended
                Job job = jobs.current(begun);
                silent.over();
                if (job == null) {
                    throw interrupted(caller, KanikoJobs.where(begun) + " was deleted");
                }
                if (KanikoQueue.suspended(job)) {
                    queue.admit(job);
                } else {
                    queue.passed();
                    if (pod != null && KanikoEnd.begun(pod)) {
                        reader.read(pod);
                    }
                    Optional<String> digest = pod == null ? Optional.empty() : KanikoEnd.digest(pod);
                    if (digest.isPresent()) {
                        return digest;
                    }
                    if (pod != null && KanikoEnd.over(pod)) {
                        reader.finish(); // what it said last tells why
                        log.otherwise(KanikoEnd.tail(pod).stream()
                                .map(request::masked)
                                .map(Ansi::plain));
                    }
                    failure(job, pod, log, pulling, caller);
                    Optional<String> noNode = pod == null ? Optional.empty() : KanikoEnd.unschedulable(pod);
                    if (noNode.isPresent() && unschedulable.lasts(UNSCHEDULABLE_FOR)) {
                        throw new ProblemException(
                                Problem.of(ProblemCode.POD_UNSCHEDULABLE, caller.where(), "message", noNode.get()));
                    }
                }
            } catch (ProblemException e) {
                if (!passes(e) || silent.lasts(SILENCE)) {
                    throw e;
                }
            }
            rest();
        }
        return Optional.empty();
    }

    private static void failure(Job job, @Nullable Pod pod, KanikoLog log, Spell pulling, Caller caller) {
        KanikoEnd.failure(job, pod, log, caller.where()).ifPresent(problem -> {
            // A registry may be away for a moment; the node tries again by itself.
            if (problem.code() != ProblemCode.POD_IMAGE_PULL || pulling.lasts(NOT_PULLED_FOR)) {
                throw new ProblemException(problem);
            }
        });
    }

    /** Nobody who needed it is left: it goes, and with it what belongs to it. */
    private void leave(Joined joined, String need, Caller caller) {
        Job job = joined.job();
        try {
            Optional<Job> left = jobs.annotate(job, KanikoJob.NEED + need, null);
            if (left.isEmpty() && joined.made() != null) {
                caller.unneeded(joined.made().reference()); // the Job was deleted, and nobody else looks after it
            }
            left.ifPresent(one -> deleteUnneeded(one, caller::unneeded));
        } catch (ProblemException e) {
            // It goes by itself an hour after its end.
            caller.line("left behind for now: " + KanikoJobs.where(job) + ", "
                    + e.problem().arguments());
        }
    }

    /**
     * Those who needed a build have gone without a word.
     *
     * @param name of its Job
     * @param unneeded as {@link Caller#unneeded}
     * @throws ProblemException with a {@code KUBERNETES_} code; to be repeated
     */
    public void abandon(String name, List<String> gone, Consumer<String> unneeded) {
        Optional<Job> left = jobs.named(name);
        for (String need : gone) {
            left = left.flatMap(job -> jobs.annotate(job, KanikoJob.NEED + need, null));
        }
        left.ifPresent(job -> deleteUnneeded(job, unneeded));
    }

    private void deleteUnneeded(Job job, Consumer<String> unneeded) {
        if (needs(job).isEmpty()) {
            jobs.delete(job);
            Optional.ofNullable(job.getMetadata().getAnnotations().get(KanikoJob.ONE_SHOT))
                    .ifPresent(unneeded);
        }
    }

    private static List<String> needs(Job job) {
        return job.getMetadata().getAnnotations().keySet().stream()
                .filter(name -> name.startsWith(KanikoJob.NEED))
                .toList();
    }

    private static int generation(Job job) {
        return Integer.parseInt(job.getMetadata().getLabels().getOrDefault(KanikoJob.GENERATION, "0"));
    }

    private static ProblemException interrupted(Caller caller, String reason) {
        return new ProblemException(Problem.of(ProblemCode.BUILD_INTERRUPTED, caller.where(), "reason", reason));
    }

    private static void rest() {
        try {
            Thread.sleep(LOOK_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("the worker stops", e);
        }
    }
}
