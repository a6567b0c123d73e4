package dev.slipway.tests.people;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slipway.activities.store.CredentialStore;
import dev.slipway.activities.store.EnvironmentStore.StoredEnvironment;
import dev.slipway.activities.store.Ids;
import dev.slipway.activities.store.PersonStore;
import dev.slipway.activities.store.PersonStore.Kind;
import dev.slipway.activities.store.PersonStore.Person;
import dev.slipway.activities.store.RunStore;
import dev.slipway.activities.store.RunStore.StoredRun;
import dev.slipway.tests.support.RunningSlipway;
import dev.slipway.web.access.Caller;
import dev.slipway.web.access.Needs;
import dev.slipway.web.access.Needs.At;
import dev.slipway.web.access.OpenToAll;
import dev.slipway.web.access.SignedInOnly;
import dev.slipway.web.runs.Runs;
import dev.slipway.workflows.people.Grant;
import dev.slipway.workflows.people.Permission;
import dev.slipway.workflows.people.Role;
import dev.slipway.workflows.problem.ProblemCode;
import dev.slipway.workflows.problem.ProblemException;
import dev.slipway.workflows.run.OnConflict;
import dev.slipway.workflows.run.Operation;
import dev.slipway.workflows.run.RunRequest;
import dev.slipway.workflows.run.Scope;
import dev.slipway.workflows.run.Trigger;
import java.io.IOException;
import java.lang.annotation.Annotation;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.core.annotation.AnnotatedElementUtils;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.RequestMethod;
import org.springframework.web.method.HandlerMethod;
import org.springframework.web.servlet.mvc.method.RequestMappingInfo;
import org.springframework.web.servlet.mvc.method.annotation.RequestMappingHandlerMapping;

/** Every route that there is, each role, each door: allowed is exactly what the rules say. */
class EveryRouteTest {
    private static final String DOCUMENT = """
            apiVersion: slipway.dev/v1
            kind: Application
            metadata: {name: %s}
            spec:
              components:
                - {name: web, source: {image: "registry.example/any@sha256:%s"}, security: {runAsUser: 10001}}
            """;
    /** Words of an answer that refuses for want of a permission, or hides. */
    private static final Set<Integer> CLOSED = Set.of(401, 403, 404);

    @TempDir
    static Path data;

    private static final HttpClient CLIENT = HttpClient.newHttpClient();
    private static RunningSlipway slipway;
    private static StoredEnvironment mine;
    private static StoredEnvironment theirs;
    private static StoredRun run;
    private static StoredRun theirRun;
    private static final Map<Role, String> everywhere = new EnumMap<>(Role.class);
    private static final Map<Role, String> onMine = new EnumMap<>(Role.class);

    @BeforeAll
    static void start() {
        slipway = RunningSlipway.start(data);
        mine = slipway.environment(DOCUMENT.formatted("mine", "0".repeat(64)), "mine-dev");
        theirs = slipway.environment(DOCUMENT.formatted("theirs", "0".repeat(64)), "theirs-dev");
        run = slipway.start(mine);
        theirRun = slipway.start(theirs);
        slipway.finished(run.id(), Duration.ofMinutes(1));
        slipway.finished(theirRun.id(), Duration.ofMinutes(1));
        for (Role role : Role.values()) {
            everywhere.put(role, token(role.word() + "-everywhere", Grant.everywhere(role)));
            onMine.put(role, token(role.word() + "-mine", Grant.environment(role, mine.applicationId(), mine.id())));
        }
    }

    @AfterAll
    static void stop() {
        slipway.close();
    }

    private static String token(String name, Grant grant) {
        Person service = slipway.get(PersonStore.class).add(name, Kind.SERVICE, List.of(grant), "test");
        return slipway.get(CredentialStore.class)
                .issue(service.id(), "test", EnumSet.allOf(Permission.class), null, "test")
                .text()
                .reveal();
    }

    /** A route, and what its rule says. */
    private record Route(RequestMethod method, String path, Annotation rule, HandlerMethod handler) {
        boolean api() {
            return path.startsWith("/api/");
        }

        @Override
        public String toString() {
            return method + " " + path;
        }
    }

