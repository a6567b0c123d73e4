package dev.slipway.activities.kubernetes.render;

import dev.slipway.activities.store.Secret;
import dev.slipway.workflows.application.Application;
import java.util.List;
import java.util.Map;

/**
 * Everything that decides what is rendered.
 *
 * @param application resolved: overrides applied
 * @param environmentId immutable; goes into labels and selectors
 * @param environmentName what {@code ${environment}} stands for
 * @param instanceId which Slipway this is, so that two of them on one cluster leave each other alone
 * @param images of each component, in full and by digest, as the cluster pulls them
 * @param parameters plain values by name
 * @param secrets secret values by name; a text that uses one is a secret itself
 * @param pullSecrets of the registries that have one; images of others are pulled without credentials
 * @param digestKey key for the digests of secret content that are kept in annotations, so that a short secret cannot be
 *     guessed from its digest
 * @param server what it is for
 */
public record RenderInput(
        Application application,
        String environmentId,
        String environmentName,
        String namespace,
        String instanceId,
        Map<String, String> images,
        Map<String, String> parameters,
        Map<String, Secret> secrets,
        List<PullSecret> pullSecrets,
        Secret digestKey,
        ServerVersion server) {
    public RenderInput {
        images = Map.copyOf(images);
        parameters = Map.copyOf(parameters);
        secrets = Map.copyOf(secrets);
        pullSecrets = List.copyOf(pullSecrets);
    }
}
