package dev.slipway.activities.kubernetes.render;

import dev.slipway.workflows.application.Application;
import dev.slipway.workflows.application.Component;
import dev.slipway.workflows.application.Volume;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaimBuilder;
import io.fabric8.kubernetes.api.model.Quantity;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Claims on storage. */
final class Storage {
    private Storage() {}

    /** A dot can stand in the name of a claim and in neither part of it: no two volumes meet. */
    static String claimName(Component component, String volume) {
        return component.name() + "." + volume;
    }

    /**
     * The claim behind a volume, whoever it belongs to. Of a stateful owner it is that of its first pod: the check lets it have
     * no other.
     */
    static String claimName(Application application, Component component, Volume volume) {
        if (volume.owner() == null) {
            return claimName(component, volume.name());
        }
        Component owner = Values.component(application, volume.owner());
        return owner.kind() == Component.Kind.STATEFUL
                ? volume.ownersName() + "-" + owner.name() + "-0"
                : claimName(owner, volume.ownersName());
    }

    static List<PersistentVolumeClaim> claims(Component component) {
        return own(component)
                .map(volume -> claim(claimName(component, volume.name()), volume, null))
                .toList();
    }

    static List<PersistentVolumeClaim> templates(Component component, Map<String, String> labels) {
        return own(component)
                .map(volume -> claim(volume.name(), volume, labels))
                .toList();
    }

    private static Stream<Volume> own(Component component) {
        return component.volumes().stream().filter(volume -> volume.share() == null);
    }

    private static PersistentVolumeClaim claim(String name, Volume volume, @Nullable Map<String, String> labels) {
        if (volume.size() == null) {
            throw new IllegalArgumentException("a shared volume is claimed by its owner: " + volume.name());
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
