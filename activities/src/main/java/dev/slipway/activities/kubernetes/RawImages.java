package dev.slipway.activities.kubernetes;

import dev.slipway.activities.kubernetes.ImagePlatforms.Pulled;
import dev.slipway.activities.kubernetes.render.PullSecret;
import dev.slipway.activities.kubernetes.render.RenderedObject;
import dev.slipway.workflows.application.ImageReference;
import dev.slipway.workflows.problem.ProblemException;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.LocalObjectReference;
import io.fabric8.kubernetes.api.model.PodSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Images that the pods of raw objects pull, as far as Slipway can know what the cluster pulls them with. Pure. */
final class RawImages {
    private RawImages() {}

    /**
     * @param written some may be of components, which are not looked at
     * @param address how the cluster reaches Slipway's own registry; {@code null}: it does not
     */
    static List<Pulled> of(List<RenderedObject> written, @Nullable String address) {
        List<Pulled> pulled = new ArrayList<>();
        for (RenderedObject object : written) {
            PodSpec pod = object.ref().component().isEmpty() ? Demand.pod(object.object()) : null;
            if (pod != null && !othersLogin(pod)) {
                Stream.concat(
                                Objects.requireNonNullElse(pod.getInitContainers(), List.<Container>of()).stream(),
                                Objects.requireNonNullElse(pod.getContainers(), List.<Container>of()).stream())
                        .map(container -> image(container, address))
                        .flatMap(Optional::stream)
                        .distinct()
                        .forEach(image -> pulled.add(new Pulled(ClusterWriter.where(object), image)));
            }
        }
        return pulled;
    }

    /** The cluster may have a login that Slipway has not. */
    private static boolean othersLogin(PodSpec pod) {
        return pod.getServiceAccountName() != null
                || Objects.requireNonNullElse(pod.getImagePullSecrets(), List.<LocalObjectReference>of()).stream()
                        .anyMatch(secret -> !PullSecret.ours(String.valueOf(secret.getName())));
    }

    /** Empty for what is no reference: the API server, or the node, says so. */
    static Optional<ImageReference> image(Container container, @Nullable String address) {
        if (container.getImage() == null) {
            return Optional.empty();
        }
        try {
            ImageReference image = ImageReference.parse(container.getImage());
            return Optional.of(image.registry().equals(address) ? image.at(ImageReference.OWN_REGISTRY) : image);
        } catch (ProblemException noReference) {
            return Optional.empty();
        }
    }
}
