package dev.slipway.activities.detect;

import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** The files of a repository that there is none of. */
public final class Tree {
    private final Map<String, String> files = new LinkedHashMap<>();

    public Tree file(String path) {
        return file(path, "");
    }

    public Tree file(String path, String content) {
        files.put(path, content);
        return this;
    }

    public RepositoryFiles files() {
        return RepositoryFiles.of(
                files.keySet(),
                path -> Optional.ofNullable(files.get(path)).map(text -> text.getBytes(StandardCharsets.UTF_8)));
    }

    public static Tree maven() {
        return new Tree()
                .file("pom.xml", """
                        <project><artifactId>shop</artifactId><packaging>pom</packaging>
                          <modules><module>api</module><module>orders</module><module>../outside</module></modules>
                          <build><plugins><plugin><artifactId>spring-boot-maven-plugin</artifactId></plugin></plugins></build>
                        </project>""")
                .file("mvnw")
                .file(".mvn/wrapper/maven-wrapper.properties")
                .file("api/pom.xml", "<project><artifactId>api</artifactId></project>")
                .file("api/src/main/java/shop/Item.java", "package shop; public record Item() {}")
                .file("orders/pom.xml", "<project><artifactId>orders</artifactId></project>")
                .file(
                        "orders/src/main/java/shop/orders/OrdersApplication.java",
                        "package shop.orders;\npublic class OrdersApplication {\n  public static void main(String[] a) {}\n}")
                .file("orders/src/main/resources/application.yml", "spring: {}\nserver:\n  port: 8085\n");
    }

    public static Tree mavenLibraries() {
        return new Tree()
                .file("pom.xml", "<project><artifactId>greeter</artifactId><packaging>jar</packaging></project>")
                .file(
                        "src/main/java/demo/Main.java",
                        "package demo;\nclass Main { public static void main(String[] a) {} }");
    }

    public static Tree gradle() {
        return new Tree()
                .file("settings.gradle.kts", "rootProject.name = \"bot\"")
                .file(
                        "build.gradle.kts",
                        "plugins { kotlin(\"jvm\"); application }\napplication { mainClass.set(\"demo.MainKt\") }")
                .file("gradlew")
                .file("gradle/wrapper/gradle-wrapper.jar")
                .file("gradle/wrapper/gradle-wrapper.properties")
                .file("src/main/kotlin/demo/Main.kt", "package demo\nfun main() {}");
    }

    public static Tree gradleSpring() {
        return new Tree()
                .file("settings.gradle", "include 'web'")
                .file("web/build.gradle", "plugins { id 'org.springframework.boot' version '3.5.0' }")
                .file(
                        "web/src/main/java/demo/WebApplication.java",
                        "package demo;\nclass WebApplication { public static void main(String[] a) {} }")
                .file("web/src/main/resources/application.properties", "server.port=${PORT:9090}\n");
    }

    public static Tree node() {
        return new Tree()
                .file("package.json", """
                        {"name": "api", "scripts": {"start": "node src/server.js"}, "dependencies": {"express": "5"}}""")
                .file("package-lock.json")
                .file("src/server.js", "const port = process.env.PORT || 4000;\napp.listen(port);");
    }

    public static Tree nodeVendored() {
        return new Tree()
                .file("package.json", "{\"main\": \"index.js\"}")
                .file("index.js", "require('http').createServer().listen(3001)")
                .file("node_modules/left-pad/package.json", "{\"scripts\": {\"start\": \"node x.js\"}}");
    }

    public static Tree front() {
        return new Tree().file("package.json", """
                        {"scripts": {"build": "vite build", "start": "vite"}, "devDependencies": {"vite": "7"}}""").file("pnpm-lock.yaml").file("index.html");
    }

    public static Tree go() {
        return new Tree()
                .file("go.mod", "module example.com/shop/catalog\n\ngo 1.25\n")
                .file("go.sum")
                .file("cmd/catalog/main.go", "package main\n\nfunc main() { http.ListenAndServe(\":8088\", nil) }\n")
                .file("internal/db/db.go", "package db\n")
                .file("templates/index.tmpl");
    }

    public static Tree goVendored() {
        return new Tree()
                .file("go.mod", "module example.com/hello\n")
                .file("main.go", "package main\n\nfunc main() {}\n")
                .file("tools/gen.go", "package main\n")
                .file("vendor/modules.txt")
                .file("vendor/example.com/x/x.go", "package main\n");
    }

    public static Tree django() {
        return new Tree()
                .file("requirements.txt", "Django==5.2\ngunicorn\n")
                .file("manage.py")
                .file("site1/wsgi.py");
    }

    public static Tree fastapi() {
        return new Tree()
                .file("pyproject.toml", "[project]\nname = 'x'\ndependencies = ['fastapi[standard]']\n")
                .file("uv.lock")
                .file("app/main.py", "from fastapi import FastAPI\n\napp = FastAPI(title='x')\n");
    }

    public static Tree flask() {
        return new Tree()
                .file("requirements.txt", "flask\n")
                .file(
                        "app.py",
                        "from flask import Flask\napp = Flask(__name__)\n\nif __name__ == '__main__':\n    app.run(port=5005)\n");
    }

    public static Tree site() {
        return new Tree().file("index.html").file("css/site.css").file("about/index.html");
    }

    public static Tree jar() {
        return new Tree().file("target/shop.jar").file("README.md");
    }
}
