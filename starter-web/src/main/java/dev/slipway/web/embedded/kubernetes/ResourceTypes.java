package dev.slipway.web.embedded.kubernetes;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Every kind the server knows: a fixed table, and what CustomResourceDefinitions add while it runs. */
final class ResourceTypes {
    static final ResourceType NAMESPACE =
            cluster("", "v1", "namespaces", "Namespace", "ns").withStatus();
    static final ResourceType POD = namespaced("", "v1", "pods", "Pod", "po").withStatus();
    static final ResourceType SERVICE =
            namespaced("", "v1", "services", "Service", "svc").withStatus();
    static final ResourceType CONFIG_MAP =
            namespaced("", "v1", "configmaps", "ConfigMap", "cm").plain();
    static final ResourceType SECRET = namespaced("", "v1", "secrets", "Secret").plain();
    static final ResourceType EVENT =
            namespaced("", "v1", "events", "Event", "ev").plain();
    static final ResourceType NODE = cluster("", "v1", "nodes", "Node", "no").withStatus();
    static final ResourceType SERVICE_ACCOUNT =
            namespaced("", "v1", "serviceaccounts", "ServiceAccount", "sa").plain();
    static final ResourceType CLAIM = namespaced("", "v1", "persistentvolumeclaims", "PersistentVolumeClaim", "pvc")
            .withStatus();
    static final ResourceType VOLUME =
            cluster("", "v1", "persistentvolumes", "PersistentVolume", "pv").withStatus();
    static final ResourceType DEPLOYMENT =
            namespaced("apps", "v1", "deployments", "Deployment", "deploy").withScale();
    static final ResourceType REPLICA_SET =
            namespaced("apps", "v1", "replicasets", "ReplicaSet", "rs").withScale();
    static final ResourceType STATEFUL_SET =
            namespaced("apps", "v1", "statefulsets", "StatefulSet", "sts").withScale();
    static final ResourceType DAEMON_SET =
            namespaced("apps", "v1", "daemonsets", "DaemonSet", "ds").withStatus();
    static final ResourceType JOB = namespaced("batch", "v1", "jobs", "Job").withStatus();
    static final ResourceType ENDPOINT_SLICE = namespaced("discovery.k8s.io", "v1", "endpointslices", "EndpointSlice")
            .plain();
    static final ResourceType BUDGET = namespaced("policy", "v1", "poddisruptionbudgets", "PodDisruptionBudget", "pdb")
            .withStatus();
    static final ResourceType AUTOSCALER = namespaced(
                    "autoscaling", "v2", "horizontalpodautoscalers", "HorizontalPodAutoscaler", "hpa")
            .withStatus();
    static final ResourceType STORAGE_CLASS = cluster("storage.k8s.io", "v1", "storageclasses", "StorageClass", "sc")
            .plain();
    static final ResourceType INGRESS_CLASS =
            cluster("networking.k8s.io", "v1", "ingressclasses", "IngressClass").plain();
    static final ResourceType DEFINITION = cluster(
                    "apiextensions.k8s.io", "v1", "customresourcedefinitions", "CustomResourceDefinition", "crd")
            .withStatus();

