package dev.slipway.activities.build;

import dev.slipway.activities.build.Dockerfile.NotADockerfile;
import dev.slipway.activities.build.ImageBuildActivities.Stores;
import dev.slipway.activities.build.kaniko.KanikoProfile;
import dev.slipway.activities.detect.Bases;
import dev.slipway.activities.git.GitSource;
import dev.slipway.activities.image.ImageComposer;
import dev.slipway.activities.image.Registries;
import dev.slipway.activities.kubernetes.BuildRights;
import dev.slipway.activities.kubernetes.ClusterConnections;
import dev.slipway.activities.store.BuildStore;
import dev.slipway.activities.store.BuildStore.Build;
import dev.slipway.activities.store.EnvironmentStore;
import dev.slipway.activities.store.ParameterStore;
import dev.slipway.activities.store.PlanStore.Images;
import dev.slipway.activities.store.PlanStore.PinnedSource;
import dev.slipway.activities.store.PlanStore.Pins;
import dev.slipway.activities.store.PlanStore.PlannedImage;
import dev.slipway.activities.store.PlanStore.Recipe;
import dev.slipway.workflows.application.Application;
import dev.slipway.workflows.application.ApplicationCheck;
import dev.slipway.workflows.application.Component;
import dev.slipway.workflows.application.ImageReference;
import dev.slipway.workflows.application.Manifest;
import dev.slipway.workflows.application.Source;
import dev.slipway.workflows.problem.Problem;
import dev.slipway.workflows.problem.ProblemCode;
import dev.slipway.workflows.problem.ProblemException;
import dev.slipway.workflows.run.Operation;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Which image each component of a plan gets: by digest, or by the key of the build that will make it. */
final class ImagePlanner {
    private static final String COMPOSER = "jib/" + ImageComposer.VERSION;
    private static final String KANIKO = "kaniko";

    private final GitSource git;
    private final Registries registries;
    private final BuildStore builds;
    private final EnvironmentStore environments;
    private final ParameterStore parameters;
    private final ClusterConnections clusters;
    private final KanikoProfile kaniko;
    private final Recipes recipes;
    private final BuilderLogins logins;

    ImagePlanner(
            GitSource git,
            Registries registries,
            Stores stores,
            ClusterConnections clusters,
            KanikoProfile kaniko,
            Bases bases) {
        this.git = git;
        this.registries = registries;
        this.builds = stores.builds();
        this.environments = stores.environments();
        this.parameters = stores.parameters();
        this.clusters = clusters;
        this.kaniko = kaniko;
        this.recipes = new Recipes(git, bases);
        this.logins = new BuilderLogins(registries);
    }

    /**
     * @param operation what is not about the sources builds nothing: what stays has the image that it runs
     * @throws ProblemException all that is wrong, at once
     */
    Images plan(String environmentId, Pins pins, Operation operation) {
        Application application = ApplicationCheck.read(pins.document()).orElseThrow();
        Map<String, PlannedImage> images = new LinkedHashMap<>();
        Map<String, String> digests = new HashMap<>();
        List<Problem> problems = new ArrayList<>();
        for (Component component : application.components()) {
            if (component.kind() == Component.Kind.EXTERNAL) {
                continue;
            }
            if (!pins.covers(component.name()) || !wanted(component, operation)) {
                images.put(component.name(), kept(application, component, pins));
                continue;
            }
            try {
                PlannedImage image = component.source() instanceof Source.Image given
                        ? outside(component, given, digests)
                        : built(
                                environmentId,
                                application,
                                component,
                                pins.sources().get(component.name()),
                                digests);
                images.put(component.name(), image);
            } catch (ProblemException e) {
                e.problems().forEach(problem -> problems.add(of(component, problem)));
            }
        }
        if (images.values().stream().anyMatch(image -> image.builder() != null && image.digest() == null)) {
            String cluster = environments.byId(environmentId).cluster();
            BuildRights.missing(clusters.byName(cluster), kaniko.namespace()).ifPresent(problems::add);
        }
        if (pins.covers("") && operation == Operation.DEPLOY) {
            for (Manifest manifest : application.manifests()) {
                for (String name : manifest.images()) {
                    try {
                        ImageReference image = ImageReference.parse(name);
                        images.put(
                                Manifest.imageKey(name),
                                new PlannedImage(
                                        image.registry() + "/" + image.repository(),
                                        digest("manifests", image, digests),
                                        null,
                                        null));
                    } catch (ProblemException e) {
                        problems.addAll(e.problems());
                    }
                }
            }
        }
        if (!problems.isEmpty()) {
            throw new ProblemException(problems);
        }
        return new Images(images);
    }

