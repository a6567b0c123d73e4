package dev.slipway.workflows.application;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.workflows.application.yaml.YamlSurgery;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class ApplicationEditTest {
    private static final String SHOP = """
            # The shop
            apiVersion: slipway.dev/v1
            kind: Application
            metadata: {name: shop, title: Shop}   # who
            spec:
              parameters:
                - {name: password, type: secret, generate: 24}
              components:
                # in front
                - name: web
                  kind: service
                  source: {image: "nginx:1"}
                  replicas: 2   # two
                  env:
                    # how loud
                    LOG: info
                    MODE: 'fast'   # or slow
                  ports: [{name: http, port: 8080, protocol: http}]
                  resources: {cpu: 10m..500m, memory: 32Mi..128Mi}
                  dependsOn: [db, cache]

                # behind
                - name: db
                  kind: stateful
                  source: {image: "postgres:18"}
                  files:
                    - path: /etc/db.conf
                      content: |
                        # not a comment
                        max = 10

                - name: cache
                  source: {image: valkey}
            """;

    @Test
    @DisplayName("a changed value changes its own characters only: quotes, comments and short forms around it stay")
    void values() {
        assertThat(edited("replicas", 3)).isEqualTo(SHOP.replace("replicas: 2   # two", "replicas: 3   # two"));
        assertThat(edited("env", Map.of("LOG", "debug", "MODE", "fast")))
                .isEqualTo(SHOP.replace("LOG: info", "LOG: debug"));
        assertThat(edited("resources", Map.of("cpu", "10m..500m", "memory", "64Mi..1Gi")))
                .isEqualTo(SHOP.replace("32Mi..128Mi", "64Mi..1Gi"));
        assertThat(edited("source", Map.of("image", "nginx:2"))).isEqualTo(SHOP.replace("\"nginx:1\"", "nginx:2"));
    }

    @Test
    @DisplayName(
            "what is added stands where it belongs, in the style of its neighbours; what is removed takes its line")
    void addedAndRemoved() {
        assertThat(edited(
                        "dependsOn",
                        List.of(
                                Map.of("component", "db", "when", "healthy"),
                                Map.of("component", "cache", "when", "linked"))))
                .isEqualTo(SHOP.replace("[db, cache]", "[db, {component: cache, when: linked}]"));
        assertThat(edited("dependsOn", List.of(Map.of("component", "cache", "when", "healthy"))))
                .isEqualTo(SHOP.replace("[db, cache]", "[cache]"));
        assertThat(edited("env", Map.of("MODE", "fast"))).isEqualTo(SHOP.replace("        LOG: info\n", ""));
        assertThat(edited("workingDir", "/srv"))
                .isEqualTo(SHOP.replace(
                        "      source: {image: \"nginx:1\"}\n",
                        "      source: {image: \"nginx:1\"}\n      workingDir: /srv\n"));
        assertThat(edited("replicas", null)).isEqualTo(SHOP.replace("      replicas: 2   # two\n", ""));
        assertThat(change(SHOP, tree -> {
                    components(tree).remove(1);
                    components(tree).get(0).remove("dependsOn");
                    return tree;
                }))
                .isEqualTo(SHOP.replace("      dependsOn: [db, cache]\n", "")
                        .replace(
                                SHOP.substring(SHOP.indexOf("    - name: db"), SHOP.indexOf("    - name: cache")),
                                "\n"));
    }

    @Test
    @DisplayName("every possible small edit of every document here: it then says exactly that, and no other line moved")
    void everyEdit() throws Exception {
        Random random = new Random(4);
        List<String> documents = new ArrayList<>(List.of(SHOP, SHOP.replace("\n", "\r\n"), SHOP.stripTrailing()));
        documents.add(Files.readString(Path.of("../templates/applications/storefront/slipway.yaml")));
        GeneratedApplications generated = new GeneratedApplications(99);
        for (int i = 0; i < 30; i++) {
            documents.add(ApplicationWriter.write(generated.next()));
        }
        int fine = 0;
        int all = 0;
        for (String document : documents) {
            Application now = ApplicationReader.read(document).orElseThrow();
            for (int i = 0; i < 20; i++) {
                Application wanted = mutated(now, random, generated);
                String edited = ApplicationEdit.apply(document, wanted);

                assertThat(ApplicationReader.read(edited).orElseThrow())
                        .as(document)
                        .isEqualTo(wanted);
                String direct = ApplicationEdit.attempt(
                        document, ApplicationWriter.tree(now), ApplicationWriter.tree(wanted), YamlSurgery.ALL_THE_WAY);
                all++;
                fine += edited.equals(direct) ? 1 : 0;
            }
        }
        // Only texts that nobody writes by hand (blank lines that count, after what is inserted) need more than
        // surgery.
        assertThat(fine).isGreaterThan(all * 95 / 100);
    }

    @Test
    @DisplayName("an edit of one component leaves every line of the others and every comment byte by byte as it is")
    void othersStay() throws Exception {
        String document = Files.readString(Path.of("../templates/applications/storefront/slipway.yaml"));
        Application now = ApplicationReader.read(document).orElseThrow();
        GeneratedApplications generated = new GeneratedApplications(5);
        for (int i = 0; i < 60; i++) {
            int chosen = i % now.components().size();
            Component donor = generated.component();
            Map<String, @Nullable Object> tree = ApplicationWriter.tree(now);
            Map<String, @Nullable Object> to = components(tree).get(chosen);
            Object name = to.get("name");
            Map<String, @Nullable Object> other = new LinkedHashMap<>(ApplicationWriter.tree(donor));
            other.put("name", name);
            // The kind decides what the short form of an edge to it means, in other components.
            other.put("kind", to.get("kind"));
            components(tree).set(chosen, other);
            Application wanted = ApplicationEdit.read(tree).orElseThrow();

            String edited = ApplicationEdit.apply(document, wanted);

            String begin = "    - name: " + name + "\n";
            String head = document.substring(0, document.indexOf(begin) + begin.length());
            int next = document.indexOf("    - name: ", head.length());
            String tail = next < 0 ? "" : document.substring(next);
            assertThat(edited).startsWith(head).endsWith(tail);
            assertThat(ApplicationReader.read(edited).orElseThrow()).isEqualTo(wanted);
        }
    }

    /** Another application by one or two changes, as forms make them. */
    private static Application mutated(Application now, Random random, GeneratedApplications generated) {
        Map<String, @Nullable Object> tree = ApplicationWriter.tree(now);
        for (int i = random.nextInt(2); i >= 0; i--) {
            List<Map<String, @Nullable Object>> components = components(tree);
            Map<String, @Nullable Object> fresh = ApplicationWriter.tree(generated.component());
            if (components.isEmpty() || random.nextInt(6) == 0) {
                components.add(random.nextInt(components.size() + 1), fresh);
            } else if (random.nextInt(8) == 0 && components.size() > 1) {
                components.remove(random.nextInt(components.size()));
            } else {
                Map<String, @Nullable Object> component = components.get(random.nextInt(components.size()));
                List<String> fields = List.copyOf(random.nextBoolean() ? fresh.keySet() : component.keySet());
                String chosen = fields.get(random.nextInt(fields.size()));
                if (fresh.containsKey(chosen)) {
                    component.put(chosen, fresh.get(chosen));
                } else if (!chosen.equals("kind") && !chosen.equals("name")) {
                    component.remove(chosen);
                }
            }
        }
        return ApplicationEdit.read(tree).orElseThrow();
    }

    private static String edited(String field, @Nullable Object value) {
        return change(SHOP, tree -> {
            Map<String, @Nullable Object> component = components(tree).get(0);
            if (value == null) {
                component.remove(field);
            } else {
                component.put(field, value);
            }
            return tree;
        });
    }

    private static String change(String document, UnaryOperator<Map<String, @Nullable Object>> change) {
        Application now = ApplicationReader.read(document).orElseThrow();
        Application wanted =
                ApplicationEdit.read(change.apply(ApplicationWriter.tree(now))).orElseThrow();
        String edited = ApplicationEdit.apply(document, wanted);
        assertThat(ApplicationReader.read(edited).orElseThrow()).isEqualTo(wanted);
        return edited;
    }

    @SuppressWarnings("unchecked")
    private static List<Map<String, @Nullable Object>> components(Map<String, @Nullable Object> tree) {
        Map<String, @Nullable Object> spec = (Map<String, @Nullable Object>) tree.get("spec");
        return (List<Map<String, @Nullable Object>>) spec.computeIfAbsent("components", key -> new ArrayList<>());
    }
}
