package dev.slipway.web.applications;

import static dev.slipway.web.applications.FormField.choice;
import static dev.slipway.web.applications.FormField.of;
import static dev.slipway.web.applications.FormField.table;

import dev.slipway.web.applications.FormField.Group;
import dev.slipway.web.applications.FormField.Type;
import dev.slipway.workflows.application.Component;
import dev.slipway.workflows.application.Dependency;
import dev.slipway.workflows.application.Governance;
import dev.slipway.workflows.application.Parameter;
import dev.slipway.workflows.application.Port;
import dev.slipway.workflows.application.SecuritySettings;
import dev.slipway.workflows.application.Source;
import dev.slipway.workflows.application.yaml.Words;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/** Which fields the forms have: every field of a component, and those of an application besides its components. */
final class FormShapes {
    private FormShapes() {}

    /** @param others the components that an edge can lead to */
    static List<Group> component(List<String> others) {
        return List.of(
                new Group(
                        "basics",
                        List.of(
                                choice("kind", words(Component.Kind.values())),
                                of("replicas", Type.NUMBER),
                                of("deadline", Type.TEXT),
                                of("schedule", Type.TEXT),
                                of("address", Type.TEXT))),
                new Group(
                        "source",
                        List.of(
                                of("source.image", Type.TEXT),
                                of("source.git", Type.TEXT),
                                of("source.branch", Type.BRANCH),
                                of("source.tag", Type.TAG),
                                of("source.commit", Type.TEXT),
                                of("source.path", Type.TEXT),
                                choice("source.build.builder", words(Source.Builder.values())),
                                of("source.build.base", Type.TEXT),
                                of("source.build.dockerfile", Type.TEXT),
                                of("source.build.dockerfileInline", Type.AREA),
                                of("source.build.target", Type.TEXT),
                                of("source.build.layout", Type.MAP),
                                of("source.build.args", Type.MAP),
                                of("source.build.secrets", Type.LIST),
                                of("source.build.entrypoint", Type.LIST))),
                new Group(
                        "edges",
                        List.of(table(
                                "dependsOn",
                                choice("component", others),
                                choice("when", words(Dependency.Condition.values()))))),
                new Group(
                        "command",
                        List.of(of("command", Type.LIST), of("args", Type.LIST), of("workingDir", Type.TEXT))),
                new Group(
                        "ports",
                        List.of(table(
                                "ports",
                                of("name", Type.TEXT),
                                of("port", Type.NUMBER),
                                choice("protocol", words(Port.Protocol.values())),
                                of("expose.host", Type.TEXT),
                                of("expose.path", Type.TEXT),
                                of("expose.tls", Type.TEXT)))),
                new Group("env", List.of(of("env", Type.MAP), of("exports", Type.MAP))),
                new Group("files", List.of(table("files", of("path", Type.TEXT), of("content", Type.AREA)))),
                new Group(
                        "volumes",
                        List.of(table(
                                "volumes",
                                of("name", Type.TEXT),
                                of("path", Type.TEXT),
                                of("size", Type.TEXT),
                                of("share", Type.TEXT)))),
                new Group(
                        "probes",
                        Stream.of("readiness", "liveness", "startup")
                                .flatMap(FormShapes::probe)
                                .toList()),
                new Group(
                        "resources",
                        List.of(
                                of("resources.cpu", Type.TEXT),
                                of("resources.memory", Type.TEXT),
                                of("scale.min", Type.NUMBER),
                                of("scale.max", Type.NUMBER),
                                of("scale.cpu", Type.NUMBER),
                                of("scale.memory", Type.NUMBER))),
                new Group(
                        "security",
                        List.of(
                                choice("security.profile", words(SecuritySettings.Profile.values())),
                                of("security.runAsUser", Type.NUMBER),
                                of("security.runAsGroup", Type.NUMBER),
                                of("security.fsGroup", Type.NUMBER),
                                of("security.readOnlyRootFilesystem", Type.TRUTH),
                                of("security.capabilities", Type.LIST))),
                new Group(
                        "more",
                        List.of(
                                table("sidecars", of("use", Type.TEXT), of("with", Type.YAML)),
                                of("patch", Type.YAML))));
    }

    private static Stream<FormField> probe(String name) {
        String probe = "probes." + name + ".";
        return Stream.of(
                of(probe + "http.port", Type.TEXT),
                of(probe + "http.path", Type.TEXT),
                of(probe + "tcp", Type.TEXT),
                of(probe + "grpc", Type.TEXT),
                of(probe + "exec", Type.LIST),
                of(probe + "initialDelay", Type.NUMBER),
                of(probe + "period", Type.NUMBER),
                of(probe + "timeout", Type.NUMBER),
                of(probe + "failureThreshold", Type.NUMBER),
                of(probe + "successThreshold", Type.NUMBER));
    }

    /** Title, governance and parameters: paths are those of the whole document. */
    static List<Group> application() {
        return List.of(
                new Group(
                        "application",
                        List.of(
                                of("metadata.title", Type.TEXT),
                                of("metadata.description", Type.TEXT),
                                of("metadata.icon", Type.TEXT),
                                choice("spec.governance", words(Governance.values())))),
                new Group(
                        "parameters",
                        List.of(table(
                                "spec.parameters",
                                of("name", Type.TEXT),
                                choice("type", words(Parameter.Type.values())),
                                of("title", Type.TEXT),
                                of("description", Type.TEXT),
                                of("default", Type.TEXT),
                                of("generate", Type.NUMBER),
                                of("options", Type.LINES),
                                of("pattern", Type.TEXT)))));
    }

    private static List<String> words(Enum<?>[] values) {
        return Arrays.stream(values).map(Words::word).toList();
    }
}
