FROM docker.io/library/eclipse-temurin:21-jdk AS build
WORKDIR /src
COPY gradlew ./
COPY gradle gradle
COPY settings.gradle.kts build.gradle.kts ./
RUN sh ./gradlew --no-daemon dependencies --configuration runtimeClasspath
COPY . .
RUN sh ./gradlew --no-daemon installDist -x test \
    && mkdir /out && cp -r build/install/*/lib /out/lib

FROM docker.io/library/eclipse-temurin:21-jre
WORKDIR /app
COPY --from=build /out ./
USER 10001
ENTRYPOINT ["java", "-cp", "lib/*", "demo.MainKt"]
