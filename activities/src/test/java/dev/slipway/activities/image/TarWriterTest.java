package dev.slipway.activities.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slipway.workflows.problem.ProblemException;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("A layer's tar")
class TarWriterTest {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final TarWriter tar = new TarWriter(out);

    @Test
    @DisplayName(
            "is read by others as it was meant: modes, links, owner, time, sizes that fill a block and that do not")
    void entries() throws IOException {
        tar.folder("app");
        tar.file("app/run", true, 5, content(5));
        tar.file("app/block", false, 512, content(512));
        tar.file("app/empty", false, 0, content(0));
        tar.symlink("app/link", "/etc/hostname");
        tar.finish();

        List<TarArchiveEntry> entries = read();

        assertThat(out.size() % 512).isZero();
        assertThat(entries)
                .extracting(TarArchiveEntry::getName)
                .containsExactly("app/", "app/run", "app/block", "app/empty", "app/link");
        assertThat(entries).extracting(TarArchiveEntry::getMode).containsExactly(0755, 0755, 0644, 0644, 0777);
        assertThat(entries).extracting(TarArchiveEntry::getSize).containsExactly(0L, 5L, 512L, 0L, 0L);
        assertThat(entries.get(4).isSymbolicLink()).isTrue();
        assertThat(entries.get(4).getLinkName()).isEqualTo("/etc/hostname");
        assertThat(entries).allSatisfy(entry -> {
            assertThat(entry.getLongUserId()).isZero();
            assertThat(entry.getLongGroupId()).isZero();
            assertThat(entry.getUserName()).isEmpty();
            assertThat(entry.getLastModifiedTime().toMillis()).isEqualTo(1000);
        });
    }

    @Test
    @DisplayName("keeps long names, long link targets and names of other scripts")
    void longNames() throws IOException {
        List<String> names = new ArrayList<>(List.of("文件/名.txt", "naïve", "a".repeat(100)));
        for (int length = 80; length < 140; length++) {
            names.add("d/" + "x".repeat(length)); // also where the record's own length gains a digit
        }
        for (String name : names) {
            tar.file(name, false, 0, content(0));
        }
        tar.symlink("link", "../" + "y".repeat(300));
        tar.finish();

        List<TarArchiveEntry> entries = read();

        assertThat(entries.subList(0, names.size()))
                .extracting(TarArchiveEntry::getName)
                .isEqualTo(names);
        assertThat(entries.get(names.size()).getLinkName()).isEqualTo("../" + "y".repeat(300));
    }

    @Test
    @DisplayName("writes a tree's folders once, and none that belong to the base system")
    void folders() throws IOException {
        TreeLayer app = new TreeLayer("/opt/app", tar);
        app.file("a/b/one", false, 0, content(0));
        app.file("a/two", false, 0, content(0));
        TreeLayer system = new TreeLayer("/", tar);
        system.file("usr/bin/tool", true, 0, content(0));
        system.file("tmp/x", false, 0, content(0));
        tar.finish();

        assertThat(read())
                .extracting(TarArchiveEntry::getName)
                .containsExactly(
                        "opt/app/",
                        "opt/app/a/",
                        "opt/app/a/b/",
                        "opt/app/a/b/one",
                        "opt/app/a/two",
                        "usr/bin/tool",
                        "tmp/x");
    }

    @ParameterizedTest
    @DisplayName("refuses names that climb out or that mean deletion in a layer")
    @ValueSource(strings = {"../x", "a/../x", "a//b", ".", ".wh.passwd", "a/.wh..wh..opq", "/x", ""})
    void hostile(String path) {
        TreeLayer layer = new TreeLayer("/app", tar);

        assertThatThrownBy(() -> layer.file(path, false, 0, content(0))).isInstanceOf(ProblemException.class);
    }

    @Test
    @DisplayName("refuses to write below a link, twice the same, and into a relative folder")
    void belowLink() throws IOException {
        TreeLayer layer = new TreeLayer("/app", tar);
        layer.symlink("link", "/etc");

        assertThatThrownBy(() -> layer.file("link/x", false, 0, content(0))).isInstanceOf(ProblemException.class);
        assertThatThrownBy(() -> layer.file("link", false, 0, content(0))).isInstanceOf(ProblemException.class);
        assertThatThrownBy(() -> new TreeLayer("app", tar)).isInstanceOf(ProblemException.class);
    }

    private List<TarArchiveEntry> read() throws IOException {
        List<TarArchiveEntry> entries = new ArrayList<>();
        try (TarArchiveInputStream in =
                new TarArchiveInputStream(new ByteArrayInputStream(out.toByteArray()), "UTF-8")) {
            for (TarArchiveEntry entry; (entry = in.getNextEntry()) != null; ) {
                entries.add(entry);
            }
        }
        return entries;
    }

    private static ByteArrayInputStream content(int size) {
        return new ByteArrayInputStream(new byte[size]);
    }
}
