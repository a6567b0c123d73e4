package dev.slipway.activities.build.kaniko;

import io.fabric8.kubernetes.api.model.batch.v1.Job;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** The suspended Jobs of a cluster, oldest first: whoever looks lets those go that there is room for, whoever has made them. */
public final class KanikoQueue {
    /**
     * Where a build waits.
     *
     * @param running builds that have all the places
     * @param before others that come first
     */
    public record Place(long running, long before) {}

    private static final long PASSED = -1;
    /** What an attempt before has told is not known. */
    private static final long UNKNOWN = -2;

    private final KanikoJobs jobs;
    private final int atOnce;
    private final KanikoBuilds.Caller caller;
    private long told = UNKNOWN;

    /** @param caller is told its place whenever that changes */
    KanikoQueue(KanikoJobs jobs, int atOnce, KanikoBuilds.Caller caller) {
        this.jobs = jobs;
        this.atOnce = atOnce;
        this.caller = caller;
    }

    /** Those without Secrets are not counted. */
    void admit(Job mine) {
        List<Job> all = new ArrayList<>(jobs.list(KanikoJob.all()));
        all.removeIf(job -> KanikoEnd.finished(job) || job.getMetadata().getDeletionTimestamp() != null);
        long going = all.stream().filter(job -> !suspended(job)).count();
        List<Job> waiting = all.stream()
                .filter(job ->
                        suspended(job) && job.getMetadata().getAnnotations().containsKey(KanikoJob.READY))
                .sorted(Comparator.<Job, String>comparing(
                                job -> job.getMetadata().getCreationTimestamp())
                        .thenComparing(job -> job.getMetadata().getName()))
                .toList();
        long room = Math.max(0, atOnce - going);
        waiting.stream().limit(room).forEach(jobs::start);
        int before = waiting.stream()
                .map(job -> job.getMetadata().getName())
                .toList()
                .indexOf(mine.getMetadata().getName());
        // Not in it: somebody has let it go since it was looked at.
        if (before >= room && before != told) {
            caller.waits(Optional.of(new Place(going + room, before - room)));
            told = before;
        }
    }

    /** It waits no longer. */
    void passed() {
        if (told != PASSED) {
            caller.waits(Optional.empty());
            told = PASSED;
        }
    }

    static boolean suspended(Job job) {
        return Boolean.TRUE.equals(job.getSpec().getSuspend());
    }
}
