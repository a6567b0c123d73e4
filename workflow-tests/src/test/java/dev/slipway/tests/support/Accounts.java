package dev.slipway.tests.support;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.ServiceAccountBuilder;
import io.fabric8.kubernetes.api.model.authentication.TokenRequestBuilder;
import io.fabric8.kubernetes.api.model.rbac.ClusterRoleBindingBuilder;
import io.fabric8.kubernetes.api.model.rbac.ClusterRoleBuilder;
import io.fabric8.kubernetes.api.model.rbac.PolicyRule;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Base64;
import java.util.Deque;
import java.util.List;

/** Accounts with chosen rights on a real cluster. What was made for them goes again when this is closed. */
public final class Accounts implements AutoCloseable {
    private static final long TOKEN_SECONDS = 3600;

    private final KubernetesClient admin;
    private final Deque<HasMetadata> made = new ArrayDeque<>();

    /** @param admin who may do everything; stays open */
    public Accounts(KubernetesClient admin) {
        this.admin = admin;
    }

    /** A service account of a namespace that is there, with these rights in the whole cluster. */
    public Config account(String namespace, String name, List<PolicyRule> rules) {
        String role = namespace + "-" + name;
        admin.resource(new ServiceAccountBuilder()
                        .withNewMetadata()
                        .withNamespace(namespace)
                        .withName(name)
                        .endMetadata()
                        .build())
                .create();
        allow(role, rules);
        make(new ClusterRoleBindingBuilder()
                .withNewMetadata()
                .withName(role)
                .endMetadata()
                .withNewRoleRef("rbac.authorization.k8s.io", "ClusterRole", role)
                .addNewSubject(null, "ServiceAccount", name, namespace)
                .build());
        String token = admin.serviceAccounts()
                .inNamespace(namespace)
                .withName(name)
                .tokenRequest(new TokenRequestBuilder()
                        .withNewSpec()
                        .withExpirationSeconds(TOKEN_SECONDS)
                        .endSpec()
                        .build())
                .getStatus()
                .getToken();
        Config config = admin.getConfiguration();
        return new ConfigBuilder(Config.empty())
                .withMasterUrl(config.getMasterUrl())
                .withCaCertFile(config.getCaCertFile())
                .withCaCertData(config.getCaCertData())
                .withOauthToken(token)
                .build();
    }

    /** What {@link #account} says, as the file that Slipway reads. */
    public static String kubeconfig(Config account) {
        return """
                apiVersion: v1
                kind: Config
                clusters: [{name: real, cluster: {server: "%s", certificate-authority-data: "%s"}}]
                users: [{name: slipway, user: {token: "%s"}}]
                contexts: [{name: real, context: {cluster: real, user: slipway}}]
                current-context: real
                """.formatted(account.getMasterUrl(), authority(account), account.getOauthToken());
    }

    private static String authority(Config account) {
        try {
            return account.getCaCertData() != null
                    ? account.getCaCertData()
                    : Base64.getEncoder().encodeToString(Files.readAllBytes(Path.of(account.getCaCertFile())));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Gives an account of {@link #account} other rights. The cluster takes a moment to know it. */
    public void change(String namespace, String name, List<PolicyRule> rules) {
        allow(namespace + "-" + name, rules);
    }

    private void allow(String role, List<PolicyRule> rules) {
        make(new ClusterRoleBuilder()
                .withNewMetadata()
                .withName(role)
                .endMetadata()
                .withRules(rules)
                .build());
    }

    /** Applies the roles and bindings that Slipway has printed. */
    public void grant(String yaml) {
        admin.load(new ByteArrayInputStream(yaml.getBytes(StandardCharsets.UTF_8)))
                .items()
                .forEach(this::make);
    }

    private void make(HasMetadata object) {
        made.push(admin.resource(object).fieldManager("test").forceConflicts().serverSideApply());
    }

    /** Takes away what was granted. */
    @Override
    public void close() {
        made.forEach(object -> admin.resource(object).delete());
        made.clear();
    }
}
