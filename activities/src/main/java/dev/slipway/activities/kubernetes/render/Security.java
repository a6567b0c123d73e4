package dev.slipway.activities.kubernetes.render;

import dev.slipway.workflows.application.Application;
import dev.slipway.workflows.application.Component;
import dev.slipway.workflows.application.SecuritySettings;
import dev.slipway.workflows.application.SecuritySettings.Profile;
import io.fabric8.kubernetes.api.model.PodSecurityContext;
import io.fabric8.kubernetes.api.model.PodSecurityContextBuilder;
import io.fabric8.kubernetes.api.model.SecurityContext;
import io.fabric8.kubernetes.api.model.SecurityContextBuilder;
import java.util.Comparator;
import org.jspecify.annotations.Nullable;

/**
 * The restricted Pod Security profile, and where a component leaves it.
 *
 * @see <a href="https://kubernetes.io/docs/concepts/security/pod-security-standards/">Pod Security Standards</a>
 */
final class Security {
    private Security() {}

    static Profile profile(SecuritySettings settings) {
        return settings.profile() == null ? Profile.RESTRICTED : settings.profile();
    }

    /** What the namespace has to allow: the loosest of its components. */
    static Profile loosest(Application application) {
        return application.components().stream()
                .map(component -> profile(component.security()))
                .max(Comparator.naturalOrder())
                .orElse(Profile.RESTRICTED);
    }

    static PodSecurityContext ofPod(Component component) {
        SecuritySettings settings = component.security();
        Profile profile = profile(settings);
        PodSecurityContextBuilder context = new PodSecurityContextBuilder()
                .withRunAsUser(settings.runAsUser())
                .withRunAsGroup(settings.runAsGroup())
                .withFsGroup(settings.fsGroup());
        if (settings.fsGroup() != null) {
            // A large volume is not walked through again at every start.
            context.withFsGroupChangePolicy("OnRootMismatch");
        }
        if (profile == Profile.RESTRICTED) {
            context.withRunAsNonRoot(true);
        }
        if (profile != Profile.PRIVILEGED) {
            context.withNewSeccompProfile().withType("RuntimeDefault").endSeccompProfile();
        }
        return context.build();
    }

    static @Nullable SecurityContext ofContainer(Component component) {
        SecuritySettings settings = component.security();
        Profile profile = profile(settings);
        SecurityContextBuilder context =
                new SecurityContextBuilder().withReadOnlyRootFilesystem(settings.readOnlyRootFilesystem());
        if (profile == Profile.PRIVILEGED) {
            context.withPrivileged(true);
        }
        if (profile == Profile.RESTRICTED) {
            context.withAllowPrivilegeEscalation(false);
        }
        if (profile == Profile.RESTRICTED || !settings.capabilities().isEmpty()) {
            var capabilities = context.withNewCapabilities().withAdd(settings.capabilities());
            if (profile == Profile.RESTRICTED) {
                capabilities.withDrop("ALL");
            }
            capabilities.endCapabilities();
        }
        return context.build();
    }
}
