package dev.slipway.activities.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.activities.kubernetes.render.ObjectRef;
import dev.slipway.activities.kubernetes.render.RenderedObject;
import dev.slipway.workflows.problem.Problem;
import dev.slipway.workflows.problem.ProblemCode;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaimBuilder;
import io.fabric8.kubernetes.api.model.apps.StatefulSetBuilder;
import io.fabric8.kubernetes.api.model.networking.v1.IngressBuilder;
import io.fabric8.kubernetes.api.model.networking.v1.IngressClass;
import io.fabric8.kubernetes.api.model.networking.v1.IngressClassBuilder;
import io.fabric8.kubernetes.api.model.storage.StorageClass;
import io.fabric8.kubernetes.api.model.storage.StorageClassBuilder;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class ClassesTest {
    private static final LiveState NOTHING = new LiveState(null, Map.of());

    @Test
    @DisplayName("a new claim needs the class it names, or a default; one that is there has found its class")
    void storage() {
        RenderedObject fast = claim("data", "fast");
        RenderedObject any = claim("cache", null);
        RenderedObject set = object(new StatefulSetBuilder()
                .withNewMetadata()
                .withName("db")
                .endMetadata()
                .withNewSpec()
                .withVolumeClaimTemplates(List.of(new PersistentVolumeClaimBuilder()
                        .withNewMetadata()
                        .withName("rows")
                        .endMetadata()
                        .withNewSpec()
                        .endSpec()
                        .build()))
                .endSpec()
                .build());

        List<Problem> none = Classes.storage(List.of(fast, any, set), NOTHING, List.of(), "lab");
        List<Problem> noDefault =
                Classes.storage(List.of(fast, any, set), NOTHING, List.of(storageClass("fast", false)), "lab");

        assertThat(none)
                .extracting(problem -> problem.arguments().get("name"))
                .containsExactly("data", "cache", "rows");
        assertThat(none).extracting(Problem::code).containsOnly(ProblemCode.KUBERNETES_STORAGE_CLASS);
        assertThat(noDefault)
                .extracting(problem -> problem.arguments().get("class") + " of "
                        + problem.arguments().get("known"))
                .containsExactly("default of fast", "default of fast");
        assertThat(Classes.storage(List.of(fast, any, set), NOTHING, List.of(storageClass("fast", true)), "lab"))
                .isEmpty();
        LiveState there = new LiveState(null, Map.of("PersistentVolumeClaim/data", fast.object()));
        assertThat(Classes.storage(List.of(fast), there, List.of(), "lab")).isEmpty();
    }

    @Test
    @DisplayName("a route needs the class it names, or a default, or the only one there is")
    void ingress() {
        RenderedObject named = route("nginx");
        RenderedObject any = route(null);

        assertThat(Classes.ingress(List.of(named, any), List.of(), "lab"))
                .extracting(Problem::code)
                .containsExactly(ProblemCode.KUBERNETES_INGRESS_CLASS, ProblemCode.KUBERNETES_INGRESS_CLASS);
        assertThat(Classes.ingress(List.of(named, any), List.of(ingressClass("nginx", false)), "lab"))
                .isEmpty();
        List<IngressClass> two = List.of(ingressClass("a", false), ingressClass("b", false));
        assertThat(Classes.ingress(List.of(any), two, "lab")).hasSize(1);
        assertThat(Classes.ingress(List.of(any), List.of(ingressClass("a", false), ingressClass("b", true)), "lab"))
                .isEmpty();
    }

    @Test
    @DisplayName("the roles that are printed grant what is missing, to whom it is missing, and none replaces another")
    void roles() {
        Set<Access.Need> missing = new TreeSet<>(List.of(
                new Access.Need("apps", "deployments", "create", "shop"),
                new Access.Need("apps", "deployments", "patch", "shop"),
                new Access.Need("", "namespaces", "create", "")));

        String roles = Access.roles(missing, "shop", "shop", "system:serviceaccount:tools:slipway");

        assertThat(roles).isEqualTo("""
                        apiVersion: rbac.authorization.k8s.io/v1
                        kind: Role
                        metadata: {name: slipway-cec19f9a, namespace: shop}
                        rules:
                          - {apiGroups: ["apps"], resources: [deployments], verbs: [create, patch]}
                        ---
                        apiVersion: rbac.authorization.k8s.io/v1
                        kind: RoleBinding
                        metadata: {name: slipway-cec19f9a, namespace: shop}
                        roleRef: {apiGroup: rbac.authorization.k8s.io, kind: Role, name: slipway-cec19f9a}
                        subjects:
                          - {kind: ServiceAccount, name: slipway, namespace: tools}
                        ---
                        apiVersion: rbac.authorization.k8s.io/v1
                        kind: ClusterRole
                        metadata: {name: slipway-shop-d2b2bfa6}
                        rules:
                          - {apiGroups: [""], resources: [namespaces], verbs: [create]}
                        ---
                        apiVersion: rbac.authorization.k8s.io/v1
                        kind: ClusterRoleBinding
                        metadata: {name: slipway-shop-d2b2bfa6}
                        roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: slipway-shop-d2b2bfa6}
                        subjects:
                          - {kind: ServiceAccount, name: slipway, namespace: tools}
                        """);
    }

    @Test
    @DisplayName("while the namespace is not there, all that is missing is granted in the whole cluster")
    void widely() {
        Set<Access.Need> missing = new TreeSet<>(List.of(
                new Access.Need("apps", "deployments", "create", "shop"),
                new Access.Need("", "namespaces", "create", "")));

        assertThat(Access.roles(missing, "", "shop", "jane"))
                .contains("kind: ClusterRole\n", "[deployments]", "[namespaces]")
                .doesNotContain("kind: Role\n");
    }

    private static RenderedObject claim(String name, @Nullable String storageClass) {
        return object(new PersistentVolumeClaimBuilder()
                .withNewMetadata()
                .withName(name)
                .endMetadata()
                .withNewSpec()
                .withStorageClassName(storageClass)
                .endSpec()
                .build());
    }

    private static RenderedObject route(@Nullable String ingressClass) {
        return object(new IngressBuilder()
                .withNewMetadata()
                .withName("web")
                .endMetadata()
                .withNewSpec()
                .withIngressClassName(ingressClass)
                .endSpec()
                .build());
    }

    private static RenderedObject object(HasMetadata object) {
        return new RenderedObject(
                new ObjectRef(object.getKind(), object.getMetadata().getName(), "web"), object, "hash");
    }

    private static StorageClass storageClass(String name, boolean isDefault) {
        return new StorageClassBuilder()
                .withNewMetadata()
                .withName(name)
                .addToAnnotations("storageclass.kubernetes.io/is-default-class", Boolean.toString(isDefault))
                .endMetadata()
                .build();
    }

    private static IngressClass ingressClass(String name, boolean isDefault) {
        return new IngressClassBuilder()
                .withNewMetadata()
                .withName(name)
                .addToAnnotations("ingressclass.kubernetes.io/is-default-class", Boolean.toString(isDefault))
                .endMetadata()
                .build();
    }
}
