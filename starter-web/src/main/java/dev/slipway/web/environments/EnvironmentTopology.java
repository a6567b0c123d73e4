package dev.slipway.web.environments;

import dev.slipway.web.environments.EnvironmentView.ComponentView;
import dev.slipway.web.environments.EnvironmentView.DependencyView;
import dev.slipway.web.environments.topology.TopologySvg;
import dev.slipway.web.environments.topology.TopologySvg.Need;
import dev.slipway.web.environments.topology.TopologySvg.Node;
import dev.slipway.web.shell.Wording;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Draws an environment's components in a reader's language. */
public final class EnvironmentTopology {
    private EnvironmentTopology() {}

    /**
     * @param chosen the component that is looked at; {@code null}: none
     * @param href where a component's node leads
     */
    public static TopologySvg of(
            List<ComponentView> components,
            @Nullable String chosen,
            Function<ComponentView, String> href,
            Wording wording) {
        List<Node> nodes = new ArrayList<>();
        List<Need> needs = new ArrayList<>();
        for (ComponentView component : components) {
            nodes.add(new Node(
                    component.name(),
                    component.state(),
                    wording.word("state", component.state()),
                    count(component, wording),
                    component.sourceLine(),
                    wording.reason(component.reason()),
                    href.apply(component),
                    component.name().equals(chosen)));
            for (DependencyView dependency : component.dependsOn()) {
                needs.add(new Need(
                        component.name(),
                        dependency.component(),
                        !dependency.when().equals("linked"),
                        dependency.met(),
                        wording.say(
                                dependency.met() ? "topology.met" : "topology.unmet",
                                component.name(),
                                dependency.component(),
                                wording.word("when", dependency.when()))));
            }
        }
        return TopologySvg.of(nodes, needs);
    }

    private static String count(ComponentView component, Wording wording) {
        return switch (component.kind()) {
            case "job", "cron", "external" -> wording.word("kind", component.kind());
            default -> component.ready() + "/" + component.wanted();
        };
    }
}
