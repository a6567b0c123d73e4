package dev.slipway.tests.house;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/** What {@code docker-compose.yml} promises. Whether the containers start is for a machine with Docker to show. */
class ComposeFileTest {
    private static final Pattern VARIABLE = Pattern.compile("\\$\\{([A-Z_]+):-([^}]*)}");
    private static final Pattern PINNED = Pattern.compile("[a-z0-9./-]+:\\d+\\.\\d+[A-Za-z0-9.-]*");
    private static final Pattern LOOPBACK_PORT = Pattern.compile("127\\.0\\.0\\.1:\\d+:\\d+");
    private static final Set<String> SERVICE_FIELDS = Set.of(
            "image", "restart", "environment", "depends_on", "ports", "volumes", "healthcheck", "command", "user");

    private static Map<String, Object> file;
    private static Map<String, Object> services;

    @BeforeAll
    static void read() throws IOException {
        LoadSettings strict =
                LoadSettings.builder().setAllowDuplicateKeys(false).build();
        file = map(new Load(strict).loadFromString(Files.readString(Path.of("../docker-compose.yml"))));
        services = map(file.get("services"));
    }

    @Test
    @DisplayName("it has Slipway and its three engines, and only fields of the compose specification")
    void shape() {
        assertThat(file).containsOnlyKeys("name", "services", "volumes");
        assertThat(services).containsOnlyKeys("postgres", "temporal", "registry", "slipway");
        assertThat(services.values())
                .allSatisfy(service ->
                        assertThat(SERVICE_FIELDS).containsAll(map(service).keySet()));
    }

    @Test
    @DisplayName("every image is pinned to a version")
    void pinned() {
        assertThat(services.values()).allSatisfy(service -> {
            String image = withDefaults(map(service).get("image"));
            assertThat(image).matches(PINNED).doesNotEndWith("latest");
        });
    }

    @Test
    @DisplayName("every service tells whether it is well, and starts after those it needs are")
    void healthy() {
        assertThat(services.values()).allSatisfy(service -> {
            Map<String, Object> check = map(map(service).get("healthcheck"));
            assertThat(check).containsKeys("test", "interval", "timeout", "retries", "start_period");
            assertThat((List<?>) check.get("test")).first().isIn("CMD", "CMD-SHELL");
        });
        assertThat(map(map(services.get("temporal")).get("depends_on"))).containsOnlyKeys("postgres");
        Map<String, Object> needs = map(map(services.get("slipway")).get("depends_on"));
        assertThat(needs).containsOnlyKeys("postgres", "temporal", "registry");
        assertThat(needs.values())
                .allSatisfy(need -> assertThat(map(need)).containsExactly(Map.entry("condition", "service_healthy")));
    }

    @Test
    @DisplayName("what is kept is kept in declared volumes, and all that are declared are used")
    void volumes() {
        List<String> used = services.values().stream()
                .map(service -> map(service).get("volumes"))
                .filter(List.class::isInstance)
                .flatMap(list -> ((List<?>) list).stream())
                .map(mount -> String.valueOf(mount).split(":")[0])
                .toList();

        assertThat(used)
                .containsExactlyInAnyOrderElementsOf(map(file.get("volumes")).keySet());
    }

    @Test
    @DisplayName("nothing is published beyond this machine")
    void ports() {
        assertThat(services.values())
                .flatMap(service -> map(service).get("ports") instanceof List<?> ports ? ports : List.of())
                .hasSize(2)
                .allSatisfy(port -> assertThat(withDefaults(port)).matches(LOOPBACK_PORT));
    }

    @Test
    @DisplayName("a secret comes from the environment; only the database's has a default, the same everywhere")
    void secrets() {
        List<String> secrets = services.values().stream()
                .flatMap(service -> map(map(service).get("environment")).entrySet().stream())
                .filter(entry -> entry.getKey().matches(".*(PASSWORD|PWD|KEY|TOKEN)$"))
                .map(entry -> String.valueOf(entry.getValue()))
                .toList();

        assertThat(secrets).hasSize(5).allSatisfy(value -> assertThat(value).matches(VARIABLE));
        assertThat(secrets.stream()
                        .distinct()
                        .filter(value -> !withDefaults(value).isEmpty()))
                .containsExactly("${SLIPWAY_DATABASE_PASSWORD:-only-for-this-machine}");
    }

    @Test
    @DisplayName("Slipway finds each engine under its service's name")
    void connected() {
        assertThat(map(map(services.get("slipway")).get("environment")))
                .containsEntry("SLIPWAY_DATABASE_URL", "jdbc:postgresql://postgres:5432/slipway")
                .containsEntry("SLIPWAY_TEMPORAL_TARGET", "temporal:7233")
                .containsEntry("SLIPWAY_REGISTRY_ADDRESS", "registry:5000");
    }

    private static String withDefaults(Object value) {
        return VARIABLE.matcher(String.valueOf(value)).replaceAll("$2");
    }

    @SuppressWarnings("unchecked")
    private static Map<String, Object> map(Object value) {
        assertThat(value).isInstanceOf(Map.class);
        return (Map<String, Object>) value;
    }
}
