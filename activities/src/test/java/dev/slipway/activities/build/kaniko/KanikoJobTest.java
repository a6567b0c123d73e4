package dev.slipway.activities.build.kaniko;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.activities.build.kaniko.KanikoProfile.Flavour;
import dev.slipway.activities.store.Secret;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class KanikoJobTest {
    private static final Path GOLDEN = Path.of("src/test/resources/kaniko");

    @ParameterizedTest
    @EnumSource
    @DisplayName("the Job is exactly this; write the files anew with -Dslipway.golden.write=true")
    void isExact(Flavour flavour) throws Exception {
        Job job = job(flavour);
        Path golden = GOLDEN.resolve(flavour.name().toLowerCase(java.util.Locale.ROOT) + ".yaml");
        if (Boolean.getBoolean("slipway.golden.write")) {
            Files.createDirectories(GOLDEN);
            Files.writeString(golden, Serialization.asYaml(job));
        }

        assertThat(Serialization.asYaml(job)).isEqualTo(Files.readString(golden));
        assertThat(Serialization.asYaml(job)).doesNotContain("s3cr3t", "pushes", "pulls-it");
    }

    @Test
    @DisplayName("values are in its Secret, which goes with it, and nowhere else")
    void secrets() {
        Job job = job(Flavour.OSSCONTAINERTOOLS);
        job.getMetadata().setUid("uid");

        var secrets = KanikoJob.secrets(request(Flavour.OSSCONTAINERTOOLS), job);

        assertThat(secrets.get(0).getStringData())
                .containsEntry("secret-token", "s3cr3t")
                .containsEntry("config.json", "pushes");
        assertThat(secrets.get(1).getStringData()).containsOnlyKeys(".dockerconfigjson");
        assertThat(secrets)
                .allSatisfy(secret -> assertThat(secret.getMetadata().getOwnerReferences())
                        .extracting(io.fabric8.kubernetes.api.model.OwnerReference::getUid)
                        .containsExactly("uid"));
    }

    @Test
    @DisplayName("a line of the log does not tell a secret, nor a line of one")
    void masked() {
        KanikoRequest request = request(Flavour.OSSCONTAINERTOOLS);

        assertThat(request.masked("a s3cr3t and a multi, no line")).isEqualTo("a *** and a multi, no line");
        assertThat(request.masked("second line of key")).isEqualTo("*** of key");
    }

    private static Job job(Flavour flavour) {
        KanikoProfile profile = new KanikoProfile(
                "docker.io/any/kaniko:1",
                flavour,
                List.of("--verbosity=info"),
                "slipway-builds",
                4,
                Duration.ofMinutes(30),
                "4Gi",
                "20Gi");
        return KanikoJob.of(
                request(flavour),
                profile,
                "registry.example:5000/builds/shop/web@sha256:0",
                "builds/shop/web@sha256:0",
                2);
    }

    private static KanikoRequest request(Flavour flavour) {
        Map<String, Secret> secrets = flavour.mountsSecrets()
                ? Map.of("token", Secret.of("s3cr3t"), "key", Secret.of("first line\nsecond line\n"))
                : Map.of();
        return new KanikoRequest(
                "0123456789abcdef".repeat(4),
                "need",
                "/kaniko/slipway/Dockerfile",
                "web",
                new TreeMap<>(Map.of("JDK", "17")),
                new TreeMap<>(secrets),
                "registry.example:5000",
                "shop/web",
                "main-0123456789ab",
                "registry.example:5000/cache/shop/web",
                Secret.of("pushes"),
                Secret.of("pulls-it"),
                List.of(
                        new KanikoRequest.Reach("slipway.registry", "registry.example:5000", false, "PEM"),
                        new KanikoRequest.Reach("docker.io", "mirror.example:5000/hub", true, ""),
                        new KanikoRequest.Reach("plain.example", "plain.example", true, "")));
    }
}
