package dev.slipway.web.cli;

import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.EnumSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Where Slipway is and who calls: from the environment, else from files. A token never stands on a command line, which others can read. */
final class Credentials {
    private static final int LONGEST = 8 << 10;
    private static final Set<PosixFilePermission> OF_OTHERS = EnumSet.of(
            PosixFilePermission.GROUP_READ,
            PosixFilePermission.GROUP_WRITE,
            PosixFilePermission.OTHERS_READ,
            PosixFilePermission.OTHERS_WRITE);

    private Credentials() {}

    /**
     * @param given by {@code --url}; {@code null}: not given
     * @return without a slash at its end
     */
    static URI address(@Nullable String given, Surroundings here, Words words) {
        String text = given != null ? given : here.variable("SLIPWAY_URL");
        if (text.isEmpty()) {
            text = file(here.folder().resolve("url"), words);
        }
        if (text.isEmpty()) {
            text = "http://localhost:8080";
        }
        while (text.endsWith("/")) {
            text = text.substring(0, text.length() - 1);
        }
        try {
            URI address = URI.create(text);
            String scheme = address.getScheme();
            if (("http".equals(scheme) || "https".equals(scheme))
                    && address.getHost() != null
                    && address.getRawUserInfo() == null
                    && address.getRawQuery() == null
                    && address.getRawFragment() == null) {
                return address;
            }
        } catch (IllegalArgumentException notAnAddress) {
            // Told below.
        }
        throw new Stop(Exit.USAGE, words.text("url.wrong", text));
    }

    /** @throws Stop {@link Exit#NOT_PERMITTED}: there is none, or others can read its file */
    static String token(Surroundings here, Words words) {
        String token = here.variable("SLIPWAY_TOKEN");
        Path file = here.folder().resolve("token");
        if (token.isEmpty()) {
            if (readableByOthers(file)) {
                throw new Stop(Exit.NOT_PERMITTED, words.text("token.open", file));
            }
            token = file(file, words);
        }
        if (token.isEmpty()) {
            throw new Stop(Exit.NOT_PERMITTED, words.text("token.missing", file));
        }
        if (!token.chars().allMatch(character -> character > ' ' && character < 0x7f)) {
            throw new Stop(Exit.NOT_PERMITTED, words.text("token.wrong"));
        }
        return token;
    }

    private static boolean readableByOthers(Path file) {
        try {
            return Files.exists(file)
                    && Files.getPosixFilePermissions(file).stream().anyMatch(OF_OTHERS::contains);
        } catch (UnsupportedOperationException | IOException noSuchPermissions) {
            return false;
        }
    }

    private static String file(Path file, Words words) {
        if (!Files.exists(file)) {
            return "";
        }
        try (var in = Files.newInputStream(file)) {
            byte[] bytes = in.readNBytes(LONGEST + 1);
            if (bytes.length <= LONGEST) {
                return new String(bytes, StandardCharsets.UTF_8).strip();
            }
        } catch (IOException unreadable) {
            // Told below.
        }
        throw new Stop(Exit.USAGE, words.text("file.unreadable", file));
    }
}
