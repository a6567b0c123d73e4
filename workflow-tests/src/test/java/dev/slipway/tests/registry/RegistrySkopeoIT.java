package dev.slipway.tests.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import com.google.cloud.tools.jib.api.Containerizer;
import com.google.cloud.tools.jib.api.Jib;
import com.google.cloud.tools.jib.api.JibContainer;
import com.google.cloud.tools.jib.api.RegistryImage;
import com.google.cloud.tools.jib.api.buildplan.AbsoluteUnixPath;
import com.google.cloud.tools.jib.api.buildplan.ImageFormat;
import dev.slipway.web.embedded.registry.EmbeddedRegistry;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("The embedded registry serves skopeo and Jib")
class RegistrySkopeoIT {
    @TempDir
    Path folder;

    private EmbeddedRegistry registry;
    private String host;

    @BeforeEach
    void start() throws Exception {
        boolean required = "true".equals(System.getenv("SLIPWAY_IT_REQUIRED"));
        if (!required) {
            assumeThat(available())
                    .as("skopeo on the PATH (Debian: apt-get install skopeo)")
                    .isTrue();
        }
        assertThat(available())
                .as("skopeo on the PATH (Debian: apt-get install skopeo)")
                .isTrue();
        registry = EmbeddedRegistry.start(folder.resolve("registry"), InetAddress.getLoopbackAddress(), 0);
        host = "127.0.0.1:" + registry.port();
    }

    @AfterEach
    void stop() {
        if (registry != null) {
            registry.close();
        }
    }

    @Test
    @DisplayName(
            "an image pushed by Jib is inspected, pulled, pushed elsewhere, copied and deleted by skopeo with one digest")
    void roundTrip() throws Exception {
        String digest = jibPush("demo/app:v1").getDigest().toString();
        String source = "docker://" + host + "/demo/app:v1";

        assertThat(skopeo("inspect", "--tls-verify=false", "--format", "{{.Digest}}", source)
                        .trim())
                .isEqualTo(digest);
        String layout = "oci:" + folder.resolve("layout") + ":v1";
        skopeo("copy", "--src-tls-verify=false", source, layout);
        skopeo("copy", "--dest-tls-verify=false", layout, "docker://" + host + "/pushed/again:v2");
        skopeo(
                "copy",
                "--src-tls-verify=false",
                "--dest-tls-verify=false",
                source,
                "docker://" + host + "/copied/deep/er:v3");

        for (String copy : List.of("/pushed/again:v2", "/copied/deep/er:v3")) {
            assertThat(skopeo("inspect", "--tls-verify=false", "--format", "{{.Digest}}", "docker://" + host + copy)
                            .trim())
                    .isEqualTo(digest);
        }
        assertThat(skopeo("list-tags", "--tls-verify=false", "docker://" + host + "/demo/app"))
                .contains("\"v1\"");
        skopeo("delete", "--tls-verify=false", source);
        assertThat(run("skopeo", "inspect", "--tls-verify=false", source).exit())
                .isNotZero();
        skopeo("inspect", "--tls-verify=false", "docker://" + host + "/pushed/again:v2");
    }

    @Test
    @DisplayName(
            "a second Jib push of the same image is the same digest, and an image of Docker's format is kept as it is")
    void formats() throws Exception {
        String first = jibPush("demo/app:v1").getDigest().toString();
        String again = jibPush("demo/app:v2").getDigest().toString();
        skopeo(
                "copy",
                "--format",
                "v2s2",
                "--src-tls-verify=false",
                "--dest-tls-verify=false",
                "docker://" + host + "/demo/app:v1",
                "docker://" + host + "/demo/docker:v1");

        String raw = skopeo("inspect", "--raw", "--tls-verify=false", "docker://" + host + "/demo/docker:v1");

        assertThat(again).isEqualTo(first);
        assertThat(raw).contains("application/vnd.docker.distribution.manifest.v2+json");
    }

    @Test
    @DisplayName("what was pushed outlives the process of the registry")
    void restart() throws Exception {
        String digest = jibPush("demo/app:v1").getDigest().toString();

        registry.close();
        registry = EmbeddedRegistry.start(folder.resolve("registry"), InetAddress.getLoopbackAddress(), 0);
        host = "127.0.0.1:" + registry.port();

        String layout = "oci:" + folder.resolve("layout") + ":v1";
        skopeo("copy", "--src-tls-verify=false", "docker://" + host + "/demo/app@" + digest, layout);
    }

    private JibContainer jibPush(String image) throws Exception {
        Path file = folder.resolve("content.bin");
        byte[] content = new byte[2_000_000];
        new Random(7).nextBytes(content);
        Files.write(file, content);
        return Jib.fromScratch()
                .setFormat(ImageFormat.OCI)
                .addLayer(List.of(file), AbsoluteUnixPath.get("/srv"))
                .setEntrypoint("/srv/content.bin")
                .containerize(Containerizer.to(RegistryImage.named(host + "/" + image))
                        .setAllowInsecureRegistries(true)
                        .setBaseImageLayersCache(folder.resolve("jib-base"))
                        .setApplicationLayersCache(folder.resolve("jib-app"))
                        .setToolName("slipway"));
    }

    private static boolean available() throws Exception {
        try {
            return run("skopeo", "--version").exit() == 0;
        } catch (IOException e) {
            return false;
        }
    }

    private static String skopeo(String... arguments) throws Exception {
        List<String> command = new ArrayList<>(List.of("skopeo", "--insecure-policy"));
        command.addAll(List.of(arguments));
        Result result = run(command.toArray(String[]::new));
        assertThat(result.exit()).as(result.output()).isZero();
        return result.output();
    }

    private record Result(int exit, String output) {}

    private static Result run(String... command) throws Exception {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        return new Result(process.exitValue(), output);
    }
}
