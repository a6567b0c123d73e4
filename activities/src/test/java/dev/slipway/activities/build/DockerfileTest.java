package dev.slipway.activities.build;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slipway.activities.build.Dockerfile.NotADockerfile;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DockerfileTest {
    @Test
    @DisplayName("images from outside are those of the stages that are needed, with the values of arguments")
    void stages() throws Exception {
        Dockerfile file = Dockerfile.parse("""
                # syntax=docker/dockerfile:1
                ARG JDK=17 \\
                    UNUSED
                ARG REGISTRY="registry.example:5000"
                FROM --platform=$BUILDPLATFORM ${REGISTRY}/jdk:${JDK} AS Build
                COPY . .
                RUN mvn package && \\
                    # a comment in between

                    echo FROM nothing:1
                FROM tools:2 as tools
                FROM base:${VERSION:-3}
                COPY --chown=1:1 --from=build /a /b
                COPY --from=other.example/bin:4 /x /y
                RUN --mount=type=bind,from=busybox:5,target=/t true
                """, Map.of("JDK", "21"));

        assertThat(file.stage(null)).isEqualTo(2);
        assertThat(file.images(2))
                .containsExactly("registry.example:5000/jdk:21", "base:3", "other.example/bin:4", "busybox:5");
        assertThat(file.stage("tools")).isEqualTo(1);
        assertThat(file.images(1)).containsExactly("tools:2");
        assertThat(file.stage("BUILD")).isZero();
        assertThat(file.stage("nothing")).isEqualTo(-1);
    }

    @Test
    @DisplayName("here-documents hold no instructions, another escape character is known, scratch is no image")
    void details() throws Exception {
        Dockerfile file = Dockerfile.parse("""
                # escape=`
                FROM scratch AS empty
                COPY <<EOF <<-'END' /x
                FROM not:1
                EOF
                FROM nor:2
                \tEND
                from busybox:1
                run a `
                  FROM c:1
                copy --from=0 / /
                """.replace("\n", "\r\n"), Map.of());

        assertThat(file.stages()).hasSize(2);
        assertThat(file.images(1)).containsExactly("busybox:1");
    }

    @Test
    @DisplayName("images get other names where they are written, and only there; the lines stay the lines")
    void pinned() throws Exception {
        Dockerfile file = Dockerfile.parse("""
                ARG BASE=linux
                FROM --platform=linux/amd64 \\
                    # linux stays
                    ${BASE} AS linux2
                COPY --chown=1:1 --from=tools:2 tools:2 /x
                FROM "tools:2" as tools
                RUN --mount=type=bind,from=tools:2,target=/t echo from=tools:2
                COPY --from=linux2 / /
                FROM other
                """, Map.of());

        assertThat(file.with(Map.of("linux", "linux@sha256:1", "tools:2", "tools:2@sha256:2")))
                .isEqualTo("""
                ARG BASE=linux
                FROM --platform=linux/amd64 \\
                    # linux stays
                    linux@sha256:1 AS linux2
                COPY --chown=1:1 --from=tools:2@sha256:2 tools:2 /x
                FROM tools:2@sha256:2 as tools
                RUN --mount=type=bind,from=tools:2@sha256:2,target=/t echo from=tools:2
                COPY --from=linux2 / /
                FROM other
                """);
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(
            delimiter = '|',
            value = {
                "'' | 1 | it has no FROM",
                "'# nothing' | 1 | it has no FROM",
                "'RUN x' | 1 | RUN before the first FROM",
                "'ENV a=b' | 1 | ENV before the first FROM",
                "'FROM' | 1 | FROM takes an image",
                "'FROM a b' | 1 | FROM takes an image",
                "'FROM ${X}' | 1 | ${X} has no value",
                "'FROM a;COPY --from=1 / /' | 2 | there is no stage 1",
                "'FROM a;RUN <<E' | 2 | the here-document E has no end",
            })
    void refusals(String text, int line, String reason) {
        assertThatThrownBy(() -> Dockerfile.parse(text.replace(';', '\n'), Map.of()))
                .isInstanceOfSatisfying(
                        NotADockerfile.class, no -> assertThat(no.line).isEqualTo(line))
                .hasMessageContaining(reason);
    }

    @Test
    @DisplayName("any text is a Dockerfile or is refused, and nothing else happens")
    void hostile() {
        String[] pieces = {
            "FROM ", "a", "$", "{", "}", ":-", "\\", "\n", "<<E", "#", "--from=", "0", "ARG ", "=", " ", "\"", "COPY ",
            "AS "
        };
        Random random = new Random(20261129);
        for (int i = 0; i < 30_000; i++) {
            StringBuilder text = new StringBuilder();
            for (int length = random.nextInt(14); length > 0; length--) {
                text.append(pieces[random.nextInt(pieces.length)]);
            }
            try {
                Dockerfile file = Dockerfile.parse(text.toString(), Map.of());
                assertThat(file.images(file.stage(null))).isNotNull();
            } catch (NotADockerfile refused) {
                assertThat(refused.line).isPositive();
            }
        }
    }
}
