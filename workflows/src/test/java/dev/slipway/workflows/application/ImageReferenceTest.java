package dev.slipway.workflows.application;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slipway.workflows.problem.ProblemCode;
import dev.slipway.workflows.problem.ProblemException;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("An image reference")
class ImageReferenceTest {
    private static final String SHA = "sha256:" + "0a".repeat(32);

    @ParameterizedTest
    @DisplayName("is read as every container tool reads it")
    @CsvSource(textBlock = """
            postgres,                        docker.io/library/postgres,          latest
            postgres:16,                     docker.io/library/postgres:16,       16
            docker.io/postgres:16,           docker.io/library/postgres:16,       16
            index.docker.io/library/redis,   docker.io/library/redis,             latest
            acme/app:v1,                     docker.io/acme/app:v1,               v1
            registry.example/a/b__c/d-e.f,   registry.example/a/b__c/d-e.f,       latest
            localhost/app,                   localhost/app,                       latest
            localhost:5000/app:x,            localhost:5000/app:x,                x
            127.0.0.1:5000/app,              127.0.0.1:5000/app,                  latest
            [::1]:5000/app:x,                [::1]:5000/app:x,                    x
            slipway.registry/demo/web:1,     slipway.registry/demo/web:1,         1
            """)
    void parses(String text, String whole, String reference) {
        ImageReference image = ImageReference.parse(text);

        assertThat(image).hasToString(whole);
        assertThat(image.reference()).isEqualTo(reference);
        assertThat(image.pinned()).isFalse();
        assertThat(ImageReference.parse(image.toString())).isEqualTo(image);
    }

    @Test
    @DisplayName("with a digest always means the same bytes, whatever its tag says")
    void digest() {
        ImageReference image = ImageReference.parse("slipway.registry/web:1@" + SHA);

        assertThat(image.pinned()).isTrue();
        assertThat(image.own()).isTrue();
        assertThat(image.tag()).isEqualTo("1");
        assertThat(image.reference()).isEqualTo(SHA);
        assertThat(image.at("10.0.0.1:5000")).hasToString("10.0.0.1:5000/web:1@" + SHA);
        assertThat(ImageReference.parse("web").withDigest(SHA).reference()).isEqualTo(SHA);
    }

    @ParameterizedTest
    @DisplayName("that is none is refused with a problem")
    @ValueSource(
            strings = {
                "",
                " ",
                "UPPER/case",
                "a//b",
                "/a",
                "a/",
                "a:",
                "a:b:c",
                "a@sha256:12",
                "a@md5:abc",
                "a@@b",
                "-a",
                "a/../b",
                "http://registry.example/a",
                "a b",
                "registry.example:99999999/a",
                "user:pass@registry.example/a",
                "a:-tag"
            })
    void refuses(String text) {
        assertThatThrownBy(() -> ImageReference.parse(text))
                .isInstanceOfSatisfying(
                        ProblemException.class,
                        e -> assertThat(e.problem().code()).isEqualTo(ProblemCode.IMAGE_REFERENCE));
    }

    @Test
    @DisplayName("of hostile length is refused at once")
    void hostile() {
        assertThatThrownBy(() -> ImageReference.parse("a-".repeat(1_000_000))).isInstanceOf(ProblemException.class);
    }
}
