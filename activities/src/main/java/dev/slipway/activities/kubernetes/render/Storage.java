package dev.slipway.activities.kubernetes.render;

import dev.slipway.workflows.application.Component;
import dev.slipway.workflows.application.Volume;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaimBuilder;
import io.fabric8.kubernetes.api.model.Quantity;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Claims on storage. */
final class Storage {
    private Storage() {}

    /** A dot can stand in the name of a claim and in neither part of it: no two volumes meet. */
    static String claimName(Component component, String volume) {
        return component.name() + "." + volume;
    }

    static List<PersistentVolumeClaim> claims(Component component) {
        return component.volumes().stream()
                .map(volume -> claim(claimName(component, volume.name()), volume, null))
                .toList();
    }

    static List<PersistentVolumeClaim> templates(Component component, Map<String, String> labels) {
        return component.volumes().stream()
                .map(volume -> claim(volume.name(), volume, labels))
                .toList();
    }

    private static PersistentVolumeClaim claim(String name, Volume volume, @Nullable Map<String, String> labels) {
        if (volume.size() == null) {
            throw new IllegalArgumentException("the check lets no shared volume pass: " + volume.name());
        }
        return new PersistentVolumeClaimBuilder()
                .withNewMetadata()
                .withName(name)
                .withLabels(labels)
                .endMetadata()
                .withNewSpec()
                .withAccessModes("ReadWriteOnce")
                .withNewResources()
                .addToRequests("storage", new Quantity(volume.size()))
                .endResources()
                .endSpec()
                .build();
    }
}
