package dev.slipway.workflows.application;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.workflows.problem.Problem;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@DisplayName("raw manifests of a document")
class ManifestCheckTest {
    private static final String HEAD = """
            apiVersion: slipway.dev/v1
            kind: Application
            metadata: {name: shop}
            spec:
              parameters: [{name: word, type: secret}, {name: plain, default: a}]
              components: [{name: web, source: {image: "nginx:1"}, ports: [{name: http, port: 80}]}]
              manifests:
            """;

    private static List<Problem> problems(String... manifests) {
        return ApplicationCheck.read(HEAD + "    - " + String.join("\n    - ", manifests) + "\n")
                .problems();
    }

    @Test
    @DisplayName("are taken with look-ups, images and what they define")
    void takesGoodOnes() {
        assertThat(
                        problems(
                                "{apiVersion: v1, kind: ConfigMap, metadata: {name: a, labels: {team: x}}, data: {h:"
                                        + " \"${web.host}:${web.port}:${param.plain}:${environment}\"}}",
                                "{apiVersion: v1, kind: Secret, metadata: {name: a}, stringData: {w: \"${param.word}\"}}",
                                "{apiVersion: a.example/v1, kind: Widget, metadata: {name: a}, spec: {image: \"redis:7\"},"
                                        + " images: [\"redis:7\"]}",
                                "{apiVersion: apiextensions.k8s.io/v1, kind: CustomResourceDefinition, metadata: {name:"
                                        + " widgets.a.example}, spec: {group: a.example, scope: Namespaced, names: {kind: Widget}}}"))
                .isEmpty();
    }

    @ParameterizedTest(name = "{1} at {2}")
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "{kind: ConfigMap, metadata: {name: a}} | SLP-DOC-MISSING | .apiVersion",
                "{apiVersion: v1, metadata: {name: a}} | SLP-DOC-MISSING | .kind",
                "{apiVersion: v1, kind: ConfigMap} | SLP-DOC-MISSING | .metadata",
                "{apiVersion: v1, kind: ConfigMap, metadata: {}} | SLP-DOC-MISSING | .metadata.name",
                "{apiVersion: v1, kind: ConfigMap, metadata: {name: A_b}} | SLP-DOC-NAME | .metadata.name",
                "{apiVersion: v1, kind: ConfigMap, metadata: text} | SLP-DOC-TYPE | .metadata",
                "{apiVersion: a/b/c, kind: ConfigMap, metadata: {name: a}} | SLP-DOC-VALUE | .apiVersion",
                "{apiVersion: v1, kind: configMap, metadata: {name: a}} | SLP-DOC-VALUE | .kind",
                "{apiVersion: v1, kind: ConfigMap, metadata: {name: a, namespace: b}} | SLP-DOC-MANIFEST-FIELD | .metadata.namespace",
                "{apiVersion: v1, kind: ConfigMap, metadata: {name: a, generateName: b}} | SLP-DOC-MANIFEST-FIELD | .metadata.generateName",
                "{apiVersion: v1, kind: ConfigMap, metadata: {name: a, labels: {slipway.dev/environment: b}}} | SLP-DOC-MANIFEST-FIELD | .metadata.labels",
                "{apiVersion: v1, kind: ConfigMap, metadata: {name: a, labels: {n: 1}}} | SLP-DOC-TYPE | .metadata.labels.n",
                "{apiVersion: v1, kind: ConfigMap, metadata: {name: a}, status: {}} | SLP-DOC-MANIFEST-FIELD | .status",
                "{apiVersion: v1, kind: Namespace, metadata: {name: a}} | SLP-DOC-MANIFEST-KIND | .kind",
                "{apiVersion: rbac.authorization.k8s.io/v1, kind: ClusterRole, metadata: {name: a}} | SLP-DOC-MANIFEST-KIND | .kind",
                "{apiVersion: v1, kind: ConfigMap, metadata: {name: a}, data: {a: `${self.host}`}} | SLP-DOC-LOOKUP | .data.a",
                "{apiVersion: v1, kind: ConfigMap, metadata: {name: a}, data: {a: `${wbe.host}`}} | SLP-DOC-REFERENCE | .data.a",
                "{apiVersion: v1, kind: ConfigMap, metadata: {name: a}, data: {a: `${param.none}`}} | SLP-DOC-REFERENCE | .data.a",
                "{apiVersion: v1, kind: ConfigMap, metadata: {name: a}, data: {a: `${param.word}`}} | SLP-DOC-CONFLICT | .data.a",
                "{apiVersion: v1, kind: ConfigMap, metadata: {name: a}, images: [`redis:7`]} | SLP-DOC-REFERENCE | .images[0]",
                "{apiVersion: v1, kind: ConfigMap, metadata: {name: a}, images: [`Not An Image`]} | SLP-DOC-VALUE | .images[0]",
            })
    void refuses(String manifest, String code, String where) {
        assertThat(problems(manifest.replace('`', '"'))).singleElement().satisfies(problem -> {
            assertThat(problem.code().id()).isEqualTo(code);
            assertThat(problem.where()).startsWith("spec.manifests[0]" + where).contains(", line 8");
        });
    }

    @Test
    @DisplayName("cannot be two of one name, nor of a kind that is defined for the whole cluster")
    void refusesTogether() {
        String one = "{apiVersion: v1, kind: ConfigMap, metadata: {name: a}}";
        assertThat(problems(
                        one,
                        one,
                        "{apiVersion: apiextensions.k8s.io/v1, kind: CustomResourceDefinition, metadata: {name:"
                                + " widgets.a.example}, spec: {group: a.example, scope: Cluster, names: {kind: Widget}}}",
                        "{apiVersion: a.example/v1, kind: Widget, metadata: {name: a}}"))
                .extracting(problem -> problem.code().id() + " " + problem.where())
                .containsExactly(
                        "SLP-DOC-DUPLICATE spec.manifests[1], line 9",
                        "SLP-DOC-MANIFEST-KIND spec.manifests[3].kind, line 11");
    }
}
