package dev.slipway.activities.detect;

import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.constructor.StandardConstructor;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;

/**
 * A compose file, read: anchors and merge keys resolved, values put in. Hostile: it may refer to itself, or unfold without end.
 *
 * @param path in the repository
 * @param root its fields
 * @param values of its {@code .env}
 * @see <a href="https://github.com/compose-spec/compose-spec/blob/main/spec.md">Compose Specification</a>
 */
record ComposeFile(String path, ComposeNode root, ComposeValues values) {
    private static final List<String> NAMES =
            List.of("compose.yaml", "compose.yml", "docker-compose.yaml", "docker-compose.yml");
    private static final int DEEPEST = 20;
    private static final int MOST_NODES = 50_000;
    private static final int MOST_ALIASES = 500;

    /** Why it cannot be read. */
    static final class Unreadable extends Exception {
        private static final long serialVersionUID = 1;

        Unreadable(@Nullable String reason) {
            super(reason);
        }
    }

    /** The one of the root, or else the only one that there is. */
    static Optional<String> find(RepositoryFiles files) {
        Optional<String> root = NAMES.stream().filter(files::has).findFirst();
        List<String> all = files.paths().stream()
                .filter(path -> NAMES.contains(Paths.name(path)))
                .toList();
        return root.isPresent() || all.size() != 1 ? root : Optional.of(all.get(0));
    }

    static ComposeFile read(RepositoryFiles files, String path) throws Unreadable {
        LoadSettings settings = LoadSettings.builder()
                .setMaxAliasesForCollections(MOST_ALIASES)
                .setCodePointLimit(RepositoryFiles.LARGEST_BYTES)
                .setAllowDuplicateKeys(false)
                .build();
        ComposeValues values = ComposeValues.of(files.text(Paths.join(Paths.folder(path), ".env")));
        try {
            Optional<Node> document = new Compose(settings).composeString(files.text(path));
            Set<Node> seen = Collections.newSetFromMap(new IdentityHashMap<>());
            for (Node node : document.stream().toList()) {
                plainKeys(node, seen);
            }
            Object loaded = new StandardConstructor(settings).constructSingleDocument(document);
            Object plain = new Unfolding(values).plain(loaded, 0);
            if (!(plain instanceof Map)) {
                throw new Unreadable("no mapping");
            }
            return new ComposeFile(path, ComposeNode.of(plain), values);
        } catch (RuntimeException | StackOverflowError e) {
            // The parser lets accidents of its own through on hostile text.
            throw new Unreadable(
                    String.valueOf(e.getMessage()).lines().findFirst().orElse(""));
        }
    }

    /** A key is hashed when its mapping is made: one that holds aliases of aliases would never be. */
    private static void plainKeys(Node node, Set<Node> seen) throws Unreadable {
        if (!seen.add(node)) {
            return;
        }
        if (node instanceof SequenceNode sequence) {
            for (Node item : sequence.getValue()) {
                plainKeys(item, seen);
            }
        } else if (node instanceof MappingNode mapping) {
            for (NodeTuple field : mapping.getValue()) {
                if (!(field.getKeyNode() instanceof ScalarNode)) {
                    throw new Unreadable("a key that is no scalar");
                }
                plainKeys(field.getValueNode(), seen);
            }
        }
    }

    private static final class Unfolding {
        private final ComposeValues values;
        private int nodes;

        Unfolding(ComposeValues values) {
            this.values = values;
        }

        private @Nullable Object plain(@Nullable Object value, int depth) throws Unreadable {
            if (depth > DEEPEST || ++nodes > MOST_NODES) {
                throw new Unreadable("more than " + MOST_NODES + " values, or deeper than " + DEEPEST);
            }
            if (value instanceof Map<?, ?> map) {
                return mapping(map, depth);
            }
            if (value instanceof List<?> list) {
                List<Object> items = new ArrayList<>();
                for (Object item : list) {
                    Object plain = plain(item, depth + 1);
                    if (plain != null) {
                        items.add(plain);
                    }
                }
                return items;
            }
            return value instanceof String text ? values.filled(text) : value;
        }

        /** As YAML 1.1 merges: what stands there goes before what is merged in. */
        private Map<String, @Nullable Object> mapping(Map<?, ?> map, int depth) throws Unreadable {
            Map<String, @Nullable Object> fields = new LinkedHashMap<>();
            for (Map.Entry<?, ?> entry : map.entrySet()) {
                if ("<<".equals(entry.getKey())) {
                    Object merged = plain(entry.getValue(), depth + 1);
                    for (Object one :
                            merged instanceof List<?> list ? list : List.of(merged == null ? Map.of() : merged)) {
                        if (one instanceof Map<?, ?> other) {
                            other.forEach((key, value) -> fields.putIfAbsent(String.valueOf(key), value));
                        }
                    }
                }
            }
            for (Map.Entry<?, ?> entry : map.entrySet()) {
                if (!"<<".equals(entry.getKey())) {
                    fields.put(String.valueOf(entry.getKey()), plain(entry.getValue(), depth + 1));
                }
            }
            return fields;
        }
    }
}
