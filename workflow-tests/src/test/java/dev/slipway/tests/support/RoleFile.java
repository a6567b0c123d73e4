package dev.slipway.tests.support;

import io.fabric8.kubernetes.api.model.rbac.ClusterRole;
import io.fabric8.kubernetes.api.model.rbac.PolicyRule;
import io.fabric8.kubernetes.api.model.rbac.PolicyRuleBuilder;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** {@code ops/kubernetes/role.yaml}: what people are told to grant to Slipway. */
public final class RoleFile {
    private RoleFile() {}

    /** One rule for each right. */
    public static List<PolicyRule> rules() {
        return rights().stream().map(RoleFile::rule).toList();
    }

    /** All but one, by its words of {@link #rights}. */
    public static List<PolicyRule> without(String right) {
        Set<String> rights = rights();
        if (!rights.remove(right)) {
            throw new IllegalArgumentException("not in role.yaml: " + right);
        }
        return rights.stream().map(RoleFile::rule).toList();
    }

    /** {@code create deployments.apps}, {@code get pods/log}. */
    public static Set<String> rights() {
        Set<String> rights = new TreeSet<>();
        for (PolicyRule rule : role().getRules()) {
            for (String group : rule.getApiGroups()) {
                for (String resource : rule.getResources()) {
                    for (String verb : rule.getVerbs()) {
                        rights.add(verb + " " + resource + (group.isEmpty() ? "" : "." + group));
                    }
                }
            }
        }
        return rights;
    }

    private static PolicyRule rule(String right) {
        String[] words = right.split("[ .]", 3);
        return new PolicyRuleBuilder()
                .withVerbs(words[0])
                .withResources(words[1])
                .withApiGroups(words.length > 2 ? words[2] : "")
                .build();
    }

    private static ClusterRole role() {
        try {
            return Serialization.unmarshal(
                    Files.readString(Storefront.root().resolve("ops/kubernetes/role.yaml"), StandardCharsets.UTF_8),
                    ClusterRole.class);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
