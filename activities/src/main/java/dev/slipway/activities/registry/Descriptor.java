package dev.slipway.activities.registry;

/**
 * What content is, without the content.
 *
 * @param digest {@code sha256:…} or {@code sha512:…}
 * @param size in bytes
 */
public record Descriptor(String mediaType, String digest, long size) {}
