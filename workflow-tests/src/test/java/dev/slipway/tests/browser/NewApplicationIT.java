package dev.slipway.tests.browser;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.tests.support.SlipwayProcess;
import dev.slipway.tests.support.TestRepository;
import java.io.IOException;
import java.nio.file.Path;
import org.eclipse.jgit.api.Git;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.openqa.selenium.Keys;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class NewApplicationIT {
    private static final String SUBMIT = "form.form button[type=submit]";

    private static final String WRONG = """
            apiVersion: slipway.dev/v1
            kind: Application
            metadata: {name: greeter}
            spec:
              components:
                - name: hello
                  kind: servce
                  source: {image: "slipway.registry/base/shell:1"}
                - name: Gate
                  kind: service
                  source: {image: "slipway.registry/base/shell:1"}
                  colour: red
                  dependsOn: [helo]
            """;

    private static final String RIGHT = """
            apiVersion: slipway.dev/v1
            kind: Application
            metadata: {name: %s}
            spec:
              components:
                - name: hello
                  kind: service
                  source: {image: "slipway.registry/base/shell:1"}
                - name: gate
                  kind: service
                  source: {image: "slipway.registry/base/shell:1"}
                  dependsOn: [hello]
            """;

    private Path repositories;
    private Browser browser;
    private SlipwayProcess slipway;

    @BeforeAll
    void start(@TempDir Path data, @TempDir Path folder) {
        repositories = folder;
        browser = Browser.open();
        // The demo brings the base image that the documents here name.
        slipway = SlipwayProcess.in(data)
                .set("slipway.demo", "true")
                .set("slipway.git.local-folders", repositories.toString())
                .start();
        browser.signIn(slipway.link()).awaitPath("/environments/.*");
    }

    @AfterAll
    void end() {
        if (slipway != null) {
            slipway.close();
        }
        if (browser != null) {
            browser.close();
        }
    }

    @BeforeEach
    void open() {
        browser.go(slipway.url("/environments"))
                .click("a[href='/applications/new']")
                .awaitPath("/applications/new");
    }

    @AfterEach
    void quiet() {
        // A refused form answers 422 or 409, which the console repeats.
        assertThat(browser.complaints("status of 422", "status of 409")).isEmpty();
    }

    @Test
    @DisplayName(
            "a pasted document: every problem with its line and remedy, the text is kept; corrected, it is created and deployed")
    void paste() {
        browser.click("a[href='/applications/new?from=text']").await("the field", () -> browser.has("#document"));
        browser.paste("#document", WRONG).click(SUBMIT);

        browser.await("the problems", () -> browser.has("#problems"));
        assertThat(browser.isFocused("#problems h2")).isTrue();
        assertThat(browser.texts("#problems .place"))
                .anyMatch(place -> place.contains("line 7"))
                .anyMatch(place -> place.contains("line 9"))
                .anyMatch(place -> place.contains("line 12"))
                .anyMatch(place -> place.contains("line 13"))
                .allMatch(place -> place.contains("SLP-DOC-"));
        assertThat(browser.texts("#problems .what")).noneMatch(String::isBlank);
        assertThat(browser.texts("#problems .fix"))
                .noneMatch(String::isBlank)
                .anyMatch(fix -> fix.contains("service"))
                .anyMatch(fix -> fix.contains("hello"));
        assertThat(browser.value("#document")).isEqualTo(WRONG);
        browser.picture("new-application-problems");

        browser.paste("#document", RIGHT.formatted("greeter")).click(SUBMIT);
        createEnvironment("greeter-dev");
        deploy("hello", "gate");
    }

    @Test
    @DisplayName(
            "from git: what is wrong in the repository is shown on its lines; a commit later it is created and deployed")
    void fromGit() {
        try (TestRepository repository = TestRepository.create(repositories.resolve("from-git"))) {
            repository.write("slipway.yaml", WRONG).commit("Not right yet");
            browser.type("#url", repository.url())
                    .type("#branch", "main")
                    .press(Keys.TAB)
                    .click(SUBMIT);

            browser.await("the problems", () -> browser.has("#problems"));
            assertThat(browser.texts("#problems .source li.wrong > a")).contains("7", "9", "12", "13");
            assertThat(browser.value("#url")).isEqualTo(repository.url());
            assertThat(browser.value("#branch")).isEqualTo("main");

            repository.write("slipway.yaml", RIGHT.formatted("from-git")).commit("Right");
            browser.click(SUBMIT);
            createEnvironment("from-git-dev");
            deploy("hello", "gate");
        }
    }

    @Test
    @DisplayName("a branch is found among many with the keyboard alone; the environment takes another one by a click")
    void picksBranches() throws Exception {
        try (TestRepository repository = TestRepository.create(repositories.resolve("branches"));
                Git git = Git.open(repository.folder().toFile())) {
            repository.write("README.md", "Begin\n").commit("Begin");
            for (int i = 0; i < 60; i++) {
                git.branchCreate().setName("feature/" + i).call();
            }
            git.checkout().setCreateBranch(true).setName("feature/pay-2").call();
            repository.write("slipway.yaml", RIGHT.formatted("branches")).commit("Two");
            git.checkout().setCreateBranch(true).setName("feature/pay-3").call();
            git.checkout().setName("main").call();

            browser.type("#url", repository.url()).tabTo("#branch").press(Keys.ARROW_DOWN);
            browser.await("the branches", () -> browser.count("[role=option]") == 50);
            assertThat(browser.texts("[role=option]").get(0)).startsWith("main").contains("default");
            assertThat(browser.text(".choices-box")).contains("The first 50");
            browser.press("pay");
            browser.await("those that are sought", () -> browser.count("[role=option]") == 2);
            browser.picture("refs");
            browser.press(Keys.ARROW_DOWN).press(Keys.ARROW_DOWN).press(Keys.ARROW_UP);
            assertThat(browser.read("return document.getElementById(document.activeElement"
                            + ".getAttribute('aria-activedescendant')).dataset.value"))
                    .isEqualTo("feature/pay-2");
            browser.press(Keys.ENTER);
            assertThat(browser.value("#branch")).isEqualTo("feature/pay-2");
            assertThat(browser.has(".choices-box[hidden]")).isTrue();
            browser.press(Keys.ARROW_DOWN)
                    .await("all again", () -> browser.count("[role=option]") == 50)
                    .press(Keys.ESCAPE);
            assertThat(browser.has(".choices-box[hidden]")).isTrue();
            browser.press(Keys.ENTER);

            createEnvironment("branches-dev");
            browser.click("#branch-form .opener").await("the branches", () -> browser.has("[data-value='feature/19']"));
            browser.type("#branch", "pay-3").await("the one", () -> browser.count("[role=option]") == 1);
            browser.click("[role=option]").click("#take-branch").awaitPath("/environments/branches-dev/plan");
            assertThat(slipway.get("/api/v1/environments/branches-dev").body()).contains("\"feature/pay-3\"");
        }
    }

    @Test
    @DisplayName(
            "a repository with two projects and no slipway.yaml: a proposal says what was seen and why; changed, it is created")
    void proposed() throws IOException {
        try (TestRepository repository = TestRepository.create(repositories.resolve("two-projects"))) {
            repository
                    .write("web/index.html", "<h1>Hello</h1>\n")
                    .write("api/go.mod", "module example.test/api\n\ngo 1.22\n")
                    .write("api/main.go", "package main\n\nfunc main() {}\n")
                    .commit("Begin");
            browser.type("#url", repository.url()).click(SUBMIT);
            refusedWith("SLP-GIT-PATH-MISSING");
            browser.click("#propose button").awaitPath("/applications/new/draft");

            assertThat(browser.texts("#topology .node")).hasSize(2);
            assertThat(browser.text("#part-api")).contains("api/go.mod", "Dockerfile that Slipway writes for go");
            assertThat(browser.text("#part-web")).contains("web/index.html");
            assertThat(browser.value("#document"))
                    .contains("name: two-projects")
                    .doesNotContain("dockerfileInline");
            browser.picture("proposal");
            browser.click("#part-web summary")
                    .await(
                            "its Dockerfile",
                            () -> browser.value("#part-web textarea").startsWith("FROM "));
            String dockerfile = browser.value("#part-web textarea");
            browser.paste("#part-web textarea", dockerfile + "LABEL team=shop\n");
            browser.paste("#document", browser.value("#document").replace("name: two-projects", "name: Two Projects"));
            browser.await("the verdict", () -> browser.text("#verdict").contains("SLP-DOC-NAME"));
            browser.click("#create");

            browser.await(
                    "its Dockerfile in the document",
                    () -> browser.value("#document").contains("team=shop"));
            assertThat(browser.text("#verdict")).contains("SLP-DOC-NAME");
            browser.paste("#document", browser.value("#document").replace("name: Two Projects", "name: two-projects"));
            browser.click("#create");
            createEnvironment("two-projects-dev");
            assertThat(browser.texts(".node")).hasSize(2);
            assertThat(slipway.get("/api/v1/applications/two-projects").body())
                    .contains("dockerfileInline", "LABEL team=shop");
            committed(repository);
        }
    }

    /** The Dockerfile that is generated for a component is committed to its repository, and put into the document. */
    private void committed(TestRepository repository) throws IOException {
        browser.go(slipway.url("/applications/two-projects")).click("#dockerfile-api");
        browser.await("the Dockerfile", () -> browser.value("#text").startsWith("FROM "));
        browser.picture("dockerfile");
        repository.write("README.md", "Meanwhile\n").commit("Meanwhile");
        browser.type("#branch", "main").press(Keys.TAB).click("#commit");
        browser.await("the refusal", () -> browser.text(".problem").contains("SLP-GIT-BRANCH-MOVED"));
        browser.type("#branch", "slipway/dockerfile-api").press(Keys.TAB).click("#commit");
        browser.await("the commit", () -> browser.text("#committed").contains("slipway/dockerfile-api"));
        try (Git git = Git.open(repository.folder().toFile())) {
            assertThat(git.getRepository().resolve("slipway/dockerfile-api:api/Dockerfile"))
                    .isNotNull();
            assertThat(git.getRepository().resolve("main:api/Dockerfile")).isNull();
        }

        browser.paste("#text", browser.value("#text") + "LABEL team=core\n").click("#keep");
        browser.await("the difference", () -> browser.text(".textdiff").contains("team=core"));
        browser.click("#save").awaitPath("/applications/two-projects");
        assertThat(browser.text(".source")).contains("LABEL team=core");

        browser.go(slipway.url("/applications/two-projects/components/api"));
        assertThat(browser.value("#f-source-build-dockerfileInline")).contains("LABEL team=core");
        browser.tabTo("#f-source-branch").press(Keys.ARROW_DOWN);
        browser.await("the branches of its repository", () -> browser.has("[data-value='slipway/dockerfile-api']"));
        browser.click("[data-value='slipway/dockerfile-api']").click("#review");
        browser.await("the difference", () -> browser.text(".textdiff").contains("branch: slipway/dockerfile-api"));
    }

    @Test
    @DisplayName(
            "a repository that cannot be reached, a branch and a document that are not there: each says so, nothing is created")
    void notThere() {
        browser.type("#url", "https://127.0.0.1:1/nobody/there.git").click(SUBMIT);
        refusedWith("SLP-GIT-UNREACHABLE");
        assertThat(browser.value("#url")).isEqualTo("https://127.0.0.1:1/nobody/there.git");

        try (TestRepository repository = TestRepository.create(repositories.resolve("no-branch"))) {
            repository.write("README.md", "Nothing here\n").commit("Begin");
            browser.type("#url", repository.url())
                    .type("#branch", "mian")
                    .press(Keys.TAB)
                    .click(SUBMIT);
            refusedWith("SLP-GIT-REF-MISSING");
            assertThat(browser.text("#problems")).contains("mian").contains("main");
            assertThat(browser.value("#branch")).isEqualTo("mian");

            browser.type("#branch", "main").press(Keys.TAB).click(SUBMIT);
            refusedWith("SLP-GIT-PATH-MISSING");
            assertThat(browser.text("#problems")).contains("slipway.yaml");
        }
        assertThat(slipway.get("/api/v1/applications").body()).doesNotContain("no-branch");
    }

    private void refusedWith(String code) {
        browser.await("problem " + code, () -> browser.text("#problems").contains(code));
    }

    private void createEnvironment(String name) {
        browser.awaitPath("/environments/new");
        assertThat(browser.value("#name")).isEqualTo(name);
        browser.click(SUBMIT).awaitPath("/environments/" + name);
    }

    private void deploy(String... components) {
        browser.click("#deploy").click("#confirm").awaitPath("/runs/[^/]+");
        browser.await("the outcome", () -> browser.text("#head .state").strip().equals("succeeded"));
        for (String component : components) {
            browser.await(component + " to be green", () -> browser.has("#node-" + component + ".t-good"));
        }
    }
}
