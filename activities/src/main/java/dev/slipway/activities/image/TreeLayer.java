package dev.slipway.activities.image;

import dev.slipway.activities.git.FileSink;
import dev.slipway.workflows.problem.Problem;
import dev.slipway.workflows.problem.ProblemCode;
import dev.slipway.workflows.problem.ProblemException;
import java.io.IOException;
import java.io.InputStream;
import java.util.HashSet;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Lays the files of a tree into a folder of the image. Folders that every distribution has are not written: their mode, or that
 * {@code /bin} is a link, is the base's affair.
 */
final class TreeLayer implements FileSink {
    private static final Pattern OF_THE_SYSTEM = Pattern.compile(
            "(?:bin|boot|dev|etc|home|lib|lib32|lib64|libx32|media|mnt|opt"
                    + "|proc|root|run|sbin|srv|sys|tmp|usr|var)(?:/(?:bin|lib|lib64|sbin|run|lock|tmp|local|share|log))?");
    private static final String WHITEOUT = ".wh.";

    private final String into;
    private final TarWriter tar;
    private final Set<String> folders = new HashSet<>();
    private final Set<String> files = new HashSet<>();

    /** @param into absolute folder of the image */
    TreeLayer(String into, TarWriter tar) {
        this.into = folder(into);
        this.tar = tar;
    }

    @Override
    public void file(String path, boolean executable, long size, InputStream content) throws IOException {
        tar.file(place(path), executable, size, content);
    }

    @Override
    public void symlink(String path, String target) throws IOException {
        tar.symlink(place(path), target);
    }

    int count() {
        return files.size();
    }

    private String place(String path) throws IOException {
        String full = into.isEmpty() ? path : into + "/" + path;
        for (String name : full.split("/", -1)) {
            if (name.isEmpty() || name.equals(".") || name.equals("..") || name.startsWith(WHITEOUT)) {
                throw refused(path, "the name " + name + " cannot be in an image");
            }
        }
        if (!files.add(full)) {
            throw refused(path, "twice");
        }
        for (int slash = full.indexOf('/'); slash >= 0; slash = full.indexOf('/', slash + 1)) {
            String parent = full.substring(0, slash);
            if (files.contains(parent)) {
                throw refused(path, "below a file");
            }
            if (folders.add(parent) && !OF_THE_SYSTEM.matcher(parent).matches()) {
                tar.folder(parent);
            }
        }
        return full;
    }

    private static String folder(String into) {
        String relative = into.replaceAll("^/+|/+$", "");
        if (!into.startsWith("/") || into.length() > 1024) {
            throw refused(into, "not an absolute folder");
        }
        return relative;
    }

    private static ProblemException refused(String path, String reason) {
        return new ProblemException(
                Problem.of(ProblemCode.IMAGE_UNSUPPORTED, path, "image", path, "reason", reason, "registry", ""));
    }
}
