package dev.slipway.activities.build;

import dev.slipway.activities.build.Dockerfile.NotADockerfile;
import dev.slipway.activities.build.ImageBuildActivities.Built;
import dev.slipway.activities.build.ImageBuildActivities.Stores;
import dev.slipway.activities.build.kaniko.KanikoBuilds;
import dev.slipway.activities.build.kaniko.KanikoBuilds.OneShot;
import dev.slipway.activities.build.kaniko.KanikoProfile;
import dev.slipway.activities.build.kaniko.KanikoQueue;
import dev.slipway.activities.build.kaniko.KanikoRequest;
import dev.slipway.activities.git.FileSink;
import dev.slipway.activities.git.GitSource;
import dev.slipway.activities.image.BuildContext;
import dev.slipway.activities.image.ComposeListener;
import dev.slipway.activities.image.ComposedImage;
import dev.slipway.activities.image.Composition;
import dev.slipway.activities.image.DockerIgnore;
import dev.slipway.activities.image.ImageComposer;
import dev.slipway.activities.image.Registries;
import dev.slipway.activities.kubernetes.ClusterConnection;
import dev.slipway.activities.kubernetes.ClusterConnections;
import dev.slipway.activities.store.BuildStore.Build;
import dev.slipway.activities.store.PlanStore.Recipe;
import dev.slipway.activities.store.Secret;
import dev.slipway.workflows.application.ApplicationCheck;
import dev.slipway.workflows.application.ImageReference;
import dev.slipway.workflows.application.Source;
import dev.slipway.workflows.problem.Problem;
import dev.slipway.workflows.problem.ProblemCode;
import dev.slipway.workflows.problem.ProblemException;
import io.temporal.activity.Activity;
import io.temporal.activity.ActivityExecutionContext;
import io.temporal.client.ActivityCanceledException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Builder {@code dockerfile}: the files go from the git tree into one archive, that archive on top of the builder's image, and that
 * image runs as a Job in the environment's cluster, which pushes what it has built. Nothing of the repository is unpacked here.
 */
final class DockerfileBuilds {
    static final String DOCKERFILE = "Dockerfile";
    /** Largest Dockerfile or {@code .dockerignore}, in bytes. */
    static final int LARGEST_TEXT = 1 << 20;

    private static final String CONTEXT_FOLDER = "/kaniko";
    private static final String ONE_SHOTS = "builds/";
    /** What is built by, with its images pinned, lies beside the context: it hides nothing, and no image gets it. */
    private static final String PINNED = "slipway/Dockerfile";

    private static final int TRIM_AFTER = 5_000;
    private static final String LABEL = "dev.slipway.build";

    private final GitSource git;
    private final Registries registries;
    private final ImageComposer composer;
    private final ClusterConnections clusters;
    private final KanikoProfile profile;
    private final BuilderLogins logins;
    private final Stores stores;
    private final Attempts attempts;
    private final Path spool;

    /** @param spool folder for archives on their way; nothing stays there */
    DockerfileBuilds(
            GitSource git,
            Registries registries,
            ImageComposer composer,
            ClusterConnections clusters,
            Stores stores,
            Attempts attempts,
            KanikoProfile profile,
            Path spool) {
        this.git = git;
        this.registries = registries;
        this.composer = composer;
        this.clusters = clusters;
        this.profile = profile;
        this.logins = new BuilderLogins(registries);
        this.stores = stores;
        this.attempts = attempts;
        this.spool = spool;
    }

    static String dockerfile(Source.Build build) {
        return Objects.requireNonNullElse(build.dockerfile(), DOCKERFILE);
    }

