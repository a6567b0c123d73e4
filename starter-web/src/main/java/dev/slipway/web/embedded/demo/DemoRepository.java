package dev.slipway.web.embedded.demo;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneOffset;
import org.eclipse.jgit.api.Git;
import org.eclipse.jgit.api.errors.GitAPIException;
import org.eclipse.jgit.lib.PersonIdent;
import org.springframework.core.io.Resource;
import org.springframework.core.io.support.PathMatchingResourcePatternResolver;

/**
 * The storefront's repository: made from the template that Slipway carries, with real commits on {@code main} and {@code
 * feature/gift-wrap}. It has a work tree: whoever wants to try a change edits a file there and commits.
 */
final class DemoRepository {
    private static final String TEMPLATE = "classpath*:slipway/templates/applications/storefront/";
    private static final PersonIdent AUTHOR = new PersonIdent(
            "Slipway demo", "demo@slipway.invalid", Instant.parse("2026-01-05T09:00:00Z"), ZoneOffset.UTC);

    private DemoRepository() {}

    /** Makes the repository unless it is there. Half of one, left by a crash, is made anew. */
    static void create(Path folder) {
        if (Files.isDirectory(folder)) {
            return;
        }
        Path draft = folder.resolveSibling(folder.getFileName() + ".new");
        try {
            deleteTree(draft);
            Files.createDirectories(draft);
            try (Git git = Git.init()
                    .setDirectory(draft.toFile())
                    .setInitialBranch("main")
                    .call()) {
                unpack(draft);
                commit(git, "Open the shop");
                replace(
                        draft.resolve("services/catalog/site/products.json"),
                        "\"price\": 60}",
                        "\"price\": 60},\n  {\"id\": 4, \"name\": \"Signal flags\", \"price\": 32}");
                commit(git, "Sell signal flags");
                git.checkout()
                        .setCreateBranch(true)
                        .setName("feature/gift-wrap")
                        .call();
                replace(draft.resolve("services/web/site/index.html"), "</html>", "<p>We wrap presents.</p>\n</html>");
                commit(git, "Wrap presents");
                replace(
                        draft.resolve("services/payments/site/cgi-bin/providers"),
                        "cut -d= -f1",
                        "cut -d= -f1\necho voucher");
                commit(git, "Take vouchers");
                git.checkout().setName("main").call();
            }
            Files.move(draft, folder);
        } catch (IOException e) {
            throw new UncheckedIOException("the demo's repository could not be made in " + folder, e);
        } catch (GitAPIException e) {
            throw new IllegalStateException("the demo's repository could not be made in " + folder, e);
        }
    }

    private static void unpack(Path folder) throws IOException {
        Resource[] files = new PathMatchingResourcePatternResolver().getResources(TEMPLATE + "**");
        int unpacked = 0;
        for (Resource file : files) {
            String url = file.getURL().toString();
            String path = url.substring(url.indexOf("applications/storefront/") + "applications/storefront/".length());
            if (path.isEmpty() || path.endsWith("/") || !file.isReadable()) {
                continue;
            }
            Path target = folder.resolve(path);
            Files.createDirectories(target.getParent());
            try (InputStream content = file.getInputStream()) {
                Files.copy(content, target);
            }
            // A jar keeps no modes: what begins like a script is one.
            if (Files.readString(target).startsWith("#!") && !target.toFile().setExecutable(true)) {
                throw new IOException("cannot be made executable: " + target);
            }
            unpacked++;
        }
        if (unpacked == 0) {
            throw new IOException("Slipway carries no storefront template");
        }
    }

    private static void replace(Path file, String what, String with) throws IOException {
        String text = Files.readString(file);
        if (!text.contains(what)) {
            throw new IOException(file + " does not hold " + what);
        }
        Files.write(file, text.replace(what, with).getBytes(StandardCharsets.UTF_8));
    }

    private static void commit(Git git, String message) throws GitAPIException {
        git.add().addFilepattern(".").call();
        git.commit()
                .setMessage(message)
                .setAuthor(AUTHOR)
                .setCommitter(AUTHOR)
                .setSign(false)
                .call();
    }

    private static void deleteTree(Path folder) throws IOException {
        if (Files.exists(folder)) {
            try (var paths = Files.walk(folder)) {
                for (Path path :
                        paths.sorted(java.util.Comparator.reverseOrder()).toList()) {
                    Files.delete(path);
                }
            }
        }
    }
}
