package dev.slipway.web.embedded;

import java.io.BufferedInputStream;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.net.JarURLConnection;
import java.net.URL;
import java.net.URLConnection;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.jspecify.annotations.Nullable;
import org.tukaani.xz.XZInputStream;

/** PostgreSQL's programs, unpacked once per version from the jar of this platform into the user's cache. */
final class PostgresPrograms {
    private static final Set<PosixFilePermission> OWNER_ONLY = PosixFilePermissions.fromString("rwx------");

    private PostgresPrograms() {}

    /**
     * Unpacks what is not unpacked yet; several processes may do so at once.
     *
     * @return the folder that has {@code bin/postgres}
     * @throws IOException when there are no programs for this platform, or the cache cannot be written
     */
    static Path unpack(Path cache) throws IOException {
        URL archive = archive();
        Path folder = cache.resolve("postgresql-" + fingerprint(archive));
        if (Files.isExecutable(folder.resolve("bin/postgres"))) {
            return folder;
        }
        Files.createDirectories(cache, PosixFilePermissions.asFileAttribute(OWNER_ONLY));
        Path fresh = Files.createTempDirectory(cache, "postgresql-", PosixFilePermissions.asFileAttribute(OWNER_ONLY));
        try (InputStream in = archive.openStream()) {
            extract(in, fresh);
            Files.move(fresh, folder, StandardCopyOption.ATOMIC_MOVE);
        } catch (FileAlreadyExistsException | java.nio.file.DirectoryNotEmptyException other) {
            // Another process was faster; its copy is as good.
        } finally {
            delete(fresh);
        }
        return folder;
    }

    private static void extract(InputStream in, Path folder) throws IOException {
        try (TarArchiveInputStream tar =
                new TarArchiveInputStream(new XZInputStream(new BufferedInputStream(in, 1 << 16)))) {
            for (@Nullable TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
                Path target = folder.resolve(entry.getName()).normalize();
                if (!target.startsWith(folder)) {
                    throw new IOException("the archive of PostgreSQL leaves its folder: " + entry.getName());
                }
                if (entry.isDirectory()) {
                    Files.createDirectories(target);
                    continue;
                }
                Files.createDirectories(target.getParent());
                if (entry.isSymbolicLink() || entry.isLink()) {
                    Files.createSymbolicLink(target, Path.of(entry.getLinkName()));
                } else {
                    Files.copy(tar, target);
                    if ((entry.getMode() & 0100) != 0) {
                        Files.setPosixFilePermissions(target, OWNER_ONLY);
                    }
                }
            }
        }
    }

    private static URL archive() throws IOException {
        String os = System.getProperty("os.name").toLowerCase(Locale.ROOT);
        String arch = System.getProperty("os.arch").toLowerCase(Locale.ROOT);
        String system = os.contains("mac") ? "darwin" : os.contains("linux") ? "linux" : os;
        List<String> names = switch (arch) {
            case "amd64", "x86_64" -> List.of("x86_64");
            case "aarch64", "arm64" -> List.of("arm_64", "aarch_64", "arm64v8");
            default -> List.of(arch);
        };
        for (String name : names) {
            URL found = PostgresPrograms.class.getResource("/postgres-" + system + "-" + name + ".txz");
            if (found != null) {
                return found;
            }
        }
        throw new FileNotFoundException("no PostgreSQL programs for " + system + " on " + arch);
    }

    /** Distinguishes versions without reading 15 MB: the checksum is in the jar's directory. */
    private static String fingerprint(URL archive) throws IOException {
        URLConnection connection = archive.openConnection();
        connection.setUseCaches(false);
        if (connection instanceof JarURLConnection jar) {
            try (java.util.jar.JarFile file = jar.getJarFile()) {
                var entry = jar.getJarEntry();
                return "%08x-%d".formatted(entry.getCrc(), entry.getSize());
            }
        }
        return connection.getContentLengthLong() + "-" + connection.getLastModified();
    }

    private static void delete(Path folder) throws IOException {
        if (!Files.exists(folder)) {
            return;
        }
        try (Stream<Path> all = Files.walk(folder)) {
            for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(path);
            }
        }
    }
}
