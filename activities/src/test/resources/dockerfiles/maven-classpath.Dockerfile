FROM docker.io/library/maven:3.9-eclipse-temurin-21 AS build
WORKDIR /src
COPY pom.xml ./
RUN mvn -B -ntp dependency:go-offline
COPY . .
RUN mvn -B -ntp package dependency:copy-dependencies -DskipTests -DincludeScope=runtime -DoutputDirectory=/out/lib \
    && mkdir -p /out/lib && cp "$(ls target/*.jar | grep -vE -e '-(sources|javadoc|tests|plain)[.]jar$' -e '/original-' | head -n 1)" /out/lib/app.jar

FROM docker.io/library/eclipse-temurin:21-jre
WORKDIR /app
COPY --from=build /out ./
USER 10001
ENTRYPOINT ["java", "-cp", "lib/*", "demo.Main"]
