package dev.slipway.activities.detect;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The images that generated Dockerfiles begin with, as image references are written. One that is empty or not given is the default.
 *
 * @param maven with a JDK, for projects without {@code mvnw}; default {@code maven:3.9-eclipse-temurin-21}
 * @param gradle with a JDK, for projects without {@code gradlew}; default {@code gradle:8.14-jdk21}
 * @param jdk for projects with a wrapper; default {@code eclipse-temurin:21-jdk}
 * @param jre that Java runs on; default {@code eclipse-temurin:21-jre}
 * @param node builds and runs; default {@code node:22-bookworm-slim}
 * @param go builds; default {@code golang:1.25-bookworm}
 * @param goRuntime runs Go programs, which bring all that they need; default {@code gcr.io/distroless/static-debian12:nonroot}
 * @param python builds and runs; default {@code python:3.13-slim-bookworm}
 * @param web an nginx with a shell, for files that are only served; default {@code nginx:1.28-alpine}
 */
public record Bases(
        String maven,
        String gradle,
        String jdk,
        String jre,
        String node,
        String go,
        String goRuntime,
        String python,
        String web) {
    public static final Bases DEFAULT = new Bases("", "", "", "", "", "", "", "", "");

    private static final String LIBRARY = "docker.io/library/";

    public Bases {
        maven = given(maven, LIBRARY + "maven:3.9-eclipse-temurin-21");
        gradle = given(gradle, LIBRARY + "gradle:8.14-jdk21");
        jdk = given(jdk, LIBRARY + "eclipse-temurin:21-jdk");
        jre = given(jre, LIBRARY + "eclipse-temurin:21-jre");
        node = given(node, LIBRARY + "node:22-bookworm-slim");
        go = given(go, LIBRARY + "golang:1.25-bookworm");
        goRuntime = given(goRuntime, "gcr.io/distroless/static-debian12:nonroot");
        python = given(python, LIBRARY + "python:3.13-slim-bookworm");
        web = given(web, LIBRARY + "nginx:1.28-alpine");
    }

    private static String given(@Nullable String image, String otherwise) {
        return image == null || image.isBlank() ? otherwise : image.strip();
    }

    /** By the name of their setting. */
    public Map<String, String> all() {
        Map<String, String> all = new LinkedHashMap<>();
        all.put("maven", maven);
        all.put("gradle", gradle);
        all.put("jdk", jdk);
        all.put("jre", jre);
        all.put("node", node);
        all.put("go", go);
        all.put("go-runtime", goRuntime);
        all.put("python", python);
        all.put("web", web);
        return all;
    }
}
