package dev.slipway.workflows.application;

import static dev.slipway.workflows.problem.ProblemCode.*;

import dev.slipway.workflows.application.yaml.Lines;
import dev.slipway.workflows.application.yaml.Notes;
import dev.slipway.workflows.application.yaml.Words;
import dev.slipway.workflows.problem.ProblemCode;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What is wrong with the raw objects of an application, as far as the document alone can tell: whether a cluster knows a
 * kind, and whether it is one of a namespace, is asked when a deploy is planned. Their strings may look up parameters,
 * the environment and components ({@code self} is nobody here); a secret only in an object of kind Secret.
 */
final class ManifestCheck {
    static final int MAX_MANIFESTS = 200;

    private static final Pattern API_VERSION =
            Pattern.compile("([a-z0-9]([-a-z0-9.]{0,250}[a-z0-9])?/)?v[a-z0-9]{1,30}");
    private static final Pattern KIND = Pattern.compile("[A-Z][A-Za-z0-9]{0,62}");
    private static final Pattern NAME = Pattern.compile("[a-z0-9]([-a-z0-9.:]*[a-z0-9])?");
    private static final int NAME_LENGTH = 253;
    private static final Set<String> METADATA = Set.of("name", "labels", "annotations", "finalizers");

    /** What is of the whole cluster, or Slipway's own, or made by controllers: {@code group/Kind}. */
    private static final Set<String> REFUSED = Set.of(
            "/Namespace",
            "/Node",
            "/PersistentVolume",
            "/Event",
            "/Binding",
            "events.k8s.io/Event",
            "rbac.authorization.k8s.io/ClusterRole",
            "rbac.authorization.k8s.io/ClusterRoleBinding",
            "storage.k8s.io/StorageClass",
            "storage.k8s.io/CSIDriver",
            "storage.k8s.io/CSINode",
            "storage.k8s.io/VolumeAttachment",
            "networking.k8s.io/IngressClass",
            "node.k8s.io/RuntimeClass",
            "scheduling.k8s.io/PriorityClass",
            "certificates.k8s.io/CertificateSigningRequest",
            "flowcontrol.apiserver.k8s.io/FlowSchema",
            "flowcontrol.apiserver.k8s.io/PriorityLevelConfiguration",
            "apiregistration.k8s.io/APIService",
            "admissionregistration.k8s.io/ValidatingWebhookConfiguration",
            "admissionregistration.k8s.io/MutatingWebhookConfiguration",
            "admissionregistration.k8s.io/ValidatingAdmissionPolicy",
            "admissionregistration.k8s.io/ValidatingAdmissionPolicyBinding",
            "admissionregistration.k8s.io/MutatingAdmissionPolicy",
            "admissionregistration.k8s.io/MutatingAdmissionPolicyBinding");

    private final Application application;
    private final Notes notes;
    private final Map<String, String> seen = new HashMap<>();
    private final Set<String> clusterWide = new LinkedHashSet<>();

    private ManifestCheck(Application application, Notes notes) {
        this.application = application;
        this.notes = notes;
    }

    static void check(Application application, Notes notes) {
        new ManifestCheck(application, notes).all();
    }

    private void all() {
        List<Manifest> manifests = application.manifests();
        if (manifests.size() > MAX_MANIFESTS) {
            notes.note(DOC_TOO_BIG, "spec.manifests", "actual", "" + manifests.size(), "limit", "" + MAX_MANIFESTS);
            return;
        }
        manifests.stream()
                .filter(Manifest::definition)
                .filter(manifest -> "Cluster".equals(manifest.value("spec", "scope")))
                .forEach(manifest -> clusterWide.add(
                        manifest.value("spec", "group") + "/" + manifest.value("spec", "names", "kind")));
        for (int i = 0; i < manifests.size(); i++) {
            manifest("spec.manifests[" + i + "]", manifests.get(i));
        }
    }

    private void manifest(String path, Manifest manifest) {
        boolean version =
                text(path + ".apiVersion", "apiVersion", manifest.value("apiVersion"), API_VERSION, "apps/v1");
        boolean kind = text(path + ".kind", "kind", manifest.value("kind"), KIND, "ConfigMap");
        if (version && kind) {
            String id = manifest.group() + "/" + manifest.kind();
            if (REFUSED.contains(id) || clusterWide.contains(id)) {
                notes.note(DOC_MANIFEST_KIND, path + ".kind", "kind", manifest.kind());
            }
        }
        if (manifest.object().containsKey("status")) {
            refused(path, "status");
        }
        metadata(path + ".metadata", manifest.value("metadata"));
        if (manifest.value("metadata", "name") instanceof String name && version && kind) {
            String id = manifest.group() + "/" + manifest.kind() + "/" + name;
            String first = seen.putIfAbsent(id, path);
            if (first != null) {
                notes.note(DOC_DUPLICATE, path, "name", Words.shown(manifest.kind() + "/" + name), "first", first);
            }
        }
        Set<String> strings = new LinkedHashSet<>();
        boolean secret = manifest.group().isEmpty() && "Secret".equals(manifest.kind());
        strings(path, manifest.object(), (at, text) -> {
            strings.add(text);
            lookups(at, text, secret);
        });
        for (int i = 0; i < manifest.images().size(); i++) {
            image(path + ".images[" + i + "]", manifest.images().get(i), strings);
        }
    }

    private void image(String path, String image, Set<String> strings) {
        if (!Formats.isImage(image)) {
            notes.note(
                    DOC_VALUE,
                    path,
                    "value",
                    Words.shown(image),
                    "allowed",
                    "postgres:18 | registry.example/shop/orders@sha256:…");
        } else if (!strings.contains(image)) {
            List<String> images = strings.stream()
                    .filter(text -> text.indexOf(':') > 0 && Formats.isImage(text))
                    .toList();
            notes.alsoReference(path, image, images);
        }
    }

