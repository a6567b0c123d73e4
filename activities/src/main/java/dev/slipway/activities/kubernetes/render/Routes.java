package dev.slipway.activities.kubernetes.render;

import dev.slipway.workflows.application.Component;
import dev.slipway.workflows.application.Port;
import io.fabric8.kubernetes.api.model.networking.v1.HTTPIngressPath;
import io.fabric8.kubernetes.api.model.networking.v1.HTTPIngressPathBuilder;
import io.fabric8.kubernetes.api.model.networking.v1.Ingress;
import io.fabric8.kubernetes.api.model.networking.v1.IngressBuilder;
import io.fabric8.kubernetes.api.model.networking.v1.IngressRule;
import io.fabric8.kubernetes.api.model.networking.v1.IngressRuleBuilder;
import io.fabric8.kubernetes.api.model.networking.v1.IngressTLS;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Ways in from outside: one Ingress for a component, of the cluster's default class. */
final class Routes {
    private Routes() {}

    /** {@code null}: nothing of it is exposed. */
    static @Nullable Ingress of(Component component, Values values) {
        Map<String, List<HTTPIngressPath>> paths = new LinkedHashMap<>();
        Map<String, Set<String>> hostsBySecret = new LinkedHashMap<>();
        for (Port port : component.ports()) {
            Port.Expose expose = port.expose();
            if (expose == null) {
                continue;
            }
            String host = host(component, expose, values);
            paths.computeIfAbsent(host, first -> new ArrayList<>()).add(path(component, port, expose));
            if (expose.tls() != null) {
                hostsBySecret
                        .computeIfAbsent(expose.tls(), first -> new LinkedHashSet<>())
                        .add(host);
            }
        }
        if (paths.isEmpty()) {
            return null;
        }
        List<IngressRule> rules = new ArrayList<>();
        paths.forEach((host, below) -> rules.add(new IngressRuleBuilder()
                .withHost(host)
                .withNewHttp()
                .withPaths(below)
                .endHttp()
                .build()));
        List<IngressTLS> tls = new ArrayList<>();
        hostsBySecret.forEach((secret, hosts) -> tls.add(new IngressTLS(List.copyOf(hosts), secret)));
        return new IngressBuilder()
                .withNewMetadata()
                .withName(component.name())
                .endMetadata()
                .withNewSpec()
                .withRules(rules)
                .withTls(tls)
                .endSpec()
                .build();
    }

    /** With all look-ups done, as browsers ask for it. */
    static String host(Component component, Port.Expose expose, Values values) {
        return values.resolve(component, expose.host()).text().toLowerCase(Locale.ROOT);
    }

    private static HTTPIngressPath path(Component component, Port port, Port.Expose expose) {
        return new HTTPIngressPathBuilder()
                .withPath(expose.path())
                .withPathType("Prefix")
                .withNewBackend()
                .withNewService()
                .withName(component.name())
                .withNewPort()
                .withName(port.name())
                .endPort()
                .endService()
                .endBackend()
                .build();
    }
}
