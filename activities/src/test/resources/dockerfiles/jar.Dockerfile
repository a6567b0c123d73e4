FROM docker.io/library/eclipse-temurin:21-jre
WORKDIR /app
COPY target/shop.jar app.jar
USER 10001
ENTRYPOINT ["java", "-jar", "app.jar"]
