package dev.slipway.activities.detect;

import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Something in a repository that can be built and run.
 *
 * @param folder where it lies
 * @param context the folder that it is built from: its own, or one above that it needs too
 * @param dockerfile of the repository, from {@code context}; {@code null}: it has none
 * @param generated a Dockerfile for it; {@code null}: none can be written
 * @param saw why it is one
 * @param ports that it listens on, as far as its files say, the main one first
 * @param alternatives other ways to build what is in that folder
 * @param last how its image begins to run
 */
public record Project(
        Kind kind,
        String name,
        String folder,
        String context,
        @Nullable String dockerfile,
        @Nullable String generated,
        List<Seen> saw,
        List<Integer> ports,
        List<Alternative> alternatives,
        LastStage last) {
    /** What it is made with. */
    public enum Kind {
        MAVEN,
        GRADLE,
        GO,
        PYTHON,
        NODE,
        /** A front end that Node builds and a web server serves. */
        NODE_STATIC,
        STATIC,
        /** A jar that is built already. */
        JAR,
        /** Known by its Dockerfile alone. */
        DOCKERFILE;

        public String word() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }
    }

    /**
     * Another way.
     *
     * @param kind as what
     * @param file that it would go by
     */
    public record Alternative(Kind kind, String file) {}

    public Project {
        saw = List.copyOf(saw);
        ports = ports.stream()
                .filter(port -> port > 0 && port < 65_536)
                .distinct()
                .toList();
        alternatives = List.copyOf(alternatives);
    }

    /** One without a Dockerfile of its own, that a Dockerfile can be written for. */
    static Project generated(
            Kind kind, String name, String folder, String context, String text, List<Seen> saw, List<Integer> ports) {
        return new Project(kind, name, folder, context, null, text, saw, ports, List.of(), LastStage.NOBODY);
    }

    Project by(String ownContext, String ownDockerfile, List<Seen> more, List<Integer> exposed, LastStage stage) {
        return new Project(
                kind,
                name,
                folder,
                ownContext,
                ownDockerfile,
                generated,
                both(saw, more),
                both(exposed, ports),
                alternatives,
                stage);
    }

    /** One list after another. */
    static <T> List<T> both(List<T> first, List<T> second) {
        return Stream.concat(first.stream(), second.stream()).distinct().toList();
    }

    Project seen(Seen more) {
        return new Project(
                kind,
                name,
                folder,
                context,
                dockerfile,
                generated,
                both(saw, List.of(more)),
                ports,
                alternatives,
                last);
    }

    Project or(List<Alternative> others) {
        return new Project(
                kind, name, folder, context, dockerfile, generated, saw, ports, both(alternatives, others), last);
    }
}
