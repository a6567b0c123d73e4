package dev.slipway.activities.kubernetes;

import dev.slipway.workflows.problem.Problem;
import dev.slipway.workflows.problem.ProblemCode;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.authentication.SelfSubjectReview;
import io.fabric8.kubernetes.api.model.authorization.v1.SelfSubjectAccessReview;
import io.fabric8.kubernetes.api.model.authorization.v1.SelfSubjectAccessReviewBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.Gettable;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** What the account that Slipway uses may do on a cluster, as the cluster itself answers. */
final class Access {
    /**
     * A right.
     *
     * @param group empty for the core
     * @param namespace empty: in all of them, or the kind has none
     */
    record Need(String group, String resource, String verb, String namespace) implements Comparable<Need> {
        static Need of(Class<? extends HasMetadata> type, String verb, String namespace) {
            return new Need(HasMetadata.getGroup(type), HasMetadata.getPlural(type), verb, namespace);
        }

        /** {@code deployments.apps}. */
        String kind() {
            return group.isEmpty() ? resource : resource + "." + group;
        }

        @Override
        public int compareTo(Need other) {
            return (namespace + " " + kind() + " " + verb)
                    .compareTo(other.namespace + " " + other.kind() + " " + other.verb);
        }
    }

    private final ClusterConnection cluster;
    private final ClusterErrors errors;

    Access(ClusterConnection cluster) {
        this.cluster = cluster;
        this.errors = new ClusterErrors(cluster.name());
    }

    /** Those of the rights that the account does not have. */
    Set<Need> missing(Collection<Need> needs) {
        List<Need> all = List.copyOf(new TreeSet<>(needs));
        List<Boolean> allowed = AtOnce.ask(all, this::allowed);
        Set<Need> missing = new TreeSet<>();
        for (int i = 0; i < all.size(); i++) {
            if (!allowed.get(i)) {
                missing.add(all.get(i));
            }
        }
        return missing;
    }

    private boolean allowed(Need need) {
        String[] resource = need.resource().split("/", 2); // pods/log
        SelfSubjectAccessReview review = new SelfSubjectAccessReviewBuilder()
                .withNewSpec()
                .withNewResourceAttributes()
                .withGroup(need.group())
                .withResource(resource[0])
                .withSubresource(resource.length == 1 ? null : resource[1])
                .withVerb(need.verb())
                .withNamespace(need.namespace().isEmpty() ? null : need.namespace())
                .endResourceAttributes()
                .endSpec()
                .build();
        SelfSubjectAccessReview answer = errors.at(
                "SelfSubjectAccessReview",
                () -> cluster.client()
                        .authorization()
                        .v1()
                        .selfSubjectAccessReview()
                        .create(review));
        return answer.getStatus() != null
                && Boolean.TRUE.equals(answer.getStatus().getAllowed());
    }

    /** One problem for all of them, with the roles that grant them. */
    Problem problem(Set<Need> missing, String namespace) {
        String user = user();
        return Problem.of(
                ProblemCode.KUBERNETES_ACCESS,
                "Namespace " + namespace,
                "cluster",
                cluster.name(),
                "account",
                user,
                "missing",
                words(missing),
                "role",
                roles(
                        missing,
                        there(cluster.client().namespaces().withName(namespace)) ? namespace : "",
                        namespace,
                        user));
    }

    /** What nobody may look at counts as not there. */
    static boolean there(Gettable<?> object) {
        try {
            return object.get() != null;
        } catch (KubernetesClientException e) {
            return false;
        }
    }

    /** {@code create, patch deployments.apps in shop; watch pods in all namespaces}. */
    private static String words(Set<Need> missing) {
        return byKind(missing).entrySet().stream()
                .map(entry -> String.join(", ", entry.getValue()) + " "
                        + entry.getKey().kind() + " "
                        + (entry.getKey().namespace().isEmpty()
                                ? "in the cluster"
                                : "in " + entry.getKey().namespace()))
                .collect(Collectors.joining("; "));
    }

    private static Map<Need, Set<String>> byKind(Set<Need> missing) {
        Map<Need, Set<String>> verbs = new TreeMap<>();
        missing.forEach(need -> verbs.computeIfAbsent(
                        new Need(need.group(), need.resource(), "", need.namespace()), kind -> new TreeSet<>())
                .add(need.verb()));
        return verbs;
    }

    /**
     * Roles and bindings to apply.
     *
     * @param place the namespace that roles can be put into; empty: none, so all is granted in the whole cluster
     */
    static String roles(Set<Need> missing, String place, String namespace, String user) {
        StringBuilder yaml = new StringBuilder();
        Map<Need, Set<String>> kinds = byKind(missing);
        for (boolean wide : new boolean[] {false, true}) {
            String rules = kinds.entrySet().stream()
                    .filter(entry ->
                            (place.isEmpty() || entry.getKey().namespace().isEmpty()) == wide)
                    .map(entry -> "  - {apiGroups: [\"" + entry.getKey().group() + "\"], resources: ["
                            + entry.getKey().resource() + "], verbs: [" + String.join(", ", entry.getValue()) + "]}\n")
                    .collect(Collectors.joining());
            if (!rules.isEmpty()) {
                // Each by a name of its own: a later one must not take away what an earlier one grants.
                String name = "slipway-" + (wide ? namespace + "-" : "") + String.format("%08x", rules.hashCode());
                String in = wide ? "" : ", namespace: " + place;
                String kind = wide ? "ClusterRole" : "Role";
                yaml.append(yaml.length() == 0 ? "" : "---\n")
                        .append("apiVersion: rbac.authorization.k8s.io/v1\nkind: ")
                        .append(kind)
                        .append("\nmetadata: {name: ")
                        .append(name)
                        .append(in)
                        .append("}\nrules:\n")
                        .append(rules)
                        .append("---\napiVersion: rbac.authorization.k8s.io/v1\nkind: ")
                        .append(kind)
                        .append("Binding\nmetadata: {name: ")
                        .append(name)
                        .append(in)
                        .append("}\nroleRef: {apiGroup: rbac.authorization.k8s.io, kind: ")
                        .append(kind)
                        .append(", name: ")
                        .append(name)
                        .append("}\nsubjects:\n  - ")
                        .append(subject(user))
                        .append('\n');
            }
        }
        return yaml.toString();
    }

    private static String subject(String user) {
        String[] words = user.split(":", -1);
        return user.startsWith("system:serviceaccount:") && words.length == 4
                ? "{kind: ServiceAccount, name: " + words[3] + ", namespace: " + words[2] + "}"
                : "{apiGroup: rbac.authorization.k8s.io, kind: User, name: \"" + user + "\"}";
    }

    /** Who the cluster takes Slipway for; a cluster before 1.28 does not say. */
    private String user() {
        try {
            SelfSubjectReview review =
                    cluster.client().resource(new SelfSubjectReview()).create();
            return review.getStatus().getUserInfo().getUsername();
        } catch (KubernetesClientException notSaid) {
            return "slipway";
        }
    }
}
