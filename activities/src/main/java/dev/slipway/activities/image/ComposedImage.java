package dev.slipway.activities.image;

/**
 * What was composed.
 *
 * @param digest of its manifest
 * @param pushedBytes that had to travel; 0 when the registry had the image
 */
public record ComposedImage(String digest, long pushedBytes) {}
