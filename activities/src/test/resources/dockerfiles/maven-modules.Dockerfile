FROM docker.io/library/eclipse-temurin:21-jdk AS build
WORKDIR /src
COPY mvnw ./
COPY .mvn .mvn
COPY pom.xml ./
COPY api/pom.xml ./api/
COPY orders/pom.xml ./orders/
RUN sh ./mvnw -B -ntp -pl orders -am dependency:go-offline || true
COPY . .
RUN sh ./mvnw -B -ntp -pl orders -am package -DskipTests \
    && mkdir /out && cp "$(ls orders/target/*.[jw]ar | grep -vE -e '-(sources|javadoc|tests|plain)[.]jar$' -e '/original-' | head -n 1)" /out/app.jar

FROM docker.io/library/eclipse-temurin:21-jre
WORKDIR /app
COPY --from=build /out ./
USER 10001
EXPOSE 8085
ENTRYPOINT ["java", "-jar", "app.jar"]
