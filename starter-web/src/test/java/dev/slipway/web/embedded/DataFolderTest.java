package dev.slipway.web.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slipway.activities.store.Secret;
import dev.slipway.web.SlipwaySettings;
import dev.slipway.workflows.problem.ProblemCode;
import dev.slipway.workflows.problem.ProblemException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DataFolderTest {
    @TempDir
    Path temp;

    @Test
    @DisplayName("a folder is made for its owner alone, is held by one, and free again afterwards")
    void lock() throws IOException {
        Path path = temp.resolve("a/b");
        try (DataFolder folder = DataFolder.open(path)) {
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(folder.path())))
                    .isEqualTo("rwx------");
            refused(() -> DataFolder.open(path), ProblemCode.START_DATA_IN_USE);
        }
        DataFolder.open(path).close();
    }

    @Test
    @DisplayName("a folder that cannot be is refused")
    void unusable() throws IOException {
        Path file = Files.writeString(temp.resolve("file"), "");

        refused(() -> DataFolder.open(file), ProblemCode.START_DATA_UNUSABLE);
        refused(() -> DataFolder.open(file.resolve("inside")), ProblemCode.START_DATA_UNUSABLE);
    }

    @Test
    @DisplayName("a small file is written whole and private, and read back")
    void files() throws IOException {
        try (DataFolder folder = DataFolder.open(temp.resolve("data"))) {
            folder.write("note", "one");
            folder.write("note", "two");

            assertThat(folder.read("note")).isEqualTo("two");
            assertThat(folder.read("nothing")).isNull();
            assertThat(PosixFilePermissions.toString(
                            Files.getPosixFilePermissions(folder.path().resolve("note"))))
                    .isEqualTo("rw-------");
        }
    }

    @Test
    @DisplayName("the master key is made once and found again; a damaged file stops the start")
    void masterKey() throws IOException {
        try (DataFolder folder = DataFolder.open(temp.resolve("data"))) {
            String id = MasterKeys.load(null, List.of(), folder).keyId();

            assertThat(MasterKeys.load(null, List.of(), folder).keyId()).isEqualTo(id);
            folder.write(MasterKeys.FILE, "damaged");
            refused(() -> MasterKeys.load(null, List.of(), folder), ProblemCode.MASTER_KEY_WRONG);
        }
    }

    @Test
    @DisplayName("a port in use is refused, 0 never is")
    void port() throws IOException {
        try (ServerSocket other = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            refused(
                    () -> EmbeddedEngines.requireFree("127.0.0.1", other.getLocalPort(), "slipway.port"),
                    ProblemCode.START_PORT_IN_USE);
        }
        EmbeddedEngines.requireFree("127.0.0.1", 0, "slipway.port");
    }

    @Test
    @DisplayName("a setting that cannot work is refused, and a secret is never told")
    void settings() {
        refused(
                () -> new SlipwaySettings.Security(Secret.of("short"), null, List.of(), List.of()),
                ProblemCode.START_SETTING);
        refused(
                () -> new SlipwaySettings.Security(null, Secret.of("not a key"), List.of(), List.of()),
                ProblemCode.START_SETTING);
        refused(() -> new SlipwaySettings.Database("jdbc:h2:mem:x", null, null), ProblemCode.START_SETTING);
        refused(
                () -> new SlipwaySettings.Temporal("no port", "default", false, null, "auto"),
                ProblemCode.START_SETTING);
        refused(
                () -> new SlipwaySettings.Registry(
                        "https://registry.example", false, null, null, null, null, null, null, 5080),
                ProblemCode.START_SETTING);
        refused(
                () -> new SlipwaySettings.Registry(null, false, null, null, null, null, null, null, 70_000),
                ProblemCode.START_SETTING);
        refused(
                () -> new SlipwaySettings.Registry(null, false, null, null, "puller", null, null, null, 0),
                ProblemCode.START_SETTING);
        refused(() -> new SlipwaySettings.Cluster("No Name", null, null, null), ProblemCode.START_SETTING);
        refused(
                () -> new SlipwaySettings.Cluster("a", temp.resolve("none").toString(), null, null),
                ProblemCode.START_SETTING);
    }

    private static void refused(ThrowingCallable call, ProblemCode code) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        ProblemException.class,
                        e -> assertThat(e.problem().code()).isEqualTo(code));
    }
}