    /** @return what the builder tells */
    Built build(BuildTask task, String build) {
        String cluster = stores.environments().byId(task.call().environmentId()).cluster();
        ClusterConnection connection = clusters.byName(cluster);
        String host = connection.registryAddress();
        if (connection.simulated() || host == null) {
            throw new ProblemException(
                    Problem.of(ProblemCode.BUILD_SIMULATED, "component " + task.component(), "cluster", cluster));
        }
        KanikoRequest request = new KanikoRequest(
                task.key(),
                need(task),
                CONTEXT_FOLDER + "/" + PINNED,
                task.source().build().target(),
                new TreeMap<>(task.source().build().args()),
                secrets(task),
                host,
                task.repository(),
                task.tag(),
                host + "/" + BuilderLogins.cache(task.repository()),
                logins.pushing(
                        host,
                        logins.token(task.repository(), task.image().bases().values(), profile.deadline())),
                logins.pulling(host),
                logins.reach(host));
        Watching caller = new Watching(task, build, cluster);
        return new KanikoBuilds(connection, profile)
                .build(request, () -> context(task, host, caller), caller)
                .map(pushed -> new Built(ImageReference.OWN_REGISTRY + "/" + pushed.repository(), pushed.digest()))
                .orElseThrow(caller::over);
    }

    /** The runs that needed it were ended from outside: its Job goes, unless another run needs it. Safe to repeat. */
    void abandon(Build build) {
        if (build.cluster() == null || build.job() == null) {
            return;
        }
        List<String> needs = stores.builds().stepsOfEnded(build.id()).stream()
                .map(DockerfileBuilds::need)
                .toList();
        new KanikoBuilds(clusters.byName(build.cluster()), profile).abandon(build.job(), needs, reference -> {
            ImageReference image = own(reference);
            var unused = registries.own().delete(image.repository(), image.reference());
        });
    }

    /** @param reference in Slipway's own registry */
    private static ImageReference own(String reference) {
        return ImageReference.parse(ImageReference.OWN_REGISTRY + "/" + reference);
    }

    /** Of the versions that the key is of, whatever has been set since; what is generated and has no value yet gets its first. */
    private SortedMap<String, Secret> secrets(BuildTask task) {
        Map<String, Integer> versions = task.image().secrets();
        SortedMap<String, Secret> secrets = new TreeMap<>();
        if (versions.isEmpty()) {
            return secrets;
        }
        String environment = task.call().environmentId();
        String document = stores.plans().pins(task.call().planId()).document();
        stores.parameters()
                .generateMissing(
                        environment,
                        ApplicationCheck.read(document).orElseThrow().parameters().stream()
                                .filter(parameter -> versions.containsKey(parameter.name()))
                                .toList());
        versions.forEach(
                (name, version) -> secrets.put(name, stores.parameters().secret(environment, name, version)));
        return secrets;
    }

    /** The same for every attempt of the step; short enough for the name of an annotation. */
    private static String need(BuildTask task) {
        return need(task.call().runId() + "/" + task.call().stepId());
    }

    private static String need(String step) {
        return UUID.nameUUIDFromBytes(step.getBytes(StandardCharsets.UTF_8)).toString();
    }

    private OneShot context(BuildTask task, String host, Watching caller) {
        ImageReference builder =
                ImageReference.parse(Objects.requireNonNull(task.image().builder(), "planned with its builder"));
        String url = task.pin().url();
        String commit = task.pin().commit();
        String dockerfile =
                task.image().recipe() == null ? dockerfile(task.source().build()) : "";
        String pinned = pinned(task, dockerfile);
        if (task.image().wideLogin()) {
            caller.line("pushed with the login of slipway.registry: instructions of the Dockerfile can read it");
        }
        caller.line("packing " + url + " at " + commit);
        try (BuildContext context = BuildContext.write(
                git.files(url, commit, task.source().path()),
                ignored(task, dockerfile),
                Set.of(dockerfile, DockerIgnore.FILE),
                spool)) {
            caller.line(context.files() + " files, " + context.size() + " bytes packed");
            String repository = ONE_SHOTS + task.repository();
            ComposedImage image = composer.compose(
                    new Composition(
                            new Composition.Base(registries.of(builder), builder.repository(), builder.reference()),
                            List.of(new Composition.Layer(CONTEXT_FOLDER, sink -> {
                                context.asFile().walk(sink);
                                file(sink, PINNED, pinned);
                                // The context has only what is wanted: nothing of it is to be left out again.
                                file(sink, PINNED + DockerIgnore.FILE, "");
                            })),
                            // Its own for everybody who makes one: taking it away takes nothing from another.
                            new Composition.Settings(
                                    List.of(),
                                    List.of(),
                                    "",
                                    Map.of(),
                                    "",
                                    Map.of(LABEL, task.key() + "/" + need(task)))),
                    repository,
                    null,
                    caller);
            return new OneShot(host + "/" + repository + "@" + image.digest(), repository + "@" + image.digest());
        } catch (IOException e) {
            throw new UncheckedIOException("The context could not be written to " + spool, e);
        }
    }

