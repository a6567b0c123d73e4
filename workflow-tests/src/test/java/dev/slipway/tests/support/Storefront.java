package dev.slipway.tests.support;

import com.fasterxml.jackson.databind.JsonNode;
import dev.slipway.activities.registry.RegistryClient;
import dev.slipway.activities.registry.RegistrySettings;
import dev.slipway.activities.registry.RemoteManifest;
import dev.slipway.workflows.application.ImageReference;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The storefront for real engines: its template as a git repository, and base images that really have a shell and PostgreSQL. */
public final class Storefront {
    private Storefront() {}

    /** A repository with the template's files, committed on {@code main}. */
    public static TestRepository repository(Path folder) {
        Path template = root().resolve("templates/applications/storefront");
        TestRepository repository = TestRepository.create(folder);
        try (var files = Files.walk(template)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                Path target = folder.resolve(template.relativize(file).toString());
                Files.createDirectories(target.getParent());
                Files.copy(file, target);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        repository.commit("Open the shop");
        return repository;
    }

    /** The root of this project, from whichever of its folders the test runs in. */
    public static Path root() {
        Path folder = Path.of("").toAbsolutePath();
        while (!Files.isDirectory(folder.resolve("templates"))) {
            folder = folder.getParent();
        }
        return folder;
    }

    /** Gives two images of a registry the names that the storefront builds on. Nothing is moved. */
    public static void baseImages(String registry, String shell, String postgres) {
        RegistryClient client =
                new RegistryClient(new RegistrySettings(ImageReference.OWN_REGISTRY, registry, true, null, null));
        rename(client, ImageReference.parse(shell), "base/shell");
        // It is made on Debian and has Perl.
        rename(client, ImageReference.parse(postgres), "base/debian");
        rename(client, ImageReference.parse(postgres), "base/postgres");
    }

    private static void rename(RegistryClient client, ImageReference from, String repository) {
        RemoteManifest manifest =
                client.manifest(from.repository(), from.reference()).orElseThrow();
        client.mount(
                repository,
                from.repository(),
                manifest.json().path("config").path("digest").asText());
        for (JsonNode layer : manifest.json().path("layers")) {
            client.mount(repository, from.repository(), layer.path("digest").asText());
        }
        client.putManifest(repository, "1", manifest.mediaType(), manifest.bytes());
    }
}
