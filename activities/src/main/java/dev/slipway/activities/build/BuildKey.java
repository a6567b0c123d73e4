package dev.slipway.activities.build;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;

/** The name of a build by everything that goes into it: equal keys mean equal images. */
public final class BuildKey {
    private BuildKey() {}

    /**
     * 64 hex digits.
     *
     * @param tree id of the git tree that is built
     * @param builder its name and the version of what it produces
     * @param base digest of the base image; empty: from scratch
     * @param arguments all else that shapes the image, in an order that the caller keeps constant
     */
    public static String of(String tree, String builder, String base, List<String> arguments) {
        try {
            MessageDigest hash = MessageDigest.getInstance("SHA-256");
            add(hash, tree);
            add(hash, builder);
            add(hash, base);
            arguments.forEach(argument -> add(hash, argument));
            return HexFormat.of().formatHex(hash.digest());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java platform has SHA-256", e);
        }
    }

    /** With its length before it, so that no two lists of texts run together alike. */
    private static void add(MessageDigest hash, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        hash.update((bytes.length + ":").getBytes(StandardCharsets.US_ASCII));
        hash.update(bytes);
    }
}
