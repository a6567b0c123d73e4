package dev.slipway.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.slipway.workflows.problem.Problem;
import dev.slipway.workflows.problem.ProblemCode;
import dev.slipway.workflows.problem.ProblemException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.context.properties.bind.BindException;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;
import org.springframework.boot.convert.ApplicationConversionService;
import org.springframework.core.convert.support.GenericConversionService;

class RegistrySettingsTest {
    @TempDir
    private Path temp;

    @Test
    @DisplayName("Everything that is wrong with the registries is told at once, by its key, and no password with it")
    void allAtOnce() throws IOException {
        Path text = Files.writeString(temp.resolve("ca.pem"), "no certificate");

        BindException refused = catchThrowableOfType(
                BindException.class,
                () -> bind(Map.ofEntries(
                        Map.entry("slipway.registry.address", "own.example"),
                        Map.entry("slipway.registries[0].address", "https://registry.example/"),
                        Map.entry("slipway.registries[1].address", "own.example"),
                        Map.entry("slipway.registries[2].address", "a.example:5000"),
                        Map.entry("slipway.registries[2].username", "me"),
                        Map.entry("slipway.registries[2].pull-password", "hidden-secret"),
                        Map.entry("slipway.registries[3].address", "A.example:5000"),
                        Map.entry("slipway.registries[4].address", "b.example"),
                        Map.entry("slipway.registries[4].ca", text.toString()),
                        Map.entry("slipway.registries[5].address", "docker.io"),
                        Map.entry("slipway.registries[5].mirror", "mirror.example/../hub"),
                        Map.entry("slipway.registries[5].pull-username", "me"),
                        Map.entry("slipway.registries[5].pull-password", "hidden-secret"))));

        ProblemException problems = (ProblemException) root(refused);
        assertThat(problems.problems())
                .extracting(Problem::where)
                .containsExactly(
                        "slipway.registries[0].address",
                        "slipway.registries[1].address",
                        "slipway.registries[2].password",
                        "slipway.registries[2].pull-username",
                        "slipway.registries[3].address",
                        "slipway.registries[4].ca",
                        "slipway.registries[5].mirror",
                        "slipway.registries[5].pull-username");
        assertThat(problems.problems()).extracting(Problem::code).containsOnly(ProblemCode.START_SETTING);
        assertThat(problems.problems().toString()).doesNotContain("hidden-secret");
    }

    @Test
    @DisplayName("Docker Hub has one name, and a password is in no text of the settings")
    void dockerHub() {
        SlipwaySettings settings = bind(Map.of(
                "slipway.registries[0].address", "index.docker.io",
                "slipway.registries[0].username", "me",
                "slipway.registries[0].password", "hidden-secret"));

        assertThat(settings.registries().get(0).address()).isEqualTo("docker.io");
        assertThat(settings.toString()).contains("docker.io").doesNotContain("hidden-secret");
    }

    private static SlipwaySettings bind(Map<String, String> properties) {
        GenericConversionService conversion = new ApplicationConversionService();
        conversion.addConverter(
                String.class, dev.slipway.activities.store.Secret.class, dev.slipway.activities.store.Secret::of);
        return new Binder(
                        java.util.List.of(new MapConfigurationPropertySource(properties)),
                        null,
                        conversion,
                        null,
                        null,
                        null)
                .bindOrCreate("slipway", SlipwaySettings.class);
    }

    private static Throwable root(Throwable failure) {
        Throwable cause = failure;
        while (cause.getCause() != null) {
            cause = cause.getCause();
        }
        return cause;
    }
}
