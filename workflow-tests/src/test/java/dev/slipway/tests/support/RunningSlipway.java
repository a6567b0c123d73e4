package dev.slipway.tests.support;

import static org.awaitility.Awaitility.await;

import dev.slipway.activities.store.ApplicationStore;
import dev.slipway.activities.store.ApplicationStore.GitOrigin;
import dev.slipway.activities.store.EnvironmentStore;
import dev.slipway.activities.store.EnvironmentStore.StoredEnvironment;
import dev.slipway.activities.store.Ids;
import dev.slipway.activities.store.ParameterStore;
import dev.slipway.activities.store.RunStore;
import dev.slipway.activities.store.RunStore.StoredRun;
import dev.slipway.web.SlipwayApplication;
import dev.slipway.web.access.Caller;
import dev.slipway.web.embedded.EmbeddedEngines;
import dev.slipway.web.runs.Runs;
import dev.slipway.workflows.application.Application;
import dev.slipway.workflows.application.ApplicationCheck;
import dev.slipway.workflows.run.OnConflict;
import dev.slipway.workflows.run.Operation;
import dev.slipway.workflows.run.RunRequest;
import dev.slipway.workflows.run.RunState;
import dev.slipway.workflows.run.Scope;
import dev.slipway.workflows.run.Trigger;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.springframework.boot.SpringApplication;
import org.springframework.context.ConfigurableApplicationContext;

/** The whole application in this JVM, as a test uses it: all engines embedded unless settings say otherwise. */
public final class RunningSlipway implements AutoCloseable {
    private static final Caller TESTER = Caller.admin("test", Trigger.API, "");

    private final ConfigurableApplicationContext context;

    private RunningSlipway(ConfigurableApplicationContext context) {
        this.context = context;
    }

    /** @param settings {@code slipway.…=…}, put over the defaults of tests: free ports, engine in this process, no demo */
    public static RunningSlipway start(Path data, String... settings) {
        return start(SlipwayApplication.class, data, settings);
    }

    /** @param more a configuration beside the application's own: faults at its seams */
    public static RunningSlipway start(Class<?> more, Path data, String... settings) {
        List<String> arguments = new ArrayList<>(List.of(
                "--slipway.data=" + data,
                "--slipway.port=0",
                "--slipway.registry.port=0",
                "--slipway.temporal.cli=none",
                "--slipway.demo=false",
                "--slipway.git.local-folders=" + data,
                "--slipway.outbound.allow=127.0.0.0/8,localhost",
                "--slipway.security.bootstrap-token=a-token-for-this-test"));
        for (String setting : settings) {
            arguments.removeIf(argument -> argument.startsWith("--" + setting.substring(0, setting.indexOf('=') + 1)));
            arguments.add("--" + setting);
        }
        return new RunningSlipway(
                new SpringApplication(SlipwayApplication.class, more).run(arguments.toArray(String[]::new)));
    }

    public <T> T get(Class<T> type) {
        return context.getBean(type);
    }

    /** Where there are several of a type. */
    public <T> T get(String name, Class<T> type) {
        return context.getBean(name, type);
    }

    /** All of a type. */
    public <T> List<T> all(Class<T> type) {
        return List.copyOf(context.getBeansOfType(type).values());
    }

    /** Of the simulated cluster, as its administrator; the caller closes it. */
    public KubernetesClient simulatedCluster() {
        return new KubernetesClientBuilder()
                .withConfig(get(EmbeddedEngines.class).cluster().clientConfig())
                .build();
    }

    public String url() {
        return "http://127.0.0.1:" + context.getEnvironment().getProperty("local.server.port");
    }

    public String token() {
        return "a-token-for-this-test";
    }

    /** An environment of an application whose document is kept in Slipway. */
    public StoredEnvironment environment(String document, String name) {
        return environment(document, null, name, EmbeddedEngines.SIMULATED_CLUSTER);
    }

    public StoredEnvironment environment(String document, GitOrigin origin, String name, String cluster) {
        Application application = ApplicationCheck.read(document).orElseThrow();
        ApplicationStore applications = get(ApplicationStore.class);
        String id = applications
                .byName(application.name())
                .orElseGet(() -> applications.create(application.name(), null, document, origin))
                .id();
        StoredEnvironment environment = get(EnvironmentStore.class).create(name, id, cluster, name, "");
        get(ParameterStore.class).generateMissing(environment.id(), application.parameters());
        return environment;
    }

    /** Changes the document of an application that is kept in Slipway. */
    public void change(String application, String document) {
        ApplicationStore applications = get(ApplicationStore.class);
        applications.replace(
                application,
                null,
                document,
                applications.byName(application).orElseThrow().revision(),
                "test",
                "");
    }

    public StoredRun start(StoredEnvironment environment) {
        return start(environment, Ids.next());
    }

    public StoredRun start(StoredEnvironment environment, String key) {
        return get(Runs.class)
                .start(new RunRequest(Operation.DEPLOY, environment.id(), Trigger.API, "test", null, key), TESTER);
    }

    public StoredRun start(StoredEnvironment environment, Scope scope) {
        return get(Runs.class)
                .start(
                        new RunRequest(scope, environment.id(), Trigger.API, "test", null, OnConflict.STOP, Ids.next()),
                        TESTER);
    }

    /** Starts what is asked for and waits for the end. */
    public StoredRun run(StoredEnvironment environment, Scope scope) {
        return finished(start(environment, scope).id(), Duration.ofMinutes(2));
    }

    /** Deploys and waits for the end. */
    public StoredRun deploy(StoredEnvironment environment) {
        return finished(start(environment).id(), Duration.ofMinutes(2));
    }

    /** Deploys with a choice for conflicts, and waits for the end. */
    public StoredRun deploy(StoredEnvironment environment, OnConflict onConflict) {
        StoredRun run = get(Runs.class)
                .start(
                        new RunRequest(
                                Scope.whole(Operation.DEPLOY),
                                environment.id(),
                                Trigger.API,
                                "test",
                                null,
                                onConflict,
                                Ids.next()),
                        TESTER);
        return finished(run.id(), Duration.ofMinutes(2));
    }

    public StoredRun finished(String runId, Duration limit) {
        RunStore runs = get(RunStore.class);
        return await().atMost(limit)
                .pollInterval(Duration.ofMillis(20))
                .until(() -> runs.byId(runId), run -> run.state() == RunState.FINISHED);
    }

    @Override
    public void close() {
        context.close();
    }
}
