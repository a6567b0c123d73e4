package dev.slipway.activities.kubernetes;

import dev.slipway.activities.kubernetes.render.Inventory;
import dev.slipway.activities.kubernetes.render.RenderedObject;
import dev.slipway.workflows.problem.ProblemException;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Which jobs of components have completed, with which content: noted in annotations of the inventory, as the jobs themselves
 * may be gone by the next deploy (ADR 26). Each note is a patch of its own, so that jobs that complete at the same moment do
 * not lose each other's. Everything here is safe to repeat.
 */
public final class CompletedJobs {
    /** The job's name follows it; the value is the hash of what has run. */
    private static final String PREFIX = "completed.slipway.dev/";
    /** Not the inventory's own: who writes its list does not remove what this one notes. */
    private static final String MANAGER = "slipway-completed";

    private final ClusterConnection cluster;
    private final ClusterErrors errors;

    public CompletedJobs(ClusterConnection cluster) {
        this.cluster = cluster;
        this.errors = new ClusterErrors(cluster.name());
    }

    /** Whether the object is a component's job, which runs once for its content. */
    static boolean runsOnce(RenderedObject object) {
        return object.ref().kind().equals("Job") && !object.ref().component().isEmpty();
    }

    /** Whether the job has completed with this very content, by an inventory that was read. */
    static boolean noted(@Nullable HasMetadata inventory, RenderedObject job) {
        return runsOnce(job) && job.hash().equals(notes(inventory).get(job.ref().name()));
    }

    /** Whether a job of this name has completed with whatever it was told last, by an inventory that was read. */
    static boolean noted(@Nullable HasMetadata inventory, String job) {
        return notes(inventory).containsKey(job);
    }

    /**
     * Whether the job has completed with this very content.
     *
     * @throws ProblemException what the cluster says
     */
    public boolean noted(String namespace, RenderedObject job) {
        return noted(inventory(namespace), job);
    }

    /**
     * Notes that these have completed.
     *
     * @throws ProblemException what the cluster says; also that there is no inventory
     */
    public void note(String namespace, Collection<RenderedObject> jobs) {
        HasMetadata there = jobs.isEmpty() ? null : inventory(namespace);
        Map<String, @Nullable String> notes = new HashMap<>();
        for (RenderedObject job : jobs) {
            if (!noted(there, job)) {
                notes.put(PREFIX + job.ref().name(), job.hash());
            }
        }
        patch(namespace, notes);
    }

    /**
     * Notes that a job has run with the content of this hash, whatever became of its object.
     *
     * @param hash {@code null}: it is not known, and nothing is noted
     * @throws ProblemException what the cluster says
     */
    void note(String namespace, String job, @Nullable String hash) {
        if (hash != null && !hash.isEmpty() && inventory(namespace) != null) {
            patch(namespace, Map.of(PREFIX + job, hash));
        }
    }

    /**
     * Forgets what was noted: these run again.
     *
     * @param which by the job's name
     * @throws ProblemException what the cluster says
     */
    public void forget(String namespace, Predicate<String> which) {
        Map<String, @Nullable String> notes = new HashMap<>();
        notes(inventory(namespace)).keySet().stream().filter(which).forEach(job -> notes.put(PREFIX + job, null));
        patch(namespace, notes);
    }

    private static Map<String, String> notes(@Nullable HasMetadata inventory) {
        Map<String, String> notes = new HashMap<>();
        if (inventory != null) {
            Objects.requireNonNullElse(inventory.getMetadata().getAnnotations(), Map.<String, String>of())
                    .forEach((key, value) -> {
                        if (key.startsWith(PREFIX)) {
                            notes.put(key.substring(PREFIX.length()), value);
                        }
                    });
        }
        return notes;
    }

    private @Nullable HasMetadata inventory(String namespace) {
        return errors.at(
                where(namespace),
                () -> cluster.client()
                        .configMaps()
                        .inNamespace(namespace)
                        .withName(Inventory.NAME)
                        .get());
    }

    private void patch(String namespace, Map<String, @Nullable String> notes) {
        if (notes.isEmpty()) {
            return;
        }
        String json = Serialization.asJson(Map.of("metadata", Map.of("annotations", notes)));
        errors.at(
                where(namespace),
                () -> cluster.client()
                        .configMaps()
                        .inNamespace(namespace)
                        .withName(Inventory.NAME)
                        .patch(
                                new PatchContext.Builder()
                                        .withPatchType(PatchType.JSON_MERGE)
                                        .withFieldManager(MANAGER)
                                        .build(),
                                json));
    }

    private static String where(String namespace) {
        return "ConfigMap " + namespace + "/" + Inventory.NAME;
    }
}
