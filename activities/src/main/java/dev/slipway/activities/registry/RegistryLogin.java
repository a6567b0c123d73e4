package dev.slipway.activities.registry;

import dev.slipway.activities.store.Secret;

/** Who we are to a registry. */
public record RegistryLogin(String username, Secret password) {}
