package dev.slipway.activities.store;

import dev.slipway.workflows.contract.PlanSkeleton;
import dev.slipway.workflows.run.Plan;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Plans, in the parts in which they are made. A part is written once: who asks again gets what is there. */
public final class PlanStore {
    /**
     * What a plan is about, pinned.
     *
     * @param document the resolved document as YAML: overrides applied, every git source at a commit
     * @param sources of each component that is built, by its name
     * @param parameters values of the parameters that are no secrets
     */
    public record Pins(String document, Map<String, PinnedSource> sources, Map<String, String> parameters) {
        public Pins {
            sources = Collections.unmodifiableMap(new LinkedHashMap<>(sources));
            parameters = Collections.unmodifiableMap(new LinkedHashMap<>(parameters));
        }
    }

    /**
     * @param ref what the commit was resolved from: {@code main}, {@code v1.2}, or the commit itself
     * @param tree git tree id of the component's folder at that commit
     */
    public record PinnedSource(String url, String ref, String commit, String tree) {}

    /** Each component's image, by its name. */
    public record Images(Map<String, PlannedImage> images) {
        public Images {
            images = Collections.unmodifiableMap(new LinkedHashMap<>(images));
        }
    }

    /**
     * @param repository registry and repository, without tag and digest: {@code slipway.registry/storefront/orders}
     * @param digest {@code null}: it has to be built first
     * @param buildKey {@code null}: the image comes from outside
     * @param base the base image by digest; {@code null}: none
     */
    public record PlannedImage(
            String repository,
            @Nullable String digest,
            @Nullable String buildKey,
            @Nullable String base) {}

    /** The plan and the steps that carry it out. */
    public record StoredPlan(Plan plan, PlanSkeleton skeleton) {}

    private enum Part {
        PINS,
        IMAGES,
        PLAN;

        String word() {
            return name().toLowerCase(java.util.Locale.ROOT);
        }
    }

    private final JdbcClient jdbc;

    public PlanStore(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    public Pins pinsOnce(String planId, Supplier<Pins> make) {
        return once(planId, Part.PINS, Pins.class, make);
    }

    public Images imagesOnce(String planId, Supplier<Images> make) {
        return once(planId, Part.IMAGES, Images.class, make);
    }

    public StoredPlan planOnce(String planId, Supplier<StoredPlan> make) {
        return once(planId, Part.PLAN, StoredPlan.class, make);
    }

    public Pins pins(String planId) {
        return read(planId, Part.PINS, Pins.class).orElseThrow(() -> missing(planId));
    }

    public Images images(String planId) {
        return read(planId, Part.IMAGES, Images.class).orElseThrow(() -> missing(planId));
    }

    public Optional<StoredPlan> plan(String planId) {
        return read(planId, Part.PLAN, StoredPlan.class);
    }

    /**
     * A build is done: the plan's image now has its digest, in the repository where that build has put it. Two components with the
     * same sources and settings share one build, so that need not be the planned one.
     */
    public void built(String planId, String component, String repository, String digest) {
        jdbc.sql("""
                        update plan_part set body = jsonb_set(body, array['images', :component],
                            (body #> array['images', :component])
                                || jsonb_build_object('repository', cast(:repository as text), 'digest', cast(:digest as text)))
                        where plan_id = :id and part = 'images'
                        """)
                .param("component", component)
                .param("repository", repository)
                .param("digest", digest)
                .param("id", planId)
                .update();
    }

    private <T> T once(String planId, Part part, Class<T> type, Supplier<T> make) {
        Optional<T> there = read(planId, part, type);
        if (there.isPresent()) {
            return there.get();
        }
        jdbc.sql("""
                        insert into plan_part (plan_id, part, body) values (:id, :part, cast(:body as jsonb))
                        on conflict do nothing
                        """)
                .param("id", planId)
                .param("part", part.word())
                .param("body", StoredJson.write(make.get()))
                .update();
        return read(planId, part, type).orElseThrow(() -> missing(planId));
    }

    private <T> Optional<T> read(String planId, Part part, Class<T> type) {
        return jdbc.sql("select body from plan_part where plan_id = :id and part = :part")
                .param("id", planId)
                .param("part", part.word())
                .query(String.class)
                .optional()
                .map(body -> StoredJson.read(body, type));
    }

    private static IllegalStateException missing(String planId) {
        return new IllegalStateException("plan " + planId + " lacks a part that was to be made before");
    }
}
