FROM docker.io/library/gradle:8.14-jdk21 AS build
WORKDIR /src
COPY settings.gradle ./
COPY web/build.gradle ./web/
RUN gradle --no-daemon :web:dependencies --configuration runtimeClasspath
COPY . .
RUN gradle --no-daemon :web:bootJar -x test \
    && mkdir /out && cp "$(ls web/build/libs/*.jar | grep -vE -e '-(sources|javadoc|tests|plain)[.]jar$' -e '/original-' | head -n 1)" /out/app.jar

FROM docker.io/library/eclipse-temurin:21-jre
WORKDIR /app
COPY --from=build /out ./
USER 10001
EXPOSE 9090
ENTRYPOINT ["java", "-jar", "app.jar"]