    private static boolean wanted(Component component, Operation operation) {
        return operation == Operation.BUILD ? component.source() instanceof Source.Git : operation.readsSources();
    }

    /** Who is refused by a registry looks for the component whose image it is. */
    private static Problem of(Component component, Problem problem) {
        return problem.code() == ProblemCode.REGISTRY_DENIED
                ? new Problem(problem.code(), "component " + component.name(), problem.arguments())
                : problem;
    }

    /** What stays has the image that it runs; what never ran has none, and nobody asks for it. */
    private static PlannedImage kept(Application application, Component component, Pins pins) {
        PlannedImage kept = pins.part() == null ? null : pins.part().images().get(component.name());
        return kept == null ? new PlannedImage(repository(application, component), null, null, null) : kept;
    }

    private PlannedImage outside(Component component, Source.Image source, Map<String, String> digests) {
        ImageReference image = ImageReference.parse(source.reference());
        return new PlannedImage(
                image.registry() + "/" + image.repository(), digest(component.name(), image, digests), null, null);
    }

    private PlannedImage built(
            String environmentId,
            Application application,
            Component component,
            @Nullable PinnedSource source,
            Map<String, String> digests) {
        if (source == null || !(component.source() instanceof Source.Git git)) {
            throw new IllegalStateException(component.name() + " has a source that the check should have refused");
        }
        PlannedImage wanted = git.build().byDockerfile()
                ? byDockerfile(environmentId, application, component, git, source, digests)
                : composed(application, component, git, source, digests);
        return existing(Objects.requireNonNull(wanted.buildKey()))
                .map(build -> wanted.reused(build.repository(), Objects.requireNonNull(build.digest())))
                .orElseGet(() -> pushed(wanted));
    }

    /** What is to be built is pushed: whether that may be is asked before anything is made. */
    private PlannedImage pushed(PlannedImage wanted) {
        String repository = ImageReference.parse(wanted.repository()).repository();
        registries.own().requirePush(repository);
        boolean wide = wanted.builder() != null
                && logins.wide(repository, wanted.bases().values(), kaniko.deadline());
        return wide ? wanted.withWideLogin() : wanted;
    }

    private PlannedImage composed(
            Application application,
            Component component,
            Source.Git git,
            PinnedSource source,
            Map<String, String> digests) {
        ImageReference base =
                ImageReference.parse(Objects.requireNonNull(git.build().base()));
        String baseDigest = digest(component.name(), base, digests);
        String key = BuildKey.of(source.tree(), COMPOSER, baseDigest, arguments(git.build()));
        return new PlannedImage(
                repository(application, component),
                null,
                key,
                base.withDigest(baseDigest).toString());
    }

    private PlannedImage byDockerfile(
            String environmentId,
            Application application,
            Component component,
            Source.Git git,
            PinnedSource source,
            Map<String, String> digests) {
        String cluster = environments.byId(environmentId).cluster();
        String where = "component " + component.name();
        if (clusters.byName(cluster).simulated()) {
            throw new ProblemException(Problem.of(ProblemCode.BUILD_SIMULATED, where, "cluster", cluster));
        }
        Map<String, Integer> secrets =
                secrets(environmentId, where, application, git.build().secrets());
        ImageReference builder = ImageReference.parse(kaniko.image());
        String builderDigest = digest(where, builder, digests);
        Recipe recipe = recipes.of(where, git, source).orElse(null);
        Map<String, String> bases = new LinkedHashMap<>();
        for (String name : bases(where, git, source, recipe)) {
            ImageReference base = ImageReference.parse(name);
            bases.put(name, base.withDigest(digest(where, base, digests)).toString());
        }
        List<String> arguments = new ArrayList<>(kaniko.flags());
        arguments.add(DockerfileBuilds.dockerfile(git.build()));
        arguments.add(Objects.requireNonNullElse(git.build().target(), ""));
        git.build().args().forEach((name, value) -> arguments.add(name + "=" + value));
        if (recipe != null) {
            arguments.add(recipe.text());
        }
        // Versions of this environment's, as another one's mean another value; nothing is known by them.
        secrets.forEach((name, version) -> arguments.add("secret " + name + "=" + environmentId + "/" + version));
        String key =
                BuildKey.of(source.tree(), KANIKO + "/" + builderDigest, String.join(" ", bases.values()), arguments);
        return new PlannedImage(
                repository(application, component),
                null,
                key,
                null,
                builder.withDigest(builderDigest).toString(),
                recipe,
                bases,
                secrets,
                false);
    }

