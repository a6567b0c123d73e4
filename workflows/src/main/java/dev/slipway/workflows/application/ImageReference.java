package dev.slipway.workflows.application;

import dev.slipway.workflows.problem.Problem;
import dev.slipway.workflows.problem.ProblemCode;
import dev.slipway.workflows.problem.ProblemException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Which image: a registry, a repository in it, and a tag, a digest or both (then the digest decides).
 *
 * <p>{@code postgres:16} is {@code docker.io/library/postgres:16}. The registry {@value #OWN_REGISTRY} stands for Slipway's own;
 * its host differs from cluster to cluster and is put in when objects are rendered.
 *
 * @param registry host, with a port where it has one; a name that people write
 * @param tag {@code null}: none given; {@code latest} is meant when there is no digest either
 * @param digest {@code sha256:…} or {@code sha512:…}; {@code null}: none given
 * @see <a href="https://github.com/distribution/reference">The grammar</a>
 */
public record ImageReference(
        String registry,
        String repository,
        @Nullable String tag,
        @Nullable String digest) {
    /** Stands for Slipway's own registry, wherever it is reached. */
    public static final String OWN_REGISTRY = "slipway.registry";

    private static final String DOCKER_HUB = "docker.io";
    private static final int LONGEST = 512;
    private static final String PART = "[a-z0-9]++(?:(?:\\.|__?|-++)[a-z0-9]++)*+";
    private static final Pattern REGISTRY =
            Pattern.compile("(?:[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?|\\[[0-9a-fA-F:]+])(?::[0-9]{1,5})?");
    private static final Pattern REPOSITORY = Pattern.compile(PART + "(?:/" + PART + ")*+");
    private static final Pattern TAG = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}");
    private static final Pattern DIGEST = Pattern.compile("sha256:[a-f0-9]{64}|sha512:[a-f0-9]{128}");
    private static final Pattern WHOLE = Pattern.compile("(?<name>[^@]+?)(?::(?<tag>[^:/@]+))?(?:@(?<digest>[^@]+))?");

    public ImageReference {
        require(REGISTRY, registry, "registry");
        require(REPOSITORY, repository, "repository");
        if (tag != null) {
            require(TAG, tag, "tag");
        }
        if (digest != null) {
            require(DIGEST, digest, "digest");
        }
    }

    /** @throws ProblemException {@link ProblemCode#IMAGE_REFERENCE} when the text is none; it names the part that is wrong */
    public static ImageReference parse(String text) {
        String trimmed = text.trim();
        Matcher whole = WHOLE.matcher(trimmed.length() > LONGEST ? "" : trimmed);
        if (!whole.matches()) {
            throw invalid(text, "reference");
        }
        String name = whole.group("name");
        int slash = name.indexOf('/');
        String first = slash < 0 ? "" : name.substring(0, slash);
        boolean hosted = first.contains(".") || first.contains(":") || first.equals("localhost");
        String registry = hosted ? first : DOCKER_HUB;
        String repository = hosted ? name.substring(slash + 1) : name;
        if (registry.equals("index.docker.io")) {
            registry = DOCKER_HUB;
        }
        if (registry.equals(DOCKER_HUB) && repository.indexOf('/') < 0) {
            repository = "library/" + repository;
        }
        try {
            return new ImageReference(registry, repository, whole.group("tag"), whole.group("digest"));
        } catch (PartException e) {
            throw invalid(text, e.part);
        }
    }

    /** What to ask a registry for: the digest where there is one, else the tag, else {@code latest}. */
    public String reference() {
        if (digest != null) {
            return digest;
        }
        return tag == null ? "latest" : tag;
    }

    /** Whether it always means the same bytes. */
    public boolean pinned() {
        return digest != null;
    }

    /** Whether it lives in Slipway's own registry. */
    public boolean own() {
        return registry.equals(OWN_REGISTRY);
    }

    /** The same image by digest; the tag stays for the reader. */
    public ImageReference withDigest(String newDigest) {
        return new ImageReference(registry, repository, tag, newDigest);
    }

    /** The same image, reached at another host. */
    public ImageReference at(String host) {
        return new ImageReference(host, repository, tag, digest);
    }

    @Override
    public String toString() {
        return registry + "/" + repository + (tag == null ? "" : ":" + tag) + (digest == null ? "" : "@" + digest);
    }

    private static void require(Pattern syntax, String text, String part) {
        if (text.length() > LONGEST || !syntax.matcher(text).matches()) {
            throw new PartException(part, text);
        }
    }

    private static ProblemException invalid(String text, String part) {
        String shown = text.length() > 200 ? text.substring(0, 200) + "…" : text;
        return new ProblemException(Problem.of(ProblemCode.IMAGE_REFERENCE, shown, "image", shown, "part", part));
    }

    private static final class PartException extends IllegalArgumentException {
        private static final long serialVersionUID = 1;
        private final String part;

        PartException(String part, String text) {
            super("not a " + part + " of an image: " + text);
            this.part = part;
        }
    }
}