    private static RequestMappingHandlerMapping mappings() {
        return slipway.get("requestMappingHandlerMapping", RequestMappingHandlerMapping.class);
    }

    private static List<Route> routes() {
        List<Route> routes = new ArrayList<>();
        RequestMappingHandlerMapping mapping = mappings();
        for (Map.Entry<RequestMappingInfo, HandlerMethod> entry :
                mapping.getHandlerMethods().entrySet()) {
            if (!entry.getValue().getBeanType().getName().startsWith("dev.slipway.")) {
                continue;
            }
            for (String path : entry.getKey().getPatternValues()) {
                Set<RequestMethod> methods =
                        entry.getKey().getMethodsCondition().getMethods();
                for (RequestMethod method : methods.isEmpty() ? Set.of(RequestMethod.GET) : methods) {
                    routes.add(new Route(method, path, rule(entry.getValue()), entry.getValue()));
                }
            }
        }
        return routes;
    }

    private static Annotation rule(HandlerMethod handler) {
        for (Class<? extends Annotation> kind : List.of(Needs.class, SignedInOnly.class, OpenToAll.class)) {
            Annotation rule = AnnotatedElementUtils.findMergedAnnotation(handler.getMethod(), kind);
            if (rule != null) {
                return rule;
            }
        }
        for (Class<? extends Annotation> kind : List.of(Needs.class, SignedInOnly.class, OpenToAll.class)) {
            Annotation rule = AnnotatedElementUtils.findMergedAnnotation(handler.getBeanType(), kind);
            if (rule != null) {
                return rule;
            }
        }
        throw new AssertionError("no rule: " + handler);
    }

    @Test
    @DisplayName("each role meets at each API route exactly the answer that the route's rule gives; nobody gets in")
    void roles() throws Exception {
        List<String> wrong = new ArrayList<>();
        int asked = 0;
        for (Route route : routes()) {
            if (!route.api() || route.rule() instanceof OpenToAll) {
                continue;
            }
            if (status(route, mine, run, "") != 401) {
                wrong.add(route + " lets nobody in");
            }
            if (!(route.rule() instanceof Needs needs)) {
                continue;
            }
            for (Role role : Role.values()) {
                // What really does something is done by nobody here: whoever may, is asked no further.
                boolean may = role.permits(needs.value());
                boolean mayMine = may && needs.at() != At.EVERYWHERE && needs.at() != At.APPLICATION
                        || may && needs.at() == At.APPLICATION && needs.value() == Permission.VIEW;
                asked += 3;
                if (!may) {
                    expect(route, everywhere.get(role), mine, run, 403, role + " everywhere", wrong);
                    expect(route, onMine.get(role), mine, run, 403, role + " on mine", wrong);
                } else if (route.method() == RequestMethod.GET && !route.path().contains("events")) {
                    open(route, everywhere.get(role), role + " everywhere", wrong);
                }
                if (!mayMine) {
                    expect(route, onMine.get(role), mine, run, 403, role + " on mine", wrong);
                }
                if (needs.at() == At.ENVIRONMENT || needs.at() == At.RUN) {
                    expect(route, onMine.get(role), theirs, theirRun, 404, role + " on another's", wrong);
                }
            }
        }
        assertThat(wrong).isEmpty();
        assertThat(asked).as("there are routes").isGreaterThan(300);
    }

    @Test
    @DisplayName("a viewer's token changes nothing: every route that is not a read refuses it")
    void viewers() throws Exception {
        Set<String> open = new TreeSet<>();
        for (Route route : routes()) {
            if (route.api()
                    && route.method() != RequestMethod.GET
                    && route.rule() instanceof Needs
                    && !CLOSED.contains(status(route, mine, run, everywhere.get(Role.VIEWER)))) {
                open.add(route.toString());
            }
        }
        assertThat(open)
                .as("what writes nothing, and a reader's own inbox")
                .containsExactly(
                        "DELETE /api/v1/environments/{environment}/watch",
                        "DELETE /api/v1/inbox/{run}/seen",
                        "POST /api/v1/applications:check",
                        "POST /api/v1/environments/{environment}/push-rules:try",
                        "PUT /api/v1/environments/{environment}/watch",
                        "PUT /api/v1/inbox/{run}/seen");
    }

