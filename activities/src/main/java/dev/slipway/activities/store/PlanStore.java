package dev.slipway.activities.store;

import dev.slipway.workflows.contract.PlanSkeleton;
import dev.slipway.workflows.run.Operation;
import dev.slipway.workflows.run.Plan;
import dev.slipway.workflows.run.Scope;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
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
     * @param part {@code null}: the plan is about the whole environment
     */
    public record Pins(
            String document,
            Map<String, PinnedSource> sources,
            Map<String, String> parameters,
            @Nullable Part part) {
        public Pins {
            sources = Collections.unmodifiableMap(new LinkedHashMap<>(sources));
            parameters = Collections.unmodifiableMap(new LinkedHashMap<>(parameters));
        }

        /** Of the whole environment. */
        public Pins(String document, Map<String, PinnedSource> sources, Map<String, String> parameters) {
            this(document, sources, parameters, null);
        }

        /** Whether the plan does something with the component. */
        public boolean covers(String component) {
            return part == null || part.components().contains(component);
        }
    }

    /**
     * What a plan about a part is about.
     *
     * @param components names of what is part
     * @param images of what stays as it runs, by component
     */
    public record Part(List<String> components, Map<String, PlannedImage> images) {
        public Part {
            components = List.copyOf(components);
            images = Collections.unmodifiableMap(new LinkedHashMap<>(images));
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
     * @param base the image by digest that files are put on; {@code null}: none
     * @param builder the image by digest that builds a Dockerfile; {@code null}: none is needed
     * @param recipe the Dockerfile that it is built by; {@code null}: a file of the repository, or none
     * @param bases images that the Dockerfile names -> the same by digest
     * @param secrets that its instructions may mount -> which version of the value
     * @param wideLogin whether what the builder pushes with can do more than that
     */
    public record PlannedImage(
            String repository,
            @Nullable String digest,
            @Nullable String buildKey,
            @Nullable String base,
            @Nullable String builder,
            @Nullable Recipe recipe,
            Map<String, String> bases,
            Map<String, Integer> secrets,
            boolean wideLogin) {
        public PlannedImage {
            // Plans of before have none.
            bases = Collections.unmodifiableMap(new LinkedHashMap<>(Objects.requireNonNullElse(bases, Map.of())));
            secrets = Collections.unmodifiableMap(new TreeMap<>(Objects.requireNonNullElse(secrets, Map.of())));
        }

        /** One that is composed, or comes from outside. */
        public PlannedImage(
                String repository, @Nullable String digest, @Nullable String buildKey, @Nullable String base) {
            this(repository, digest, buildKey, base, null, null, Map.of(), Map.of(), false);
        }

        /** The same, pushed with a login that can do more than that. */
        public PlannedImage withWideLogin() {
            return new PlannedImage(repository, digest, buildKey, base, builder, recipe, bases, secrets, true);
        }

        /** The same, built already. */
        public PlannedImage reused(String where, String built) {
            return new PlannedImage(where, built, buildKey, base, builder, recipe, Map.of(), Map.of(), false);
        }
    }

    /**
     * A Dockerfile that is no file of the repository.
     *
     * @param text whole
     * @param generatedFor what was recognised, and by what: {@code maven, pom.xml: spring-boot-maven-plugin}; {@code null}: it
     *     stands in the document
     */
    public record Recipe(String text, @Nullable String generatedFor) {}

    /** The plan and the steps that carry it out. */
    public record StoredPlan(Plan plan, PlanSkeleton skeleton) {}

    private enum Piece {
        SCOPE,
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

    /** What the plan is to be about; noted before it is made. */
    public void scope(String planId, Scope scope) {
        var unused = once(planId, Piece.SCOPE, Scope.class, () -> scope);
    }

    /** What the plan is about: a deploy of everything where nothing else was noted. */
    public Scope scope(String planId) {
        return read(planId, Piece.SCOPE, Scope.class).orElse(Scope.whole(Operation.DEPLOY));
    }

    /** Whether it is a run's, its own or one of what somebody has changed in it; else somebody only looks at it. */
    public boolean carriedOut(String planId) {
        return jdbc.sql("select exists (select from run where id = :id)")
                .param("id", planId.replaceFirst("~\\d+$", ""))
                .query(Boolean.class)
                .single();
    }

    public Pins pinsOnce(String planId, Supplier<Pins> make) {
        return once(planId, Piece.PINS, Pins.class, make);
    }

    public Images imagesOnce(String planId, Supplier<Images> make) {
        return once(planId, Piece.IMAGES, Images.class, make);
    }

    public StoredPlan planOnce(String planId, Supplier<StoredPlan> make) {
        return once(planId, Piece.PLAN, StoredPlan.class, make);
    }

    public Pins pins(String planId) {
        return read(planId, Piece.PINS, Pins.class).orElseThrow(() -> missing(planId));
    }

    /** Of those plans that have any, by their ids. */
    public Map<String, Pins> pins(Collection<String> planIds) {
        Map<String, Pins> pins = new HashMap<>();
        jdbc.sql("select plan_id, body from plan_part where plan_id = any(:ids) and part = 'pins'")
                .param("ids", planIds.toArray(String[]::new))
                .query((row, number) ->
                        pins.put(row.getString("plan_id"), StoredJson.read(row.getString("body"), Pins.class)))
                .list();
        return pins;
    }

    public Images images(String planId) {
        return read(planId, Piece.IMAGES, Images.class).orElseThrow(() -> missing(planId));
    }

    public Optional<StoredPlan> plan(String planId) {
        return read(planId, Piece.PLAN, StoredPlan.class);
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

    private <T> T once(String planId, Piece part, Class<T> type, Supplier<T> make) {
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

    private <T> Optional<T> read(String planId, Piece part, Class<T> type) {
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
