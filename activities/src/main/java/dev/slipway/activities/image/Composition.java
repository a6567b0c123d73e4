package dev.slipway.activities.image;

import dev.slipway.activities.git.FileTree;
import dev.slipway.activities.registry.RegistryClient;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * An image to be composed. Equal compositions give equal digests: no times, names of people or commits go in.
 *
 * @param base {@code null}: from scratch
 * @param layers in order, later ones on top
 * @param settings what is different from the base's
 */
public record Composition(@Nullable Base base, List<Layer> layers, Settings settings) {
    public Composition {
        layers = List.copyOf(layers);
    }

    /**
     * The image below.
     *
     * @param client of the registry it is in; when that is the target's own, layers are mounted and not copied
     * @param digest pins it
     */
    public record Base(RegistryClient client, String repository, String digest) {}

    /**
     * Files of a tree at a folder of the image, owned by root.
     *
     * @param into absolute folder, {@code /app}
     */
    public record Layer(String into, FileTree files) {}

    /**
     * Parts of the image's configuration.
     *
     * @param entrypoint empty: the base's; else it also clears the base's command
     * @param command empty: the base's
     * @param workingDir empty: the base's
     * @param environment added to the base's, by name
     * @param user empty: the base's
     * @param labels added to the base's; nothing that differs from commit to commit belongs here
     */
    public record Settings(
            List<String> entrypoint,
            List<String> command,
            String workingDir,
            SortedMap<String, String> environment,
            String user,
            SortedMap<String, String> labels) {
        public static final Settings OF_THE_BASE = new Settings(List.of(), List.of(), "", Map.of(), "", Map.of());

        public Settings {
            entrypoint = List.copyOf(entrypoint);
            command = List.copyOf(command);
            environment = Collections.unmodifiableSortedMap(new TreeMap<>(environment));
            labels = Collections.unmodifiableSortedMap(new TreeMap<>(labels));
        }

        public Settings(
                List<String> entrypoint,
                List<String> command,
                String workingDir,
                Map<String, String> environment,
                String user,
                Map<String, String> labels) {
            this(entrypoint, command, workingDir, new TreeMap<>(environment), user, new TreeMap<>(labels));
        }
    }
}