    @Test
    @DisplayName("each role, each operation, each door: a run begins exactly where the role permits it")
    void doors() {
        Runs runs = slipway.get(Runs.class);
        for (Trigger door : Trigger.values()) {
            for (Role role : Role.values()) {
                for (Operation operation : Operation.values()) {
                    Caller caller = new Caller(
                            null,
                            role.word(),
                            door,
                            List.of(Grant.environment(role, mine.applicationId(), mine.id())),
                            EnumSet.allOf(Permission.class),
                            null,
                            "");
                    boolean may = role.permits(operation == Operation.DESTROY ? Permission.OPERATE : Permission.DEPLOY);
                    RunRequest elsewhere = request(role, operation, theirs, door);
                    assertThatThrownBy(() -> runs.start(elsewhere, caller))
                            .as("%s %s %s elsewhere", door, role, operation)
                            .isInstanceOfSatisfying(ProblemException.class, EveryRouteTest::notPermitted);
                    if (!may) {
                        assertThatThrownBy(() -> runs.start(request(role, operation, mine, door), caller))
                                .as("%s %s %s", door, role, operation)
                                .isInstanceOfSatisfying(ProblemException.class, EveryRouteTest::notPermitted);
                    } else if (operation == Operation.RESTART) {
                        assertThat(runs.start(request(role, operation, mine, door), caller)
                                        .actor())
                                .isEqualTo(role.word());
                    }
                }
            }
        }
        assertThat(slipway.get(RunStore.class).list(theirs.id(), null, null, Long.MAX_VALUE, 10))
                .as("a refusal leaves no row")
                .hasSize(1);
    }

    private static void notPermitted(ProblemException refused) {
        assertThat(refused.problems().get(0).code()).isEqualTo(ProblemCode.NOT_PERMITTED);
    }

    private static RunRequest request(Role role, Operation operation, StoredEnvironment environment, Trigger door) {
        return new RunRequest(
                Scope.whole(operation), environment.id(), door, role.word(), null, OnConflict.STOP, Ids.next());
    }

    private static void expect(
            Route route,
            String token,
            StoredEnvironment environment,
            StoredRun ofRun,
            int wanted,
            String who,
            List<String> wrong)
            throws Exception {
        int status = status(route, environment, ofRun, token);
        // A name that somebody may not see is answered like one that nobody gave.
        if (status != wanted && !(wanted == 403 && status == 404)) {
            wrong.add(route + " " + who + ": " + status + " instead of " + wanted);
        }
    }

    private static void open(Route route, String token, String who, List<String> wrong) throws Exception {
        int status = status(route, mine, run, token);
        if (status == 401 || status == 403 || status >= 500) {
            wrong.add(route + " " + who + ": " + status);
        }
    }

    private static int status(Route route, StoredEnvironment environment, StoredRun ofRun, String token)
            throws IOException, InterruptedException {
        String path = route.path()
                .replace("{environment}", environment.name())
                .replace("{application}", environment.applicationName())
                .replace("{component}", "web")
                .replace("{run}", ofRun.id())
                .replaceAll("\\{[a-zA-Z]+}", "1");
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(slipway.url() + path))
                .timeout(Duration.ofSeconds(30))
                .header("Accept", MediaType.ALL_VALUE)
                .header("Content-Type", consumes(route))
                .method(route.method().name(), BodyPublishers.noBody());
        if (!token.isEmpty()) {
            request.header("Authorization", "Bearer " + token);
        }
        HttpResponse<String> answer = CLIENT.send(request.build(), BodyHandlers.ofString());
        return answer.statusCode();
    }

    private static String consumes(Route route) {
        return mappings().getHandlerMethods().entrySet().stream()
                .filter(entry -> entry.getValue().equals(route.handler()))
                .flatMap(entry -> entry.getKey().getConsumesCondition().getConsumableMediaTypes().stream())
                .findFirst()
                .map(MediaType::toString)
                .orElse(MediaType.APPLICATION_JSON_VALUE);
    }
}
