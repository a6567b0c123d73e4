package dev.slipway.activities.detect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import dev.slipway.activities.detect.Draft.Part;
import dev.slipway.activities.git.GitRef;
import dev.slipway.workflows.application.Application;
import dev.slipway.workflows.application.ApplicationCheck;
import dev.slipway.workflows.application.Component;
import dev.slipway.workflows.application.Dependency;
import dev.slipway.workflows.application.Dependency.Condition;
import dev.slipway.workflows.application.Port;
import dev.slipway.workflows.application.SecuritySettings.Profile;
import dev.slipway.workflows.application.Source;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class ComposeDraftTest {
    private static final String SHOP = """
            x-logs: &logs {driver: json-file}
            x-common: &common
              restart: unless-stopped
              environment: {TZ: UTC}
            services:
              web:
                <<: *common
                build: {context: ./web, target: prod, args: {MODE: fast}, shm_size: 1g}
                ports: ["8080:3000", "127.0.0.1:9229:9229", "53:53/udp"]
                environment:
                  - API_URL=http://api_server:9000/v1?x=${LEVEL:-1}
                  - LITERAL=$${HOME}
                  - TOKEN
                depends_on: {db: {condition: service_healthy}, seed: {condition: service_completed_successfully}}
                healthcheck: {test: curl -f http://localhost:3000/health || exit 1, interval: 1m30s, retries: 4}
                deploy: {replicas: 2, resources: {limits: {cpus: '0.5', memory: 300M}, reservations: {memory: 64m}}}
                volumes: ["./web:/app", "uploads:/uploads"]
                logging: *logs
                labels: {a: b}
              api_server:
                image: example/api:1
                entrypoint: /bin/api --verbose "two words"
                command: ["serve"]
                env_file: api.env
                depends_on: [db]
                user: "1500"
                read_only: true
                volumes: ["uploads:/shared", "./nginx.conf:/etc/nginx/nginx.conf:ro", "/var/run/docker.sock:/x"]
                secrets: [db-password]
              db:
                image: postgres:16-alpine
                volumes: ["data:/var/lib/postgresql/data"]
                secrets: [db-password]
                healthcheck: {test: [CMD, pg_isready], start_period: 1500ms}
              seed:
                build: {context: seed, dockerfile_inline: "FROM alpine:3\\nUSER 1000\\nCMD [\\"seed\\"]\\n"}
              debug:
                image: busybox
                profiles: [debug]
              gone:
                build: https://github.com/x/y.git
            volumes: {data: {}, uploads: {}}
            networks: {front: {}}
            secrets: {db-password: {file: ./password.txt}}
            """;

    private final Tree shop = new Tree()
            .file("compose.yaml", SHOP)
            .file(".env", "BASE=/srv\nLEVEL=${BASE}/2\n")
            .file("api.env", "# comment\nLOG='de bug'\n")
            .file("nginx.conf", "listen ${x};\n")
            .file("password.txt", "hunter2")
            .file("seed/seed.sh")
            .file("web/Dockerfile", "FROM node:22 AS prod\nUSER node\nEXPOSE 3000\nCMD [\"node\"]\n");

    @Test
    @DisplayName("what a compose file says of a service is said of a component")
    void carried() {
        Application application = application(draft(shop));

        assertThat(application.components())
                .extracting(Component::name)
                .containsExactly("web", "api-server", "db", "seed");
        Component web = component(application, "web");
        Source.Git git = (Source.Git) web.source();
        assertThat(git.path()).isEqualTo("web");
        assertThat(git.branch()).isEqualTo("main");
        assertThat(git.build().target()).isEqualTo("prod");
        assertThat(git.build().args()).containsEntry("MODE", "fast");
        assertThat(web.ports()).extracting(Port::port).contains(3000, 9229, 53);
        assertThat(web.env())
                .containsEntry("API_URL", "http://api_server:9000/v1?x=/srv/2")
                .containsEntry("LITERAL", "$${HOME}")
                .doesNotContainKey("TOKEN");
        assertThat(web.dependsOn())
                .contains(new Dependency("db", Condition.HEALTHY), new Dependency("seed", Condition.COMPLETED));
        assertThat(web.probes().readiness().http().path()).isEqualTo("/health");
        assertThat(web.probes().readiness().period()).isEqualTo(90);
        assertThat(web.replicas()).isEqualTo(2);
        assertThat(web.resources().cpu().limit()).isEqualTo("0.5");
        assertThat(web.resources().memory().request()).isEqualTo("64Mi");
        assertThat(web.security().runAsUser()).isEqualTo(1000);

        Component api = component(application, "api-server");
        assertThat(api.command()).containsExactly("/bin/api", "--verbose", "two words");
        assertThat(api.args()).containsExactly("serve");
        assertThat(api.env()).containsEntry("LOG", "de bug");
        assertThat(api.dependsOn()).containsExactly(new Dependency("db", Condition.STARTED));
        assertThat(api.ports()).extracting(Port::port).containsExactly(9000);
        assertThat(api.security().runAsUser()).isEqualTo(1500);
        assertThat(api.security().readOnlyRootFilesystem()).isTrue();
        assertThat(api.files())
                .extracting(file -> file.path() + " " + file.content())
                .containsExactly(
                        "/etc/nginx/nginx.conf listen $${x};\n", "/run/secrets/db-password ${param.db-password}");

        Component db = component(application, "db");
        assertThat(db.kind()).isEqualTo(Component.Kind.STATEFUL);
        assertThat(db.security().runAsUser()).isEqualTo(70);
        assertThat(db.ports()).extracting(Port::port).containsExactly(5432);
        assertThat(db.probes().readiness().exec()).containsExactly("pg_isready");
        assertThat(db.probes().readiness().initialDelay()).isEqualTo(2);

        Component seed = component(application, "seed");
        assertThat(seed.kind()).isEqualTo(Component.Kind.JOB);
        assertThat(((Source.Git) seed.source()).build().dockerfileInline()).startsWith("FROM alpine:3\nUSER 1000");
        assertThat(application.parameters())
                .extracting(parameter -> parameter.name())
                .containsExactly("db-password");
    }

    @Test
    @DisplayName("what cannot be said is told, and no secret of the repository is in the document")
    void toldOtherwise() {
        Draft draft = draft(shop);

        assertThat(told(draft, "web"))
                .contains(
                        "draft.mount [./web]",
                        "draft.left-out [labels]",
                        "draft.left-out [build.shm_size]",
                        "draft.no-value [TOKEN]",
                        "draft.published [8080, 3000]",
                        "draft.published [9229, 9229]");
        assertThat(told(draft, "api-server"))
                .contains(
                        "draft.renamed [api_server, api-server]",
                        "draft.mount [/var/run/docker.sock]",
                        "draft.port [9000, web]");
        assertThat(told(draft, "api-server")).anyMatch(line -> line.startsWith("draft.left-out [volumes: uploads"));
        assertThat(draft.remarks().stream().map(ComposeDraftTest::line))
                .contains("draft.profile [debug, debug]", "draft.no-source [gone]", "draft.left-out [networks: front]");
        assertThat(draft.document()).doesNotContain("hunter2");
    }

    @Test
    @DisplayName("a file that builds nothing brings what the programs beside it need")
    void infrastructureOnly() {
        Draft draft = draft(Tree.gradleSpring()
                .file("docker-compose.yml", "services: {cache: {image: redis:8}}")
                .file("web/src/main/resources/application.properties", "spring.data.redis.url=redis://cache:6379\n"));

        Application application = application(draft);
        assertThat(application.components()).extracting(Component::name).containsExactly("cache", "web");
        assertThat(component(application, "web").dependsOn())
                .containsExactly(new Dependency("cache", Condition.LINKED));
    }

    @Test
    @DisplayName("an image whose sources are in the repository is built from them; a module brings its Dockerfile")
    void sourcesAreHere() {
        Draft draft = draft(Tree.maven()
                .file("compose.yaml", "services: {api: {image: 'shop/orders:latest', ports: ['80:8085']}}"));

        Source.Git git = (Source.Git) component(application(draft), "api").source();
        assertThat(git.path()).isEmpty();
        assertThat(told(draft, "api")).contains("draft.built-instead [shop/orders:latest]");
        assertThat(draft.parts().get(0).dockerfile()).contains("-pl orders -am package");
    }

    @Test
    @DisplayName(
            "without a compose file every project is a component; only what auto would not find has its Dockerfile in the document")
    void projects() {
        Draft draft = draft(Tree.maven()
                .file("orders2/pom.xml", "<project><artifactId>x</artifactId></project>")
                .file("web/package.json", "{\"scripts\":{\"start\":\"node index.js\"}}")
                .file("web/index.js", "listen(4000)")
                .file("web/.env", "ORDERS=http://orders:8085\n")
                .file("legacy/Dockerfile", "FROM php:8\nCMD [\"php\"]\n"));

        Application application = application(draft);
        assertThat(application.name()).isEqualTo("shop");
        assertThat(application.components()).extracting(Component::name).containsExactly("legacy", "orders", "web");
        assertThat(component(application, "legacy").security().profile()).isEqualTo(Profile.BASELINE);
        Source.Git web = (Source.Git) component(application, "web").source();
        assertThat(web.build().dockerfileInline()).isNull();
        assertThat(component(application, "web").dependsOn())
                .containsExactly(new Dependency("orders", Condition.LINKED));
        assertThat(draft.parts()).extracting(part -> part.dockerfile() != null).containsExactly(false, true, true);
    }

    @Test
    @DisplayName(
            "a compose file that refers to itself, unfolds without end or is none is told, and the projects are proposed")
    void hostile() {
        String bomb = "a: &a [x,x,x,x,x,x,x,x,x]\n"
                + "b: &b [*a,*a,*a,*a,*a,*a,*a,*a,*a]\nc: &c [*b,*b,*b,*b,*b,*b,*b,*b,*b]\n"
                + "d: &d [*c,*c,*c,*c,*c,*c,*c,*c,*c]\ne: &e [*d,*d,*d,*d,*d,*d,*d,*d,*d]\nservices: {x: {image: *e}}\n";
        String aliases = IntStream.range(1, 20)
                .mapToObj(i ->
                        "a%d: &a%d [%s]\n".formatted(i, i, String.join(",", Collections.nCopies(9, "*a" + (i - 1)))))
                .collect(Collectors.joining("", "a0: &a0 [x]\n", "? *a19\n: x\n"));
        for (String text :
                List.of(bomb, aliases, "&a {services: *a}", "- x", "{", "services: [[[", "[".repeat(100_000))) {
            Draft draft = assertTimeoutPreemptively(
                    Duration.ofSeconds(10), () -> draft(Tree.site().file("compose.yaml", text)));

            assertThat(application(draft).components()).hasSize(1);
            assertThat(draft.remarks().stream().map(ComposeDraftTest::line))
                    .anyMatch(line -> line.startsWith("draft.unreadable [compose.yaml"));
        }
    }

    @Test
    @DisplayName("values that are made of values grow to some megabytes together, and no further")
    void growing() {
        String values = IntStream.range(1, 1_000)
                .mapToObj(i -> "A%d=${A0}${A%d}\n".formatted(i, i - 1))
                .collect(Collectors.joining("", "A0=" + "x".repeat(60_000) + "\n", ""));
        Tree tree = new Tree()
                .file(".env", values)
                .file("compose.yaml", "services: {web: {image: x, environment: {A: '${A999}'}}}");

        Draft draft = assertTimeoutPreemptively(Duration.ofSeconds(10), () -> draft(tree));

        assertThat(draft.document().length()).isLessThan(1 << 20);
    }

    static Draft draft(Tree tree) {
        return Drafting.of(
                        tree.files(),
                        Bases.DEFAULT,
                        new Drafting.Origin("https://git.example/team/shop.git", GitRef.branch("main"), ""))
                .orElseThrow();
    }

    static Application application(Draft draft) {
        var reading = ApplicationCheck.read(draft.document());
        assertThat(reading.problems()).as("%s", draft.document()).isEmpty();
        return reading.orElseThrow();
    }

    private static Component component(Application application, String name) {
        return application.component(name).orElseThrow();
    }

    private static List<String> told(Draft draft, String component) {
        return draft.parts().stream()
                .filter(part -> part.component().equals(component))
                .map(Part::remarks)
                .flatMap(List::stream)
                .map(ComposeDraftTest::line)
                .toList();
    }

    private static String line(Remark remark) {
        return remark.code().key() + " " + remark.arguments();
    }
}