    private static void file(FileSink sink, String path, String text) throws IOException {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        sink.file(path, false, bytes.length, new ByteArrayInputStream(bytes));
    }

    /** A tag that moves after the plan does not change what is built. */
    private String pinned(BuildTask task, String path) {
        Recipe recipe = task.image().recipe();
        String text = recipe == null ? text(task, path).orElse("") : recipe.text();
        try {
            return Dockerfile.parse(text, task.source().build().args())
                    .with(task.image().bases());
        } catch (NotADockerfile e) {
            throw new IllegalStateException("It could be read when it was planned", e);
        }
    }

    /** As Docker: a file of the Dockerfile's own goes before the folder's. */
    private DockerIgnore ignored(BuildTask task, String dockerfile) {
        return text(task, dockerfile + DockerIgnore.FILE)
                .or(() -> text(task, DockerIgnore.FILE))
                .map(DockerIgnore::parse)
                .orElse(DockerIgnore.NONE);
    }

    private Optional<String> text(BuildTask task, String path) {
        try {
            byte[] bytes = git.read(task.pin().url(), task.pin().commit(), task.below(path), LARGEST_TEXT);
            return Optional.of(new String(bytes, StandardCharsets.UTF_8));
        } catch (ProblemException e) {
            if (e.problem().code() == ProblemCode.GIT_PATH_MISSING) {
                return Optional.empty();
            }
            throw e;
        }
    }

    /** The step that asks. */
    private final class Watching implements KanikoBuilds.Caller, ComposeListener {
        private final BuildTask task;
        private final String build;
        private final String cluster;
        private final ActivityExecutionContext context = Activity.getExecutionContext();
        private @Nullable ActivityCanceledException cancelled;
        private int lines;

        Watching(BuildTask task, String build, String cluster) {
            this.task = task;
            this.build = build;
            this.cluster = cluster;
        }

        @Override
        public String where() {
            return "component " + task.component();
        }

        @Override
        public void line(String text) {
            stores.log().write(task.call(), text);
        }

        @Override
        public void logged(Instant at, String text) {
            attempts.said(build, at, text);
            lines++;
            if (lines % TRIM_AFTER == 0) {
                attempts.trim(build);
            }
        }

        @Override
        public @Nullable Instant loggedUntil() {
            return attempts.saidUntil(build);
        }

        @Override
        public void waits(Optional<KanikoQueue.Place> place) {
            place.ifPresent(now -> line(
                    "waiting for a place: " + now.running() + " builds run, " + now.before() + " are before this one"));
            stores.log()
                    .obstacle(
                            task.call(),
                            place.map(now -> Problem.of(
                                            ProblemCode.BUILD_QUEUED,
                                            where(),
                                            "cluster",
                                            cluster,
                                            "running",
                                            Long.toString(now.running()),
                                            "before",
                                            Long.toString(now.before())))
                                    .orElse(null));
        }

        @Override
        public void runsAs(String job) {
            stores.builds().runsAs(build, cluster, job);
        }

        @Override
        public void cached(String layers) {
            stores.builds().cached(build, layers);
        }

        @Override
        public boolean wants() {
            try {
                context.heartbeat(null);
                return true;
            } catch (ActivityCanceledException e) {
                cancelled = e;
                return false;
            }
        }

        @Override
        public void unneeded(String reference) {
            ImageReference image = own(reference);
            try {
                var unused = registries.own().delete(image.repository(), image.reference());
            } catch (ProblemException e) {
                line("the context image " + reference + " stays in the registry: "
                        + e.problem().arguments());
            }
        }

        @Override
        public void pushed(long bytes) {
            var unused = wants(); // a big context takes its time
        }

        RuntimeException over() {
            return Objects.requireNonNull(cancelled, "given up without a cancel");
        }
    }
}
