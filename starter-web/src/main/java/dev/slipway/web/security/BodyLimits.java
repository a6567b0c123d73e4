package dev.slipway.web.security;

import dev.slipway.workflows.problem.Problem;
import dev.slipway.workflows.problem.ProblemCode;

/** How big a body may be, by the kind of route. Deliveries of git providers are the biggest; a chat line is small. */
final class BodyLimits {
    private static final long KIBIBYTE = 1024;
    private static final long MEBIBYTE = 1024 * KIBIBYTE;
    /** Of GitHub, which sends the biggest deliveries. */
    private static final long DELIVERY = 25 * MEBIBYTE;
    /** A document of 1 MiB, every other character of it escaped. */
    private static final long DOCUMENT = 4 * MEBIBYTE;

    private BodyLimits() {}

    /** In bytes. */
    static long of(String path) {
        if (path.startsWith("/api/v1/hooks")) {
            return DELIVERY;
        }
        return path.startsWith("/api/v1/chat") || path.startsWith("/sign-in") ? 64 * KIBIBYTE : DOCUMENT;
    }

    static Problem tooBig(long limit) {
        return Problem.of(
                ProblemCode.REQUEST_TOO_BIG,
                "",
                "limit",
                limit >= MEBIBYTE ? limit / MEBIBYTE + " MB" : limit / KIBIBYTE + " KB");
    }
}
