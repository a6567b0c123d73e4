package dev.slipway.activities.kubernetes;

import dev.slipway.activities.image.Registries;
import dev.slipway.activities.kubernetes.render.RenderedObject;
import dev.slipway.activities.store.PlanStore.PlannedImage;
import dev.slipway.workflows.application.Application;
import dev.slipway.workflows.application.Component;
import dev.slipway.workflows.application.ImageReference;
import dev.slipway.workflows.problem.Problem;
import dev.slipway.workflows.problem.ProblemCode;
import dev.slipway.workflows.problem.ProblemException;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.PodSecurityContext;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.SecurityContext;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Whether images run as a user that Kubernetes lets start: a container that must not run as root, and is given no user, takes
 * the one that its image names, and that has to be a number other than 0. An image that is still to be built keeps the user of
 * its base. Only what a registry shows is a finding; images are read for one of the usual machines, as their user is the same
 * on all of them.
 */
final class ImageUsers {
    private static final Pattern NUMBER_BUT_ZERO = Pattern.compile("0*[1-9][0-9]*(:.*)?");
    private static final List<String> MACHINES = List.of("amd64", "arm64");
    private static final long EXAMPLE = 10_001;
    private static final int REMEMBERED = 1_000;

    private final Registries registries;
    private final boolean simulated;
    /** By digest: what a digest stands for never changes. */
    private final Map<String, String> known = Collections.synchronizedMap(new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, String> eldest) {
            return size() > REMEMBERED;
        }
    });

    /** @param simulated nobody pulls anything there: only Slipway's own images and bases of builds are looked at */
    ImageUsers(Registries registries, boolean simulated) {
        this.registries = registries;
        this.simulated = simulated;
    }

    /** @param planned by component */
    List<Problem> check(Application application, List<RenderedObject> written, Map<String, PlannedImage> planned) {
        List<Problem> problems = new ArrayList<>();
        Set<String> silent = new HashSet<>();
        for (RenderedObject object : written) {
            Component component =
                    application.component(object.ref().component()).orElse(null);
            PodSpec pod = Demand.pod(object.object());
            PlannedImage image = planned.get(object.ref().component());
            if (component != null && pod != null && image != null && asks(pod, component.name())) {
                looked(image)
                        .flatMap(reference -> user(reference, silent)
                                .filter(user -> !NUMBER_BUT_ZERO.matcher(user).matches())
                                .map(user -> problem(component, reference, user)))
                        .ifPresent(problems::add);
            }
        }
        return problems;
    }

    /**
     * Likewise, of the pods of raw objects, as far as their images are given by digest.
     *
     * @param address how the cluster reaches Slipway's own registry; {@code null}: it does not
     */
    List<Problem> check(List<RenderedObject> written, @Nullable String address) {
        List<Problem> problems = new ArrayList<>();
        Set<String> silent = new HashSet<>();
        for (RenderedObject object : written) {
            PodSpec pod = object.ref().component().isEmpty() ? Demand.pod(object.object()) : null;
            if (pod == null) {
                continue;
            }
            pod.getContainers().stream()
                    .filter(container -> asks(pod, container.getName()))
                    .map(container -> RawImages.image(container, address))
                    .flatMap(Optional::stream)
                    .filter(image -> !simulated || image.own())
                    .distinct()
                    .forEach(image -> user(image, silent)
                            .filter(user -> !NUMBER_BUT_ZERO.matcher(user).matches())
                            .ifPresent(user -> problems.add(Problem.of(
                                    ProblemCode.IMAGE_USER_RAW,
                                    ClusterWriter.where(object),
                                    "image",
                                    image.toString(),
                                    "user",
                                    user.isEmpty() ? "root" : user))));
        }
        return problems;
    }

    /** Whether the image decides; a patch may have said otherwise than the profile, so the pod itself is asked. */
    private static boolean asks(PodSpec pod, String name) {
        PodSecurityContext all = pod.getSecurityContext();
        return pod.getContainers().stream()
                .filter(container -> container.getName().equals(name))
                .map(Container::getSecurityContext)
                .anyMatch(own -> nonRoot(own, all)
                        && (own == null || own.getRunAsUser() == null)
                        && (all == null || all.getRunAsUser() == null));
    }

    private static boolean nonRoot(@Nullable SecurityContext own, @Nullable PodSecurityContext all) {
        if (own != null && own.getRunAsNonRoot() != null) {
            return own.getRunAsNonRoot();
        }
        return all != null && Boolean.TRUE.equals(all.getRunAsNonRoot());
    }

    private Optional<ImageReference> looked(PlannedImage image) {
        if (image.digest() == null) {
            return Optional.ofNullable(image.base()).map(ImageReference::parse);
        }
        ImageReference reference = ImageReference.parse(image.repository() + "@" + image.digest());
        return simulated && !reference.own() ? Optional.empty() : Optional.of(reference);
    }

    /** Empty when the image cannot be read from here. */
    private Optional<String> user(ImageReference image, Set<String> silent) {
        String digest = image.digest();
        if (digest == null || silent.contains(image.registry())) {
            return Optional.empty();
        }
        String remembered = known.get(digest);
        if (remembered != null) {
            return Optional.of(remembered);
        }
        for (String machine : MACHINES) {
            try {
                String user = registries
                        .of(image)
                        .image(image.repository(), digest, "linux", machine)
                        .user();
                known.put(digest, user);
                return Optional.of(user);
            } catch (ProblemException e) {
                ProblemCode code = e.problem().code();
                if (code == ProblemCode.REGISTRY_UNREACHABLE) {
                    silent.add(image.registry());
                }
                if (code != ProblemCode.IMAGE_UNSUPPORTED) {
                    return Optional.empty();
                }
            }
        }
        return Optional.empty();
    }

    private static Problem problem(Component component, ImageReference image, String user) {
        Long group = component.security().fsGroup();
        String remedy = component.volumes().isEmpty()
                ? "{runAsUser: " + EXAMPLE + "}"
                : "{runAsUser: " + EXAMPLE + ", fsGroup: " + (group == null ? EXAMPLE : group) + "}";
        return Problem.of(
                ProblemCode.IMAGE_USER,
                "component " + component.name(),
                "image",
                image.toString(),
                "user",
                user.isEmpty() ? "root" : user,
                "security",
                remedy);
    }
}
