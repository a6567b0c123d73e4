package dev.slipway.workflows.application;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Where a component's image comes from: exactly one of a git repository or an image. */
public sealed interface Source {
    /** An image that exists already, {@code postgres:16} or by digest. */
    record Image(String reference) implements Source {}

    /**
     * An image to be built from a git repository. At most one of branch, tag, commit is given; none means the
     * repository's default branch.
     *
     * @param url {@code null}: the repository that the document itself was read from
     * @param path folder of the component in the repository; empty: its root
     */
    record Git(
            @Nullable String url,
            @Nullable String branch,
            @Nullable String tag,
            @Nullable String commit,
            String path,
            Build build)
            implements Source {}

    /**
     * How to build.
     *
     * @param dockerfile {@code null}: the builder's default name
     * @param dockerfileInline text of a Dockerfile that stands in the document; {@code null}: the repository's, or a generated one
     * @param target stage of the Dockerfile; {@code null}: the last
     * @param secrets parameters of type secret that instructions may mount, by name
     * @param base {@code jib}: the image to put the files on; {@code null}: none given
     * @param layout {@code jib}: target folder in the image -> path in the component's folder
     * @param entrypoint {@code jib}: replaces the base's; empty: the base's
     */
    record Build(
            Builder builder,
            @Nullable String dockerfile,
            @Nullable String dockerfileInline,
            @Nullable String target,
            Map<String, String> args,
            List<String> secrets,
            @Nullable String base,
            Map<String, String> layout,
            List<String> entrypoint) {
        public Build {
            args = java.util.Collections.unmodifiableSortedMap(new TreeMap<>(args));
            secrets = List.copyOf(secrets);
            layout = java.util.Collections.unmodifiableSortedMap(new TreeMap<>(layout));
            entrypoint = List.copyOf(entrypoint);
        }

        /** Whether a Dockerfile says how: {@code auto} means one where no base is given. */
        public boolean byDockerfile() {
            return builder == Builder.DOCKERFILE || builder == Builder.AUTO && base == null;
        }
    }

    enum Builder {
        AUTO,
        DOCKERFILE,
        JIB
    }
}
