package dev.slipway.activities.detect;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * Something to be told about a proposal. The sentence is made at the edge, by {@link Code#key} and arguments, in the reader's language.
 *
 * @param arguments words of the files, in the order of the sentence
 */
public record Remark(Code code, List<String> arguments) {
    private static final int LONGEST = 160;

    /** What is told. */
    public enum Code {
        // What was chosen, and why.
        /** {0} the Dockerfile of the repository. */
        DOCKERFILE,
        /** {0} the word of a {@link Project.Kind}, {1} the file that tells. */
        GENERATED,
        /** {0} the image. */
        IMAGE,
        /** {0} the image that the compose file names; its sources are in the repository. */
        BUILT_INSTEAD,
        /** {0} the compose file, which has the Dockerfile in itself. */
        INLINE,

        // What a person should know.
        /** {0} the file that runs as root. */
        ROOT,
        /** {0} the user's name, which has no number that is known here, {1} the file. */
        USER,
        /** {0} the image, which is known to run as another user than root. */
        IMAGE_USER,
        /** Nothing tells what it listens on. */
        NO_PORT,
        /** {0} the port, {1} the file or service that names it. */
        PORT,
        /** {0} the volume, {1} the size that it was given. */
        VOLUME_SIZE,
        /** {0} the name before, {1} the name now: who calls it has to follow. */
        RENAMED,
        /** {0} the component that an address in {1} names. */
        EDGE,

        // What of a compose file is not in the proposal.
        /** {0} the field. */
        LEFT_OUT,
        /** {0} what is mounted from the machine. */
        MOUNT,
        /** {0} the variable that has no value, and is empty. */
        NO_VALUE,
        /** {0} the port that the machine would have, {1} that of the component: reachable inside only, until it is exposed. */
        PUBLISHED,
        /** {0} the service, {1} the profile that starts it. */
        PROFILE,
        /** {0} the service, which has neither an image nor a folder in the repository that it is built from. */
        NO_SOURCE,
        /** {0} the compose file, {1} why it cannot be read. */
        UNREADABLE;

        /** Of its sentence. */
        public String key() {
            return "draft." + name().toLowerCase(Locale.ROOT).replace('_', '-');
        }
    }

    public Remark {
        arguments = arguments.stream().map(Remark::line).toList();
    }

    static Remark of(Code code, String... arguments) {
        return new Remark(code, Arrays.asList(arguments));
    }

    private static String line(String text) {
        String line = text.replaceAll("[\\p{Cntrl}\\s]+", " ").strip();
        return line.length() <= LONGEST ? line : line.substring(0, LONGEST) + "…";
    }
}
