package dev.slipway.activities.kubernetes.render;

import dev.slipway.activities.hash.Sha256;
import dev.slipway.activities.kubernetes.render.Values.Value;
import dev.slipway.workflows.application.Component;
import dev.slipway.workflows.application.ConfigFile;
import dev.slipway.workflows.application.Dependency;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.EnvVarBuilder;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.VolumeBuilder;
import io.fabric8.kubernetes.api.model.VolumeMount;
import io.fabric8.kubernetes.api.model.VolumeMountBuilder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What a component is told: environment variables, files and arguments. Plain files are kept in a ConfigMap, whatever
 * uses a secret in a Secret; both are named like the component.
 */
final class Settings {
    private static final String FILES = "slipway-files";
    private static final String SECRET_FILES = "slipway-secret-files";
    private static final Pattern NOT_IN_KEY = Pattern.compile("[^A-Za-z0-9._-]");
    private static final int LONGEST_FILE_NAME = 200;

    private final Component component;
    private final Map<String, String> plain = new TreeMap<>();
    private final Map<String, String> secret = new TreeMap<>();
    private final List<EnvVar> env = new ArrayList<>();
    private final List<VolumeMount> mounts = new ArrayList<>();
    private final List<String> command;
    private final List<String> args;

    private Settings(RenderInput input, Values values, Component component) {
        this.component = component;
        environment(input, values).forEach(this::variable);
        this.command = arguments(values, component.command());
        this.args = arguments(values, component.args());
        component.files().forEach(file -> file(values, file));
    }

    static Settings of(RenderInput input, Values values, Component component) {
        return new Settings(input, values, component);
    }

    /** Exports of what it depends on, in that order, then its own: its own word counts. */
    private Map<String, Value> environment(RenderInput input, Values values) {
        Map<String, Value> variables = new LinkedHashMap<>();
        for (Dependency dependency : component.dependsOn()) {
            Component on = Values.component(input.application(), dependency.component());
            on.exports().forEach((name, text) -> variables.putIfAbsent(name, values.resolve(on, text)));
        }
        component.env().forEach((name, text) -> {
            variables.remove(name);
            variables.put(name, values.resolve(component, text));
        });
        return variables;
    }

    private void variable(String name, Value value) {
        if (value.secret()) {
            String key = "env." + name;
            secret.put(key, value.text());
            env.add(new EnvVarBuilder()
                    .withName(name)
                    .withNewValueFrom()
                    .withNewSecretKeyRef(key, component.name(), null)
                    .endValueFrom()
                    .build());
        } else {
            // Kubernetes would expand $(NAME) in it; the document knows no such thing.
            env.add(new EnvVarBuilder()
                    .withName(name)
                    .withValue(value.text().replace("$(", "$$("))
                    .build());
        }
    }

    /** The check lets no secret stand in them: a command line is seen by all. */
    private List<String> arguments(Values values, List<String> texts) {
        return texts.stream()
                .map(text -> values.resolve(component, text).text())
                .toList();
    }

    private void file(Values values, ConfigFile file) {
        Value content = values.resolve(component, file.content());
        String key = key(file.path());
        (content.secret() ? secret : plain).put(key, content.text());
        mounts.add(new VolumeMountBuilder()
                .withName(content.secret() ? SECRET_FILES : FILES)
                .withMountPath(file.path())
                .withSubPath(key)
                .withReadOnly(true)
                .build());
    }

    /** The file's name for the reader, and a digest of its whole path, so that no two files share a key. */
    static String key(String path) {
        String name =
                NOT_IN_KEY.matcher(path.substring(path.lastIndexOf('/') + 1)).replaceAll("_");
        String shown = name.length() > LONGEST_FILE_NAME ? name.substring(0, LONGEST_FILE_NAME) : name;
        return "file." + HexFormat.of().formatHex(Sha256.of(path), 0, 4) + "." + shown;
    }

    List<EnvVar> env() {
        return env;
    }

    List<String> command() {
        return command;
    }

    List<String> args() {
        return args;
    }

    List<VolumeMount> mounts() {
        return mounts;
    }

    /** Only the files that are mounted: a variable is no file. */
    List<Volume> volumes() {
        List<Volume> volumes = new ArrayList<>();
        if (!plain.isEmpty()) {
            volumes.add(new VolumeBuilder()
                    .withName(FILES)
                    .withNewConfigMap()
                    .withName(component.name())
                    .endConfigMap()
                    .build());
        }
        if (mounts.stream().anyMatch(mount -> mount.getName().equals(SECRET_FILES))) {
            volumes.add(new VolumeBuilder()
                    .withName(SECRET_FILES)
                    .withNewSecret()
                    .withSecretName(component.name())
                    .endSecret()
                    .build());
        }
        return volumes;
    }

    /** Of all that a running container would not notice when it changes; {@code null}: there is no such thing. */
    @Nullable
    String digest(Digests digests) {
        return plain.isEmpty() && secret.isEmpty() ? null : digests.of(Map.of("files", plain, "secret", secret));
    }

    @Nullable
    ConfigMap configMap() {
        return plain.isEmpty()
                ? null
                : new ConfigMapBuilder()
                        .withNewMetadata()
                        .withName(component.name())
                        .endMetadata()
                        .withData(plain)
                        .build();
    }

    /** Written as {@code data}: {@code stringData} has no owner per key under server-side apply. */
    io.fabric8.kubernetes.api.model.@Nullable Secret secret() {
        if (secret.isEmpty()) {
            return null;
        }
        Map<String, String> data = new TreeMap<>();
        secret.forEach((key, value) ->
                data.put(key, Base64.getEncoder().encodeToString(value.getBytes(StandardCharsets.UTF_8))));
        return new SecretBuilder()
                .withNewMetadata()
                .withName(component.name())
                .endMetadata()
                .withType("Opaque")
                .withData(data)
                .build();
    }
}
