package dev.slipway.web.embedded.kubernetes;

import java.util.Optional;

/** Asked before a container starts: can this image be pulled? */
@FunctionalInterface
public interface ImageCheck {
    /** Lets every image through. */
    ImageCheck NONE = reference -> Optional.empty();

    /**
     * Why an image cannot be pulled, in the registry's words; empty when it can be, or when it is not for this check to
     * say. Called inside the cluster's lock: it must answer within milliseconds.
     *
     * @param reference as the container names it, for example {@code localhost:5000/shop/web@sha256:…}
     */
    Optional<String> refusal(String reference);
}