    private void metadata(String path, @Nullable Object metadata) {
        if (!(metadata instanceof Map<?, ?> fields)) {
            if (metadata == null) {
                notes.note(DOC_MISSING, path, "field", "metadata", "example", "{name: settings}");
            } else {
                notes.note(DOC_TYPE, path, "found", Words.shown("" + metadata), "example", "{name: settings}");
            }
            return;
        }
        fields.keySet().stream()
                .map(String::valueOf)
                .filter(field -> !METADATA.contains(field))
                .forEach(field -> refused(path, field));
        Object name = fields.get("name");
        if (name == null) {
            notes.note(DOC_MISSING, path + ".name", "field", "name", "example", "settings");
        } else if (!(name instanceof String text) || !Formats.isName(text, NAME, NAME_LENGTH)) {
            notes.note(
                    DOC_NAME,
                    path + ".name",
                    "name",
                    Words.shown("" + name),
                    "pattern",
                    NAME.pattern(),
                    "limit",
                    "" + NAME_LENGTH,
                    "example",
                    "settings");
        }
        words(path + ".labels", fields.get("labels"));
        words(path + ".annotations", fields.get("annotations"));
        if (fields.get("finalizers") != null && !isTexts(fields.get("finalizers"))) {
            notes.note(
                    DOC_TYPE,
                    path + ".finalizers",
                    "found",
                    Words.shown("" + fields.get("finalizers")),
                    "example",
                    "[example.org/tidy]");
        }
    }

    private static boolean isTexts(@Nullable Object value) {
        return value instanceof List<?> list && list.stream().allMatch(String.class::isInstance);
    }

    private void words(String path, @Nullable Object words) {
        if (words == null) {
            return;
        }
        if (!(words instanceof Map<?, ?> map)) {
            notes.note(DOC_TYPE, path, "found", Words.shown("" + words), "example", "{team: shop}");
            return;
        }
        map.forEach((key, value) -> {
            String name = String.valueOf(key);
            if (name.startsWith("slipway.dev/") || name.equals("app.kubernetes.io/managed-by")) {
                refused(path, name);
            } else if (!(value instanceof String)) {
                String at = Lines.field(path, name);
                notes.note(DOC_TYPE, at, "found", Words.shown("" + value), "example", "\"" + value + "\"");
            }
        });
    }

    private void refused(String path, String field) {
        notes.note(DOC_MANIFEST_FIELD, Lines.field(path, field), "field", Words.shown(field));
    }

    private boolean text(String path, String field, @Nullable Object value, Pattern pattern, String example) {
        if (value == null) {
            notes.note(DOC_MISSING, path, "field", field, "example", example);
            return false;
        }
        if (!(value instanceof String text) || !pattern.matcher(text).matches()) {
            notes.note(DOC_VALUE, path, "value", Words.shown("" + value), "allowed", example + " | …");
            return false;
        }
        return true;
    }

    private static void strings(String path, @Nullable Object tree, BiConsumer<String, String> each) {
        if (tree instanceof Map<?, ?> map) {
            map.forEach((key, value) -> strings(Lines.field(path, String.valueOf(key)), value, each));
        } else if (tree instanceof List<?> list) {
            for (int i = 0; i < list.size(); i++) {
                strings(path + "[" + i + "]", list.get(i), each);
            }
        } else if (tree instanceof String text) {
            each.accept(path, text);
        }
    }

    private void lookups(String at, String text, boolean mayBeSecret) {
        if (text.indexOf("${") < 0) {
            return;
        }
        for (Lookups.Segment segment : Lookups.parse(text)) {
            if (segment instanceof Lookups.Segment.Malformed malformed) {
                lookup(DOC_LOOKUP, at, malformed.raw());
            } else if (segment instanceof Lookups.Segment.OfParameter parameter) {
                List<String> names = application.parameters().stream()
                        .map(declared -> "param." + declared.name())
                        .toList();
                if (!names.contains("param." + parameter.name())) {
                    notes.alsoReference(at, "param." + parameter.name(), names);
                }
            } else if (segment instanceof Lookups.Segment.OfComponent of) {
                component(at, of);
            }
        }
        if (!mayBeSecret && Lookups.usesSecret(text, application)) {
            notes.also(DOC_CONFLICT, at, "one", Words.shown(text), "other", "type: secret");
        }
    }

    private void component(String at, Lookups.Segment.OfComponent lookup) {
        if (lookup.component().equals(Lookups.SELF)) {
            lookup(DOC_LOOKUP, at, "${self.…}");
            return;
        }
        Component target = application.component(lookup.component()).orElse(null);
        if (target == null) {
            notes.alsoReference(
                    at,
                    lookup.component(),
                    application.components().stream().map(Component::name).toList());
            return;
        }
        List<String> ports = target.ports().stream()
                .map(port -> target.name() + ".port." + port.name())
                .toList();
        boolean missing = lookup.attribute() == Lookups.Attribute.PORT
                && (lookup.port() == null
                        ? ports.isEmpty()
                        : target.port(lookup.port()).isEmpty());
        if (missing) {
            notes.alsoReference(at, target.name() + ".port." + Objects.requireNonNullElse(lookup.port(), "…"), ports);
        }
    }

    private void lookup(ProblemCode code, String at, String lookup) {
        notes.also(code, at, "lookup", Words.shown(lookup), "allowed", Lookups.FORMS);
    }
}
