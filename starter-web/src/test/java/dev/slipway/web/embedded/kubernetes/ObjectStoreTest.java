package dev.slipway.web.embedded.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.node.ObjectNode;

class ObjectStoreTest {
    private static final String MEBIBYTE = "x".repeat(1 << 20);

    private final ResourceTypes types = new ResourceTypes();
    private final ResourceType maps = types.find("v1", "configmaps");

    @TempDir
    Path folder;

    @Test
    @DisplayName("a journal that is mostly out of date is rewritten to what there is, with the versions it had")
    void compacts() throws IOException {
        long version;
        try (ObjectStore store = open()) {
            store.put(key("kept"), map("kept", "old"));
            store.put(key("gone"), map("gone", "x"));
            store.remove(key("gone"));
            writeOften(store);
            store.maintain();
            version = store.version();

            assertThat(Files.size(journal())).isBetween(1L << 20, 2L << 20);
            store.put(key("after"), map("after", "new"));
        }
        try (ObjectStore store = open()) {
            assertThat(store.version()).isEqualTo(version + 1);
            assertThat(names(store)).containsExactly("after", "kept", "large");
            assertThat(Json.text(store.find(key("kept")), "metadata", "resourceVersion"))
                    .isEqualTo("2");
        }
        assertThat(folder.resolve("objects.next")).doesNotExist();
    }

    @Test
    @DisplayName("a journal that has grown over many short lives is rewritten too")
    void compactsAcrossRestarts() throws IOException {
        try (ObjectStore store = open()) {
            writeOften(store);
        }
        assertThat(Files.size(journal())).isGreaterThan(16L << 20);
        try (ObjectStore store = open()) {
            store.maintain();

            assertThat(Files.size(journal())).isLessThan(2L << 20);
            assertThat(names(store)).containsExactly("large");
        }
    }

    @Test
    @DisplayName("a last line that was cut off is dropped, everything before it is there, and writing goes on")
    void dropsWhatWasCutOff() throws IOException {
        try (ObjectStore store = open()) {
            store.put(key("a"), map("a", "1"));
            store.put(key("b"), map("b", "1"));
        }
        byte[] whole = Files.readAllBytes(journal());
        for (int cut = 1; cut < 60; cut += 7) {
            Files.write(journal(), java.util.Arrays.copyOf(whole, whole.length - cut));
            try (ObjectStore store = open()) {
                assertThat(names(store)).containsExactly("a");
                store.put(key("c"), map("c", "1"));
            }
            try (ObjectStore store = open()) {
                assertThat(names(store)).containsExactly("a", "c");
            }
        }
    }

    @Test
    @DisplayName("zeros at the end, as a power loss leaves them, are dropped")
    void dropsZeros() throws IOException {
        try (ObjectStore store = open()) {
            store.put(key("a"), map("a", "1"));
        }
        Files.write(journal(), new byte[4096], StandardOpenOption.APPEND);

        try (ObjectStore store = open()) {
            assertThat(names(store)).containsExactly("a");
        }
    }

    @Test
    @DisplayName("a folder is used by one store at a time, and the second is told so")
    void refusesASecondStore() throws IOException {
        try (ObjectStore store = open()) {
            assertThatThrownBy(this::open).isInstanceOf(IOException.class).hasMessageContaining(folder.toString());
            assertThat(names(store)).isEmpty();
        }
        open().close();
    }

    private void writeOften(ObjectStore store) {
        for (int i = 0; i < 18; i++) {
            store.put(key("large"), map("large", MEBIBYTE));
        }
    }

    private ObjectStore open() throws IOException {
        return new ObjectStore(folder, types);
    }

    private Path journal() {
        return folder.resolve("objects.jsonl");
    }

    private ObjectKey key(String name) {
        return new ObjectKey(maps, "default", name);
    }

    private static ObjectNode map(String name, String value) {
        ObjectNode map = Json.object().put("apiVersion", "v1").put("kind", "ConfigMap");
        Json.metadata(map).put("name", name).put("namespace", "default");
        map.putObject("data").put("k", value);
        return map;
    }

    private List<String> names(ObjectStore store) {
        return store.list(maps, "default").stream().map(Json::name).toList();
    }
}
