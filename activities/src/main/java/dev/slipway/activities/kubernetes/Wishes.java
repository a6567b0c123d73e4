package dev.slipway.activities.kubernetes;

import dev.slipway.activities.kubernetes.render.PullSecret;
import dev.slipway.activities.kubernetes.render.RenderInput;
import dev.slipway.activities.kubernetes.render.Renderer;
import dev.slipway.activities.kubernetes.render.Rendering;
import dev.slipway.activities.kubernetes.render.ServerVersion;
import dev.slipway.activities.registry.PullLogins;
import dev.slipway.activities.store.EnvironmentStore;
import dev.slipway.activities.store.EnvironmentStore.StoredEnvironment;
import dev.slipway.activities.store.ParameterStore;
import dev.slipway.activities.store.PlanStore;
import dev.slipway.activities.store.PlanStore.Images;
import dev.slipway.activities.store.PlanStore.Pins;
import dev.slipway.activities.store.PlanStore.PlannedImage;
import dev.slipway.activities.store.Secret;
import dev.slipway.workflows.application.Application;
import dev.slipway.workflows.application.ApplicationCheck;
import dev.slipway.workflows.application.ImageReference;
import dev.slipway.workflows.application.Parameter;
import dev.slipway.workflows.problem.Problem;
import dev.slipway.workflows.problem.ProblemCode;
import dev.slipway.workflows.problem.ProblemException;
import io.fabric8.kubernetes.client.VersionInfo;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What a plan wants on its cluster: its parts from the store, put together and rendered. */
final class Wishes {
    /** Of every environment: key of the digests of its secrets. No parameter of an author's can have this name. */
    private static final Parameter DIGEST_KEY =
            new Parameter("slipway.digest-key", Parameter.Type.SECRET, null, null, null, 48, List.of(), null);

    private static final Secret NOT_YET = Secret.of("made up when the environment is prepared");

    /**
     * @param application all of it, also where the plan is about a part
     * @param rendering of the components that the plan is about, those whose image is not built yet included
     */
    record Wish(
            StoredEnvironment environment, Application application, Pins pins, Images images, Rendering rendering) {}

    private static final int REMEMBERED = 8;

    /** A rendering and all that decided it: every step of a run asks for the same. */
    private record Known(
            StoredEnvironment environment, Pins pins, Images images, Map<String, Secret> secrets, Wish wish) {}

    private final Map<String, Known> known = Collections.synchronizedMap(new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Known> eldest) {
            return size() > REMEMBERED;
        }
    });
    private volatile @Nullable ServerVersion server;
    private final ClusterConnection cluster;
    private final String instanceId;
    private final EnvironmentStore environments;
    private final PlanStore plans;
    private final ParameterStore parameters;
    private final PullLogins logins;

    /** @param logins for the cluster to pull with */
    Wishes(
            ClusterConnection cluster,
            String instanceId,
            EnvironmentStore environments,
            PlanStore plans,
            ParameterStore parameters,
            PullLogins logins) {
        this.cluster = cluster;
        this.instanceId = instanceId;
        this.environments = environments;
        this.plans = plans;
        this.parameters = parameters;
        this.logins = logins;
    }

    /** @throws ProblemException {@code SLP-REGISTRY-NOT-PULLABLE} when the cluster can't reach Slipway's own registry */
    Wish of(String planId, String environmentId) {
        StoredEnvironment environment = environments.byId(environmentId);
        Pins pins = plans.pins(planId);
        Images images = plans.images(planId);
        Map<String, Secret> stored = stored(environmentId);
        Known before = known.get(planId);
        if (before != null
                && before.environment().equals(environment)
                && before.pins().equals(pins)
                && before.images().equals(images)
                && before.secrets().equals(stored)) {
            return before.wish();
        }
        Wish wish = render(environment, pins, images, stored);
        known.put(planId, new Known(environment, pins, images, stored, wish));
        return wish;
    }

    private Map<String, Secret> stored(String environmentId) {
        Map<String, Secret> stored = parameters.secrets(environmentId);
        if (!stored.containsKey(DIGEST_KEY.name())) {
            parameters.generateMissing(environmentId, List.of(DIGEST_KEY));
            return parameters.secrets(environmentId);
        }
        return stored;
    }

    private Wish render(StoredEnvironment environment, Pins pins, Images images, Map<String, Secret> stored) {
        Application application = ApplicationCheck.read(pins.document()).orElseThrow();
        Map<String, Secret> secrets = new LinkedHashMap<>(stored);
        Secret digestKey = secrets.remove(DIGEST_KEY.name());
        for (Parameter parameter : application.parameters()) {
            if (parameter.type() == Parameter.Type.SECRET) {
                secrets.putIfAbsent(parameter.name(), NOT_YET);
            }
        }
        Rendering rendering = Renderer.render(new RenderInput(
                application,
                environment.id(),
                environment.name(),
                environment.namespace(),
                instanceId,
                pulled(images),
                pins.parameters(),
                secrets,
                pullSecrets(),
                digestKey == null ? NOT_YET : digestKey,
                server()));
        return new Wish(environment, application, pins, images, rendering.only(pins::covers));
    }

    /** Asked once: what a newer server knows besides is used after the next start. */
    private ServerVersion server() {
        ServerVersion known = server;
        if (known == null) {
            VersionInfo version = new ClusterErrors(cluster.name())
                    .at("cluster " + cluster.name(), () -> cluster.client().getKubernetesVersion());
            known = ServerVersion.of(version.getMajor(), version.getMinor());
            server = known;
        }
        return known;
    }

    /** Makes up what is to be generated; what is there stays. */
    void generateSecrets(Wish wish) {
        parameters.generateMissing(wish.environment().id(), wish.application().parameters());
    }

    private Map<String, String> pulled(Images images) {
        Map<String, String> pulled = new HashMap<>();
        images.images().forEach((component, image) -> pulled.put(component, pulled(component, image)));
        return pulled;
    }

    private List<PullSecret> pullSecrets() {
        List<PullSecret> secrets = new ArrayList<>();
        String registry = cluster.registryAddress();
        if (registry != null) {
            logins.own().ifPresent(login -> secrets.add(PullSecret.own(registry, login)));
        }
        logins.others().forEach((name, login) -> secrets.add(PullSecret.of(name, login)));
        return secrets;
    }

    private String pulled(String component, PlannedImage image) {
        ImageReference reference = ImageReference.parse(image.repository());
        if (reference.own()) {
            String registry = cluster.registryAddress();
            if (registry == null) {
                throw new ProblemException(Problem.of(
                        ProblemCode.REGISTRY_NOT_PULLABLE,
                        component,
                        "cluster",
                        cluster.name(),
                        "image",
                        reference.toString()));
            }
            reference = reference.at(registry);
        }
        return image.digest() == null
                ? reference + "@build:" + image.buildKey()
                : reference.withDigest(image.digest()).toString();
    }
}
