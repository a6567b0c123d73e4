package dev.slipway.activities.kubernetes.render;

import dev.slipway.workflows.application.Component;
import dev.slipway.workflows.application.Port;
import dev.slipway.workflows.problem.Problem;
import dev.slipway.workflows.problem.ProblemCode;
import dev.slipway.workflows.problem.ProblemException;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/** The document as Kubernetes objects. The same input gives the same objects, byte for byte. */
public final class Renderer {
    private final RenderInput input;
    private final Digests digests;
    private final Values values;
    private final PodTemplates templates;

    private Renderer(RenderInput input) {
        this.input = input;
        this.digests = new Digests(input.digestKey());
        this.values = new Values(input);
        this.templates = new PodTemplates(input, digests);
    }

    /**
     * Renders a document that the check has passed.
     *
     * @throws ProblemException {@code SLP-DOC-CONFLICT} when two components' objects would have one name
     * @throws IllegalArgumentException when an image or a parameter has no value
     */
    public static Rendering render(RenderInput input) {
        return new Renderer(input).render();
    }

    private Rendering render() {
        List<RenderedObject> shared = new ArrayList<>();
        shared.add(finished(namespace(), Labels.shared(input), ""));
        RawObjects.Raw raw = RawObjects.of(input, values);
        input.pullSecrets().stream()
                .filter(pull -> Stream.concat(input.images().values().stream(), raw.pulled().stream())
                        .anyMatch(pull::covers))
                .forEach(pull -> shared.add(finished(pullSecret(pull), Labels.shared(input), "")));
        List<RenderedComponent> components =
                input.application().components().stream().map(this::component).toList();
        List<RenderedObject> manifests = raw.objects().stream()
                .map(object -> RawObjects.definition(object)
                        ? finished(object, Map.of(Labels.MANAGED_BY, Labels.MANAGER), "")
                        : finished(object, Labels.shared(input), ""))
                .toList();
        Rendering rendering = new Rendering(shared, manifests, components);
        distinct(rendering);
        routes();
        return rendering;
    }

    private RenderedComponent component(Component component) {
        List<HasMetadata> objects =
                component.kind() == Component.Kind.EXTERNAL ? Outside.of(component) : inside(component);
        List<RenderedObject> rendered = objects.stream()
                .map(object -> finished(object, Labels.of(input, component), component.name()))
                .toList();
        String hash = digests.of(rendered.stream().map(RenderedObject::hash).toList());
        return new RenderedComponent(component.name(), component.kind(), rendered, hash);
    }

    private List<HasMetadata> inside(Component component) {
        Settings settings = Settings.of(input, values, component);
        Map<String, String> selector = Labels.selector(input, component);
        List<HasMetadata> objects = new ArrayList<>();
        if (settings.configMap() != null) {
            objects.add(settings.configMap());
        }
        if (settings.secret() != null) {
            objects.add(settings.secret());
        }
        if (component.kind() == Component.Kind.STATEFUL) {
            objects.add(Services.headless(component, selector));
        } else {
            objects.addAll(Storage.claims(component));
        }
        if (!component.ports().isEmpty()) {
            objects.add(Services.of(component, selector));
        }
        HasMetadata route = Routes.of(component, values);
        if (route != null) {
            objects.add(route);
        }
        HasMetadata budget = Scaling.budget(component, selector);
        if (budget != null) {
            objects.add(budget);
        }
        HasMetadata workload =
                Patched.of(component, Workloads.of(component, templates.of(component, settings), selector));
        objects.add(workload);
        if (component.scale() != null) {
            objects.add(Scaling.autoscaler(component, component.scale(), workload));
        }
        return objects;
    }

    private RenderedObject finished(HasMetadata object, Map<String, String> labels, String component) {
        boolean definition = RawObjects.definition(object);
        if (!object.getKind().equals("Namespace") && !definition) {
            object.getMetadata().setNamespace(input.namespace());
        }
        Map<String, String> all = new TreeMap<>(labels);
        if (object.getMetadata().getLabels() != null) {
            all.putAll(object.getMetadata().getLabels());
        }
        object.getMetadata().setLabels(all);
        // One that several environments share has the same hash in all of them.
        String hash = (definition ? Digests.OPEN : digests).of(Trees.of(object));
        Map<String, String> annotations = new TreeMap<>();
        if (object.getMetadata().getAnnotations() != null) {
            annotations.putAll(object.getMetadata().getAnnotations());
        }
        annotations.put(Labels.HASH, hash);
        object.getMetadata().setAnnotations(annotations);
        ObjectRef ref =
                new ObjectRef(RawObjects.word(object), object.getMetadata().getName(), component);
        return new RenderedObject(ref, object, hash);
    }

    private HasMetadata namespace() {
        return new NamespaceBuilder()
                .withNewMetadata()
                .withName(input.namespace())
                .addToLabels("pod-security.kubernetes.io/enforce", Words.of(Security.loosest(input.application())))
                .addToAnnotations(Labels.OWNER, Labels.owner(input.instanceId(), input.environmentId()))
                .endMetadata()
                .build();
    }

    private static HasMetadata pullSecret(PullSecret pull) {
        return new SecretBuilder()
                .withNewMetadata()
                .withName(pull.name())
                .endMetadata()
                .withType("kubernetes.io/dockerconfigjson")
                .addToData(
                        ".dockerconfigjson",
                        Base64.getEncoder()
                                .encodeToString(pull.content().reveal().getBytes(StandardCharsets.UTF_8)))
                .build();
    }

    private static void distinct(Rendering rendering) {
        Map<String, ObjectRef> owners = new HashMap<>();
        owners.put("ConfigMap/" + Inventory.NAME, new ObjectRef("ConfigMap", Inventory.NAME, ""));
        rendering.objects().forEach(object -> {
            ObjectRef other = owners.put(object.ref().subject(), object.ref());
            if (other != null) {
                throw conflict(object.ref().component(), object.ref().subject(), other.component());
            }
        });
    }

    /** Two texts may stand for one host, which the check can't know. */
    private void routes() {
        Map<String, String> owners = new HashMap<>();
        for (Component component : input.application().components()) {
            for (Port port : component.ports()) {
                if (port.expose() != null) {
                    String address = Routes.host(component, port.expose(), values)
                            + port.expose().path();
                    String other = owners.put(address, component.name() + ".ports." + port.name());
                    if (other != null) {
                        throw conflict(component.name(), address, other);
                    }
                }
            }
        }
    }

    private static ProblemException conflict(String component, String what, String other) {
        return new ProblemException(Problem.of(
                ProblemCode.DOC_CONFLICT,
                component.isEmpty() ? "spec.manifests" : "component " + component,
                "one",
                what + " (" + (component.isEmpty() ? "manifests" : component) + ")",
                "other",
                what + " (" + (other.isEmpty() ? "manifests, slipway" : other) + ")"));
    }
}
