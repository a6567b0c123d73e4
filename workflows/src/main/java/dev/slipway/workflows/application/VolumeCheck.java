package dev.slipway.workflows.application;

import static dev.slipway.workflows.problem.ProblemCode.*;

import dev.slipway.workflows.application.yaml.Notes;
import dev.slipway.workflows.application.yaml.Words;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What is wrong with what a component mounts: volumes, its own or shared, and files. */
final class VolumeCheck {
    /** What one ConfigMap can hold, in bytes of names and contents. */
    static final int MAX_FILES_BYTES = 1 << 20;

    private final Remarks remarks;
    private final Application application;
    private final Notes notes;
    private final Map<String, Component> components;

    VolumeCheck(Remarks remarks) {
        this.remarks = remarks;
        this.application = remarks.application();
        this.notes = remarks.notes();
        this.components = remarks.components();
    }

    void mounts(String path, Component c) {
        remarks.unique(path + ".volumes", c.volumes().stream().map(Volume::name).toList(), "name");
        Map<String, String> firstByPath = new HashMap<>();
        for (int i = 0; i < c.volumes().size(); i++) {
            Volume volume = c.volumes().get(i);
            String at = path + ".volumes[" + i + "]";
            remarks.name(at + ".name", volume.name(), Formats.NAME, Formats.NAME_LENGTH, "data");
            mount(at + ".path", volume.path(), "/data", firstByPath);
            if (volume.size() == null && volume.share() == null) {
                notes.note(DOC_MISSING, at + ".size", "field", "size", "example", "1Gi");
            }
            remarks.conflictIf(volume.size() != null && volume.share() != null, at + ".share", "share", "size");
            // Its pods are on every node, and a volume is on one.
            remarks.conflictIf(c.kind() == Component.Kind.DAEMON, at, "volumes", "kind: daemon");
            remarks.valueIf(
                    volume.size() != null && Formats.size(volume.size()).isEmpty(), at + ".size", volume.size(), "1Gi");
            if (volume.share() != null) {
                share(at + ".share", c, volume.share());
            }
        }
        long bytes = 0;
        for (int i = 0; i < c.files().size(); i++) {
            ConfigFile file = c.files().get(i);
            mount(path + ".files[" + i + "].path", file.path(), "/etc/orders/app.yaml", firstByPath);
            bytes += file.path().length() + file.content().getBytes(StandardCharsets.UTF_8).length;
        }
        if (bytes > MAX_FILES_BYTES) {
            notes.note(DOC_TOO_BIG, path + ".files", "actual", bytes + " bytes", "limit", MAX_FILES_BYTES + " bytes");
        }
    }

    private void mount(String at, String path, String example, Map<String, String> firstByPath) {
        if (!Formats.isAbsolutePath(path)) {
            remarks.value(at, path, example);
        }
        String first = firstByPath.putIfAbsent(path, at);
        if (first != null) {
            notes.note(
                    DOC_DUPLICATE,
                    at,
                    "name",
                    Words.shown(path),
                    "first",
                    notes.lines().where(first));
        }
    }

    private void share(String at, Component c, String share) {
        List<String> all = new ArrayList<>();
        for (Component other : application.components()) {
            for (Volume volume : other.volumes()) {
                if (volume.size() != null && other != c) {
                    all.add(other.name() + "/" + volume.name());
                }
            }
        }
        if (!all.contains(share)) {
            remarks.reference(at, share, all);
            return;
        }
        Component owner = components.get(share.substring(0, share.indexOf('/')));
        if (owner == null) {
            return;
        }
        boolean waits = c.dependsOn().stream()
                .anyMatch(edge ->
                        edge.component().equals(owner.name()) && edge.when().orders());
        String word = "kind: " + Words.word(owner.kind());
        if (owner.kind() == Component.Kind.JOB || owner.kind() == Component.Kind.CRON) {
            // Its pods end: nothing would keep those who share on the one node where the volume is.
            notes.note(DOC_CONFLICT, at, "one", "share: " + Words.shown(share), "other", word);
        } else if (owner.kind() == Component.Kind.STATEFUL && (owner.scale() != null || owner.wantedReplicas() > 1)) {
            String many = owner.scale() == null ? "replicas: " + owner.wantedReplicas() : "scale";
            notes.note(
                    DOC_CONFLICT,
                    at,
                    "one",
                    "share: " + Words.shown(share),
                    "other",
                    Words.shown(owner.name()) + ", " + many);
        } else if (c.volumes().stream()
                .anyMatch(volume -> volume.owner() != null && !volume.owner().equals(owner.name()))) {
            // Each of the two may be on a node of its own, and this component on one of them only.
            String other = c.volumes().stream()
                    .map(Volume::share)
                    .filter(theirs -> theirs != null && !theirs.startsWith(owner.name() + "/"))
                    .findFirst()
                    .orElse("");
            notes.note(
                    DOC_CONFLICT, at, "one", "share: " + Words.shown(share), "other", "share: " + Words.shown(other));
        } else if (!waits) {
            notes.note(
                    DOC_MISSING,
                    at,
                    "field",
                    "dependsOn",
                    "example",
                    "[{component: " + Words.shown(owner.name()) + ", when: healthy}]");
        }
    }
}