    private static final List<ResourceType> BUILT_IN = List.of(
            NAMESPACE,
            POD,
            SERVICE,
            CONFIG_MAP,
            SECRET,
            EVENT,
            NODE,
            SERVICE_ACCOUNT,
            CLAIM,
            VOLUME,
            namespaced("", "v1", "endpoints", "Endpoints", "ep").plain(),
            namespaced("", "v1", "limitranges", "LimitRange", "limits").plain(),
            namespaced("", "v1", "resourcequotas", "ResourceQuota", "quota").withStatus(),
            namespaced("", "v1", "podtemplates", "PodTemplate").plain(),
            DEPLOYMENT,
            REPLICA_SET,
            STATEFUL_SET,
            DAEMON_SET,
            namespaced("apps", "v1", "controllerrevisions", "ControllerRevision")
                    .plain(),
            JOB,
            namespaced("batch", "v1", "cronjobs", "CronJob", "cj").withStatus(),
            ENDPOINT_SLICE,
            namespaced("networking.k8s.io", "v1", "ingresses", "Ingress", "ing").withStatus(),
            namespaced("networking.k8s.io", "v1", "networkpolicies", "NetworkPolicy", "netpol")
                    .plain(),
            INGRESS_CLASS,
            BUDGET,
            AUTOSCALER,
            STORAGE_CLASS,
            cluster("scheduling.k8s.io", "v1", "priorityclasses", "PriorityClass", "pc")
                    .plain(),
            namespaced("rbac.authorization.k8s.io", "v1", "roles", "Role").plain(),
            namespaced("rbac.authorization.k8s.io", "v1", "rolebindings", "RoleBinding")
                    .plain(),
            cluster("rbac.authorization.k8s.io", "v1", "clusterroles", "ClusterRole")
                    .plain(),
            cluster("rbac.authorization.k8s.io", "v1", "clusterrolebindings", "ClusterRoleBinding")
                    .plain(),
            namespaced("coordination.k8s.io", "v1", "leases", "Lease").plain(),
            DEFINITION);

    private final Map<String, ResourceType> byId = Collections.synchronizedMap(new LinkedHashMap<>());

    ResourceTypes() {
        BUILT_IN.forEach(type -> byId.put(type.id(), type));
    }

    /** The type of {@code apiVersion} and plural name; null when the server does not know it. */
    @Nullable
    ResourceType find(String apiVersion, String plural) {
        return byId.get(apiVersion + "/" + plural);
    }

    Collection<ResourceType> all() {
        synchronized (byId) {
            return List.copyOf(byId.values());
        }
    }

    /** The type of an owner reference or an involved object; null when unknown. */
    @Nullable
    ResourceType ofKind(String apiVersion, String kind) {
        for (ResourceType type : all()) {
            if (type.kind().equals(kind) && type.apiVersion().equals(apiVersion)) {
                return type;
            }
        }
        return null;
    }

    /** Serves the versions a CustomResourceDefinition declares, but no kind that another one has. Safe to repeat. */
    void define(ObjectNode definition) {
        for (ResourceType type : definedBy(definition)) {
            ResourceType other = ofKind(type.apiVersion(), type.kind());
            if (other == null || other.id().equals(type.id())) {
                byId.put(type.id(), type);
            }
        }
    }

    void undefine(ObjectNode definition) {
        definedBy(definition).forEach(type -> byId.remove(type.id()));
    }

    static List<ResourceType> definedBy(ObjectNode definition) {
        JsonNode spec = definition.path("spec");
        List<String> shortNames = new ArrayList<>();
        Json.at(spec, "names", "shortNames").forEach(name -> shortNames.add(name.asString("")));
        List<ResourceType> types = new ArrayList<>();
        for (JsonNode version : spec.path("versions")) {
            if (version.path("served").asBoolean(false)) {
                types.add(new ResourceType(
                        Json.text(spec, "group"),
                        Json.text(version, "name"),
                        Json.text(spec, "names", "plural"),
                        Json.text(spec, "names", "kind"),
                        "Namespaced".equals(Json.text(spec, "scope")),
                        Json.at(version, "subresources", "status").isObject(),
                        false,
                        true,
                        shortNames));
            }
        }
        return types;
    }

    private static Draft namespaced(String group, String version, String plural, String kind, String... shortNames) {
        return new Draft(group, version, plural, kind, true, List.of(shortNames));
    }

    private static Draft cluster(String group, String version, String plural, String kind, String... shortNames) {
        return new Draft(group, version, plural, kind, false, List.of(shortNames));
    }

    private record Draft(
            String group, String version, String plural, String kind, boolean namespaced, List<String> shortNames) {
        ResourceType plain() {
            return type(false, false);
        }

        ResourceType withStatus() {
            return type(true, false);
        }

        ResourceType withScale() {
            return type(true, true);
        }

        private ResourceType type(boolean status, boolean scale) {
            return new ResourceType(group, version, plural, kind, namespaced, status, scale, false, shortNames);
        }
    }
}
