package dev.slipway.workflows.application;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.workflows.application.yaml.Reading;
import dev.slipway.workflows.problem.Problem;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class ApplicationCheckTest {
    private static final String VALID = """
            apiVersion: slipway.dev/v1
            kind: Application
            metadata: {name: storefront}
            spec:
              parameters:
                - {name: dbPassword, type: secret, generate: 24}
              components:
                - name: db
                  kind: stateful
                  source: {image: "postgres:18"}
                  ports: [{name: sql, port: 5432}]
                  env: {POSTGRES_PASSWORD: "${param.dbPassword}"}
                  volumes: [{name: data, path: /data, size: 1Gi}]
                - name: migrate
                  kind: job
                  source: {image: "flyway/flyway:11"}
                  dependsOn: [db]
                - name: orders
                  source: {git: ., path: services/orders, build: {base: "busybox:1"}}
                  ports: [{name: http, port: 8080, protocol: http}]
                  env: {DB: "${db.host}:${db.port.sql}/${environment}", VERSION: 1.10, ON: true}
                  probes: {readiness: {http: {port: http, path: /ready}}}
                  resources: {cpu: 100m..1, memory: 64Mi}
                  dependsOn: [migrate, {component: db, when: started}]
            """;

    @Test
    @DisplayName("a sensible document is fine; numbers in env stay the author's text; a bare job is waited for")
    void valid() {
        Reading<Application> reading = ApplicationCheck.read(VALID);

        assertThat(reading.problems()).isEmpty();
        Component orders = reading.orElseThrow().component("orders").orElseThrow();
        assertThat(orders.env()).containsEntry("VERSION", "1.10").containsEntry("ON", "true");
        assertThat(orders.dependsOn())
                .containsExactly(
                        new Dependency("migrate", Dependency.Condition.COMPLETED),
                        new Dependency("db", Dependency.Condition.STARTED));
        assertThat(orders.resources())
                .isEqualTo(new Resources(new Resources.Range("100m", "1"), new Resources.Range("64Mi", null)));
    }

    @ParameterizedTest
    @CsvSource({"10s, 10", "90s, 90", "15m, 900", "1h30m, 5400", "2h0m5s, 7205", "24h, 86400", "1440m, 86400"})
    @DisplayName("a deadline is hours, minutes and seconds, from ten seconds to a day")
    void deadlines(String text, long seconds) {
        Component migrate = ApplicationCheck.read(VALID.replace("dependsOn: [db]", "deadline: " + text))
                .orElseThrow()
                .component("migrate")
                .orElseThrow();

        assertThat(migrate.deadline()).isEqualTo(text);
        assertThat(migrate.ownDeadline()).isEqualTo(Duration.ofSeconds(seconds));
        assertThat(migrate.scaled(2).from(new Source.Image("a")).deadline()).isEqualTo(text);
    }

    @Test
    @DisplayName("every kind and what goes with it is sensible, too")
    void validKinds() {
        String more = """
                - name: mail
                  kind: external
                  address: smtp.example
                  ports: [{name: smtp, port: 587}]
                - name: ledger
                  kind: external
                  address: 192.0.2.10
                - name: report
                  kind: cron
                  schedule: "0 3 * * *"
                  source: {image: "busybox:1"}
                  volumes: [{name: data, path: /data, share: db/data}]
                  env: {MAIL: "${mail.host}:${mail.port}", LEDGER: "${ledger.host}"}
                  dependsOn: [mail, ledger, {component: db, when: healthy}]
                - name: agent
                  kind: daemon
                  source: {image: "busybox:1"}
            """.indent(4).replaceAll("(?m)^ {4}", "");
        String scaled = VALID.replace(
                        "memory: 64Mi}", "memory: 64Mi}\n      scale: {min: 1, max: 3, cpu: 70, memory: 80}")
                .replace(
                        "protocol: http}",
                        "protocol: http, expose: {host: \"orders.${environment}.example\", tls: t}}");

        Reading<Application> reading = ApplicationCheck.read(scaled + more);

        assertThat(reading.problems()).isEmpty();
        assertThat(reading.orElseThrow().component("report").orElseThrow().dependsOn())
                .contains(new Dependency("mail", Dependency.Condition.LINKED));
        assertThat(reading.orElseThrow().component("orders").orElseThrow().leastReplicas())
                .isEqualTo(1);
    }

    static Stream<Arguments> invalid() {
        return Stream.of(
                change("image: \"postgres:18\"", "image: \"postgres:18", "SYNTAX", null),
                change("storefront", "sto\u0007refront", "CHARACTER", "line 3"),
                change("{name: storefront}", "&m {name: storefront}", "FORBIDDEN-YAML", "metadata, line 3"),
                change("name: storefront", "name: *m", "FORBIDDEN-YAML", "metadata.name, line 3"),
                change("name: storefront", "name: !!str x", "FORBIDDEN-YAML", "metadata.name, line 3"),
                change("{name: storefront}", "{name: storefront, <<: {a: b}}", "FORBIDDEN-YAML", "metadata, line 3"),
                change(
                        "kind: stateful",
                        "kind: stateful\n      kind: job",
                        "DUPLICATE",
                        "spec.components[0].kind, line 10"),
                change("kind: stateful", "kind: stateful\n---\na: b", "FORBIDDEN-YAML", "line 10"),
                change("slipway.dev/v1", "slipway.dev/v9", "CHOICE", "apiVersion, line 1"),
                change("kind: Application", "kind: Deployment", "CHOICE", "kind, line 2"),
                change("metadata: {name: storefront}", "metadata: {}", "MISSING", "metadata.name, line 3"),
                change("name: storefront", "name: Store_Front", "NAME", "metadata.name, line 3"),
                change("kind: stateful", "kind: statefull", "CHOICE", "spec.components[0].kind, line 9"),
                change("ports: [{name: sql, port: 5432}]", "ports: 5432", "TYPE", "spec.components[0].ports, line 11"),
                change("port: 5432", "port: \"5432\"", "TYPE", "spec.components[0].ports[0].port, line 11"),
                change("port: 5432", "port: 70000", "VALUE", "spec.components[0].ports[0].port, line 11"),
                change(
                        "protocol: http}",
                        "protcol: http}",
                        "UNKNOWN-FIELD",
                        "spec.components[2].ports[0].protcol, line 20"),
                change("name: sql, port", "name: my_port, port", "NAME", "spec.components[0].ports[0].name, line 11"),
                change(
                        "{name: sql, port: 5432}",
                        "{name: sql, port: 5432}, {name: sql, port: 1}",
                        "DUPLICATE",
                        "spec.components[0].ports[1].name, line 11"),
                change(
                        "{name: sql, port: 5432}",
                        "{name: sql, port: 5432}, {name: b, port: 5432}",
                        "DUPLICATE",
                        "spec.components[0].ports[1].port, line 11"),
                change("name: migrate", "name: self", "RESERVED", "spec.components[1].name, line 14"),
                change("name: migrate", "name: db", "DUPLICATE", "spec.components[1].name, line 14"),
                change(
                        "dependsOn: [db]",
                        "dependsOn: [bd]",
                        "REFERENCE",
                        "spec.components[1].dependsOn[0].component, line 17"),
                change(
                        "dependsOn: [db]",
                        "dependsOn: [db, orders]",
                        "CYCLE",
                        "spec.components[1].dependsOn[1], line 17"),
                change("dependsOn: [db]", "dependsOn: [migrate]", "CYCLE", "spec.components[1].dependsOn[0], line 17"),
                change(
                        "when: started",
                        "when: completed",
                        "CONDITION",
                        "spec.components[2].dependsOn[1].when, line 24"),
                change(
                        "dependsOn: [db]",
                        "schedule: \"* * * * *\"",
                        "CONFLICT",
                        "spec.components[1].schedule, line 17"),
                change("dependsOn: [db]", "replicas: 2", "CONFLICT", "spec.components[1].replicas, line 17"),
                change("dependsOn: [db]", "address: db.example", "CONFLICT", "spec.components[1].address, line 17"),
                change(
                        "source: {image: \"flyway/flyway:11\"}",
                        "args: [x]",
                        "MISSING",
                        "spec.components[1].source, line 14"),
                change(
                        "image: \"flyway/flyway:11\"",
                        "image: \"Flyway:11\"",
                        "VALUE",
                        "spec.components[1].source.image, line 16"),
                change(
                        "image: \"flyway/flyway:11\"",
                        "image: a, git: .",
                        "CONFLICT",
                        "spec.components[1].source.image, line 16"),
                change("git: .,", "git: \"ext::sh -c x\",", "VALUE", "spec.components[2].source.git, line 19"),
                change("path: services/orders", "path: ../orders", "VALUE", "spec.components[2].source.path, line 19"),
                change(
                        "path: services/orders",
                        "branch: main, tag: v1",
                        "CONFLICT",
                        "spec.components[2].source.tag, line 19"),
                change("${db.host}", "${bd.host}", "REFERENCE", "spec.components[2].env.DB, line 21"),
                change("${db.host}", "${db.hots}", "LOOKUP", "spec.components[2].env.DB, line 21"),
                change("${db.host}", "${db.host", "LOOKUP", "spec.components[2].env.DB, line 21"),
                change("${db.port.sql}", "${db.port.web}", "REFERENCE", "spec.components[2].env.DB, line 21"),
                change(
                        "${param.dbPassword}",
                        "${param.password}",
                        "REFERENCE",
                        "spec.components[0].env.POSTGRES_PASSWORD, line 12"),
                change(
                        "${param.dbPassword}",
                        "${orders.host}",
                        "NOT-A-DEPENDENCY",
                        "spec.components[0].env.POSTGRES_PASSWORD, line 12"),
                change("VERSION:", "\"1 VERSION\":", "NAME", "spec.components[2].env[\"1 VERSION\"], line 21"),
                change(
                        "port: http, path",
                        "port: htp, path",
                        "REFERENCE",
                        "spec.components[2].probes.readiness.http.port, line 22"),
                change(
                        "path: /ready}}",
                        "path: /ready}, tcp: http}",
                        "CONFLICT",
                        "spec.components[2].probes.readiness.tcp, line 22"),
                change("100m..1", "2..1", "VALUE", "spec.components[2].resources.cpu, line 23"),
                change("64Mi", "64m", "VALUE", "spec.components[2].resources.memory, line 23"),
                change("path: /data,", "path: data,", "VALUE", "spec.components[0].volumes[0].path, line 13"),
                change("size: 1Gi", "size: big", "VALUE", "spec.components[0].volumes[0].size, line 13"),
                change("size: 1Gi", "label: x", "MISSING", "spec.components[0].volumes[0].size, line 13"),
                change("generate: 24", "default: hunter2", "CONFLICT", "spec.parameters[0].default, line 6"),
                change(
                        "dependsOn: [db]",
                        "command: [\"${param.dbPassword}\"]",
                        "CONFLICT",
                        "spec.components[1].command[0], line 17"),
                change(
                        "dependsOn: [db]",
                        "security: {runAsUser: 0}",
                        "CONFLICT",
                        "spec.components[1].security.runAsUser, line 17"),
                change(
                        "dependsOn: [db]",
                        "files: [{path: /a, content: b}, {path: /a, content: c}]",
                        "DUPLICATE",
                        "spec.components[1].files[1].path, line 17"),
                change("spec:", "spec:\n  governance: istio", "UNSUPPORTED", "spec.governance, line 5"),
                change("kind: job", "kind: cron", "MISSING", "spec.components[1].schedule, line 14"),
                change(
                        "kind: job",
                        "kind: cron\n      schedule: daily",
                        "VALUE",
                        "spec.components[1].schedule, line 16"),
                change(
                        "kind: job",
                        "kind: daemon\n      replicas: 2",
                        "CONFLICT",
                        "spec.components[1].replicas, line 16"),
                change("kind: stateful", "kind: daemon", "CONFLICT", "spec.components[0].volumes[0], line 13"),
                change("kind: job", "kind: external", "CONFLICT", "spec.components[1].source, line 16"),
                change(
                        "kind: job\n      source: {image: \"flyway/flyway:11\"}",
                        "kind: external\n      address: 127.0.0.1",
                        "VALUE",
                        "spec.components[1].address, line 16"),
                change(
                        "protocol: http}",
                        "expose: {host: a.example}}",
                        "CONFLICT",
                        "spec.components[2].ports[0].expose, line 20"),
                change(
                        "protocol: http}",
                        "protocol: http, expose: {host: \"A_${environment}.example\"}}",
                        "VALUE",
                        "spec.components[2].ports[0].expose.host, line 20"),
                change(
                        "protocol: http}",
                        "protocol: http, expose: {host: a.example, path: /a/../b}}",
                        "VALUE",
                        "spec.components[2].ports[0].expose.path, line 20"),
                change(
                        "protocol: http}",
                        "protocol: http, expose: {host: a.example}}, {name: b, port: 1, protocol: http, expose: {host: a.example}}",
                        "DUPLICATE",
                        "spec.components[2].ports[1].expose.host, line 20"),
                change(
                        "dependsOn: [db]",
                        "volumes: [{name: d, path: /d, share: db/data}]",
                        "MISSING",
                        "spec.components[1].volumes[0].share, line 17"),
                change(
                        "dependsOn: [db]",
                        "volumes: [{name: d, path: /d, share: db/data}, {name: e, path: /e, share: a/b}]",
                        "CONFLICT",
                        "spec.components[1].volumes[0].share, line 17"),
                change(
                        "dependsOn: [db]",
                        "volumes: [{name: d, path: /d, share: db/dta}]",
                        "REFERENCE",
                        "spec.components[1].volumes[0].share, line 17"),
                change(
                        "size: 1Gi}]\n    - name: migrate\n      kind: job",
                        "size: 1Gi}]\n      replicas: 2\n    - name: migrate\n      volumes: [{name: d, path: /d, share: db/data}]",
                        "CONFLICT",
                        "spec.components[1].volumes[0].share, line 16"),
                change(
                        "build: {base: \"busybox:1\"}",
                        "build: {builder: dockerfile, secrets: [token]}",
                        "REFERENCE",
                        "spec.components[2].source.build.secrets[0], line 19"),
                change(
                        "build: {base: \"busybox:1\"}",
                        "build: {base: \"busybox:1\", secrets: [token]}",
                        "CONFLICT",
                        "spec.components[2].source.build.secrets, line 19"),
                change(
                        "build: {base: \"busybox:1\"}",
                        "build: {dockerfileInline: FROM x, dockerfile: Dockerfile}",
                        "CONFLICT",
                        "spec.components[2].source.build.dockerfileInline, line 19"),
                change(
                        "build: {base: \"busybox:1\"}",
                        "build: {dockerfileInline: FROM x, builder: jib, base: \"busybox:1\"}",
                        "CONFLICT",
                        "spec.components[2].source.build.dockerfileInline, line 19"),
                change(
                        "build: {base: \"busybox:1\"}",
                        "build: {dockerfileInline: FROM x, base: \"busybox:1\"}",
                        "CONFLICT",
                        "spec.components[2].source.build.dockerfileInline, line 19"),
                change(
                        "build: {base: \"busybox:1\"}",
                        "build: {dockerfileInline: \" \"}",
                        "VALUE",
                        "spec.components[2].source.build.dockerfileInline, line 19"),
                change(
                        "build: {base: \"busybox:1\"}",
                        "build: {layout: {/srv: site}}",
                        "MISSING",
                        "spec.components[2].source.build.base, line 19"),
                change(
                        "build: {base: \"busybox:1\"}",
                        "build: {base: \"busybox:1\", target: web}",
                        "CONFLICT",
                        "spec.components[2].source.build.target, line 19"),
                change(
                        "dependsOn: [db]",
                        "sidecars: [log-shipper]",
                        "UNSUPPORTED",
                        "spec.components[1].sidecars, line 17"),
                change(
                        "dependsOn: [db]",
                        "scale: {min: 1, max: 2, cpu: 70}",
                        "CONFLICT",
                        "spec.components[1].scale, line 17"),
                change(
                        "resources: {cpu: 100m..1, memory: 64Mi}",
                        "scale: {min: 1, max: 2, cpu: 70}",
                        "MISSING",
                        "spec.components[2].scale.cpu, line 23"),
                change(
                        "memory: 64Mi}",
                        "memory: 64Mi}\n      scale: {min: 0, max: 2, cpu: 70}",
                        "VALUE",
                        "spec.components[2].scale.min, line 24"),
                change("dependsOn: [db]", "deadline: 15 minutes", "VALUE", "spec.components[1].deadline, line 17"),
                change("dependsOn: [db]", "deadline: 900", "VALUE", "spec.components[1].deadline, line 17"),
                change("dependsOn: [db]", "deadline: 9s", "VALUE", "spec.components[1].deadline, line 17"),
                change("dependsOn: [db]", "deadline: 24h1s", "VALUE", "spec.components[1].deadline, line 17"),
                change("dependsOn: [db]", "deadline: \"\"", "VALUE", "spec.components[1].deadline, line 17"),
                change("dependsOn: [db]", "deadline: {minutes: 5}", "TYPE", "spec.components[1].deadline, line 17"),
                change(
                        "kind: job",
                        "kind: cron\n      schedule: \"0 3 * * *\"\n      deadline: 5m",
                        "CONFLICT",
                        "spec.components[1].deadline, line 17"));
    }

    private static Arguments change(String from, String to, String code, String where) {
        assertThat(VALID).contains(from);
        int at = VALID.indexOf(from);
        return Arguments.of(
                VALID.substring(0, at) + to + VALID.substring(at + from.length()), "SLP-DOC-" + code, where);
    }

    @ParameterizedTest(name = "{1} at {2}")
    @MethodSource("invalid")
    @DisplayName("every kind of mistake is named with its code, its field and its line")
    void names(String yaml, String code, String where) {
        List<Problem> problems = ApplicationCheck.read(yaml).problems();

        assertThat(problems).as(yaml).anySatisfy(problem -> {
            assertThat(problem.code().id()).isEqualTo(code);
            if (where != null) {
                assertThat(problem.where()).isEqualTo(where);
            }
        });
    }

    @Test
    @DisplayName("mistakes of shape and of sense are told together, in the order of the text")
    void allAtOnce() {
        String yaml = VALID.replace("port: 5432", "port: x")
                .replace("dependsOn: [db]", "dependsOn: [bd]")
                .replace("1Gi", "big")
                .replace("cpu: 100m..1", "cpus: 1");

        List<Problem> problems = ApplicationCheck.read(yaml).problems();

        assertThat(problems.stream().map(p -> p.code().id() + " " + p.where()))
                .containsExactly(
                        "SLP-DOC-TYPE spec.components[0].ports[0].port, line 11",
                        "SLP-DOC-VALUE spec.components[0].volumes[0].size, line 13",
                        "SLP-DOC-REFERENCE spec.components[1].dependsOn[0].component, line 17",
                        "SLP-DOC-UNKNOWN-FIELD spec.components[2].resources.cpus, line 23");
        assertThat(problems.get(2).arguments()).containsEntry("closest", "db");
        assertThat(problems.get(3).arguments()).containsEntry("closest", "cpu");
    }

    @Test
    @DisplayName("a circle is named edge by edge, with the edge that may be linked instead")
    void cycle() {
        String yaml = VALID.replace("dependsOn: [db]", "dependsOn: [db, orders]");

        assertThat(ApplicationCheck.read(yaml).problems())
                .singleElement()
                .satisfies(problem -> assertThat(problem.arguments())
                        .containsEntry("candidate", "migrate -> orders")
                        .hasEntrySatisfying(
                                "cycle",
                                text -> assertThat(text)
                                        .contains("migrate -healthy-> orders")
                                        .contains("orders -completed-> migrate")));
    }

    @Test
    @DisplayName("more than 1,000 components and more than a megabyte are refused")
    void caps() {
        String many = IntStream.range(0, 1_001)
                .mapToObj(i -> "    - {name: c" + i + ", source: {image: a}}\n")
                .reduce("spec:\n  components:\n", String::concat);
        String head = "apiVersion: slipway.dev/v1\nkind: Application\nmetadata: {name: a}\n";

        assertThat(codes(head + many)).containsExactly("SLP-DOC-TOO-BIG");
        assertThat(codes(head + "#".repeat(1 << 20))).containsExactly("SLP-DOC-TOO-BIG");
        assertThat(codes(head + "x: " + "[".repeat(60) + "]".repeat(60))).containsExactly("SLP-DOC-TOO-BIG");
        assertThat(ApplicationCheck.read(new byte[] {'a', '\n', (byte) 0xC3, '('})
                        .problems())
                .singleElement()
                .satisfies(p -> assertThat(p.where()).isEqualTo("line 2"));
    }

    @Test
    @DisplayName("JSON is read by the same reader; null means not given")
    void json() {
        String json = """
                {"apiVersion": "slipway.dev/v1", "kind": "Application", "metadata": {"name": "a", "title": null},
                 "spec": {"components": [{"name": "web", "source": {"image": "a:1"}, "env": {"A": "\\u00e9"}}]}}
                """;

        assertThat(ApplicationCheck.read(json).orElseThrow().components().get(0).env())
                .containsEntry("A", "é");
    }

    private static List<String> codes(String yaml) {
        return ApplicationCheck.read(yaml).problems().stream()
                .map(p -> p.code().id())
                .toList();
    }
}