    private Map<String, Integer> secrets(
            String environmentId, String where, Application application, List<String> names) {
        if (names.isEmpty()) {
            return Map.of();
        }
        if (!kaniko.flavour().mountsSecrets()) {
            throw new ProblemException(Problem.of(
                    ProblemCode.BUILD_SECRETS, where, "image", kaniko.image(), "secrets", String.join(", ", names)));
        }
        Map<String, Integer> versions = parameters.versions(environmentId);
        // A plan writes nothing: what is generated and has no value yet gets its first when it is built.
        application.parameters().stream()
                .filter(parameter -> parameter.generate() > 0)
                .forEach(parameter -> versions.putIfAbsent(parameter.name(), 1));
        versions.keySet().retainAll(names);
        return versions;
    }

    private static String repository(Application application, Component component) {
        return ImageReference.OWN_REGISTRY + "/" + application.name() + "/" + component.name();
    }

    /** The images that its Dockerfile begins with: another one behind the same tag is another build. */
    private Set<String> bases(String where, Source.Git git, PinnedSource source, @Nullable Recipe recipe) {
        String path = recipe == null ? DockerfileBuilds.dockerfile(git.build()) : "dockerfileInline";
        String text = recipe == null ? own(git, source, path) : recipe.text();
        try {
            Dockerfile file = Dockerfile.parse(text, git.build().args());
            int stage = file.stage(git.build().target());
            if (stage < 0) {
                throw invalid(where, path, "-", "it has no stage " + git.build().target());
            }
            return file.images(stage);
        } catch (NotADockerfile e) {
            throw invalid(where, path, Integer.toString(e.line), String.valueOf(e.getMessage()));
        }
    }

    private String own(Source.Git git, PinnedSource source, String path) {
        byte[] bytes = this.git.read(
                source.url(), source.commit(), BuildTask.below(git.path(), path), DockerfileBuilds.LARGEST_TEXT);
        return new String(bytes, StandardCharsets.UTF_8);
    }

    private static ProblemException invalid(String where, String file, String line, String reason) {
        return new ProblemException(
                Problem.of(ProblemCode.BUILD_DOCKERFILE, where, "file", file, "line", line, "reason", reason));
    }

    private static List<String> arguments(Source.Build build) {
        List<String> arguments = new ArrayList<>();
        build.layout().forEach((into, from) -> arguments.add(into + "=" + from));
        arguments.add("entrypoint");
        arguments.addAll(build.entrypoint());
        return arguments;
    }

    /** A build of that key whose image the registry still has. */
    Optional<Build> existing(String key) {
        return builds.byKey(key).filter(build -> {
            ImageReference image = ImageReference.parse(build.repository());
            return registries.of(image).exists(image.repository(), Objects.requireNonNull(build.digest()));
        });
    }

    private String digest(String where, ImageReference image, Map<String, String> known) {
        String pinned = image.digest();
        if (pinned != null) {
            return pinned;
        }
        return known.computeIfAbsent(
                image.toString(),
                text -> registries
                        .of(image)
                        .head(image.repository(), image.reference())
                        .orElseThrow(() -> new ProblemException(Problem.of(
                                ProblemCode.IMAGE_NOT_FOUND,
                                where,
                                "image",
                                image.toString(),
                                "registry",
                                image.registry())))
                        .digest());
    }
}
