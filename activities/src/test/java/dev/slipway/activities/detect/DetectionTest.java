package dev.slipway.activities.detect;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.activities.detect.Project.Kind;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class DetectionTest {
    @Test
    @DisplayName("of a multi-module build those modules are projects that can be started, built from its root")
    void mavenModules() {
        Project orders = one(Tree.maven());

        assertThat(orders.kind()).isEqualTo(Kind.MAVEN);
        assertThat(orders.folder()).isEqualTo("orders");
        assertThat(orders.context()).isEmpty();
        assertThat(orders.ports()).containsExactly(8085);
        assertThat(orders.saw()).extracting(Seen::toString).contains("orders/pom.xml: spring-boot-maven-plugin");
    }

    @Test
    @DisplayName("a plugin of a profile that switches itself on counts, one of another profile does not")
    void mavenProfiles() {
        String profile = "<profile>%s<build><plugins><plugin><artifactId>spring-boot-maven-plugin</artifactId></plugin>"
                + "</plugins></build></profile>";
        String pom = "<project><artifactId>a</artifactId><profiles>%s</profiles></project>";
        Tree active = Tree.mavenLibraries()
                .file("pom.xml", pom.formatted(profile.formatted("<activation><activeByDefault/></activation>")));
        Tree passive = Tree.mavenLibraries().file("pom.xml", pom.formatted(profile.formatted("")));

        assertThat(one(active).generated()).contains("\"-jar\"");
        assertThat(one(passive).generated()).contains("\"-cp\"");
    }

    @Test
    @DisplayName("a pom that reads files, grows without end or is none is no project, and nothing is read for it")
    void hostilePom() {
        String bomb = "<!DOCTYPE p [<!ENTITY a \"xxxxxxxxxx\"><!ENTITY b \"&a;&a;&a;&a;&a;\">"
                + "<!ENTITY f SYSTEM \"file:///etc/passwd\">]><project><artifactId>&f;&b;</artifactId></project>";
        for (String pom : List.of(bomb, "<project>".repeat(5_000), "{}", "", "<project/>")) {
            assertThat(Detection.of(Tree.mavenLibraries().file("pom.xml", pom).files(), Bases.DEFAULT))
                    .isEmpty();
        }
    }

    @Test
    @DisplayName("a Dockerfile goes before what would be generated, which stays as an alternative")
    void ownDockerfile() {
        Project project =
                one(Tree.node().file("Dockerfile", "FROM node:22 AS base\nFROM base\nUSER node\nEXPOSE 81/tcp 82\n"));

        assertThat(project.dockerfile()).isEqualTo("Dockerfile");
        assertThat(project.kind()).isEqualTo(Kind.NODE);
        assertThat(project.ports()).startsWith(81, 82);
        assertThat(project.last().user()).isEqualTo("node");
        assertThat(project.last().base()).isEqualTo("node:22");
        assertThat(project.alternatives()).containsExactly(new Project.Alternative(Kind.NODE, "package.json"));
    }

    @Test
    @DisplayName("a Dockerfile that copies what lies further up is built from there")
    void contextFurtherUp() {
        Project project = one(new Tree()
                .file(
                        "src/ad/Dockerfile",
                        "FROM jre:21\nCOPY ./src/ad/app.jar /\nCOPY --from=x /a /b\nCOPY pb/ pb/\nCMD [\"x\"]\n")
                .file("src/ad/app.jar")
                .file("pb/demo.proto"));

        assertThat(project.context()).isEmpty();
        assertThat(project.dockerfile()).isEqualTo("src/ad/Dockerfile");
        assertThat(project.name()).isEqualTo("ad");
    }

    @Test
    @DisplayName("what only hands out files, is a tool of a project, or has to be told what it is for is none")
    void notToRun() {
        Tree tree = Tree.goVendored()
                .file("export/Dockerfile", "FROM golang AS b\nFROM scratch\nCOPY --from=b /a /\n")
                .file("shared/Dockerfile", "FROM jre\nARG NAME\nCOPY ${NAME}.jar /app.jar\n")
                .file("web/package.json", "{\"main\":\"index.js\"}")
                .file("web/index.js")
                .file("web/gen/Dockerfile", "FROM protoc\nCMD [\"x\"]\n")
                .file("tests/Dockerfile", "FROM cypress\n")
                .file(
                        "phone/package.json",
                        "{\"scripts\":{\"start\":\"expo start\"},\"dependencies\":{\"expo\":\"1\"}}");

        assertThat(Detection.of(tree.files(), Bases.DEFAULT))
                .extracting(Project::folder)
                .containsExactly("", "web");
    }

    @Test
    @DisplayName("each program of a Go module is a project, unless the module is one itself")
    void goPrograms() {
        Tree two = Tree.go()
                .file("cmd/worker/main.go", "package main\n")
                .file("cmd/gen/gen.go", "//go:build ignore\n\npackage main\n");

        assertThat(Detection.of(two.files(), Bases.DEFAULT))
                .extracting(Project::name)
                .containsExactly("catalog", "worker");
        assertThat(Detection.buildable(two.files(), Bases.DEFAULT)).hasSize(2);
        assertThat(one(Tree.goVendored()).folder()).isEmpty();
    }

    @Test
    @DisplayName("pages within a project belong to it; a front end that is built beside a server does not")
    void pages() {
        Tree tree = Tree.maven()
                .file("orders/src/main/resources/static/index.html")
                .file(
                        "front/package.json",
                        "{\"scripts\":{\"build\":\"ng build\"},\"devDependencies\":{\"@angular/cli\":\"20\"}}")
                .file("front/src/index.html");

        assertThat(Detection.of(tree.files(), Bases.DEFAULT))
                .extracting(Project::kind)
                .containsExactly(Kind.NODE_STATIC, Kind.MAVEN);
    }

    @Test
    @DisplayName("gunicorn, uvicorn, flask and plain programs are each started their own way")
    void python() {
        assertThat(one(Tree.django()).generated())
                .contains("[\"gunicorn\", \"--bind\", \"0.0.0.0:8000\", \"site1.wsgi\"]");
        assertThat(one(Tree.fastapi()).generated()).contains("\"app.main:app\"");
        assertThat(one(Tree.flask()).ports()).containsExactly(5005);
        assertThat(Detection.of(new Tree().file("requirements.txt", "requests").files(), Bases.DEFAULT))
                .isEmpty();
    }

    @Test
    @DisplayName("names that mean something to a shell or a Dockerfile are not seen at all")
    void hostileNames() {
        Tree tree = new Tree()
                .file("a b/pom.xml", "<project><artifactId>a</artifactId></project>")
                .file("$(reboot)/index.html")
                .file("x\nUSER root/index.html")
                .file("-rf/index.html")
                .file("../up/index.html")
                .file("a\"b.jar");

        assertThat(tree.files().paths()).isEmpty();
        assertThat(Detection.of(tree.files(), Bases.DEFAULT)).isEmpty();
    }

    private static Project one(Tree tree) {
        List<Project> projects = Detection.of(tree.files(), Bases.DEFAULT);
        assertThat(projects).hasSize(1);
        return projects.get(0);
    }
}
