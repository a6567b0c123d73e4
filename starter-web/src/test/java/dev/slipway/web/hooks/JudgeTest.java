package dev.slipway.web.hooks;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.activities.store.ApplicationStore.GitOrigin;
import dev.slipway.activities.store.Push;
import dev.slipway.activities.store.PushRule;
import dev.slipway.activities.store.PushRule.Part;
import dev.slipway.activities.store.Reason;
import dev.slipway.web.hooks.Judge.Judgement;
import dev.slipway.workflows.application.ApplicationReader;
import dev.slipway.workflows.environment.Overrides;
import dev.slipway.workflows.run.Operation;
import dev.slipway.workflows.run.Scope;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class JudgeTest {
    private static final String SHOP = "https://git.example/team/shop.git";
    private static final String DOCUMENT = """
            apiVersion: slipway.dev/v1
            kind: Application
            metadata: {name: shop}
            spec:
              components:
                - {name: web, kind: service, source: {git: "git@git.example:team/web.git", branch: develop, build: {builder: dockerfile}}}
                - {name: orders, kind: service, source: {git: "https://git.example/team/shop.git", build: {builder: dockerfile}}}
                - {name: old, kind: service, source: {git: "https://git.example/team/shop.git", tag: v1, build: {builder: dockerfile}}}
                - {name: db, kind: service, source: {image: "postgres:17"}}
            """;

    @Test
    @DisplayName("a push to what the environment follows starts the components of that repository, and nothing else")
    void starts() {
        assertThat(judge(PushRule.usual(), push("main"), followed(null, true)))
                .contains(new Judgement(part(Operation.DEPLOY, "orders", "old"), Reason.of("match", "main")));
        Push web = push("develop").at(List.of("https://git.example/team/web"));
        assertThat(judge(PushRule.usual(), web, followed(null, true)))
                .contains(new Judgement(part(Operation.DEPLOY, "web"), Reason.of("match", "develop")));
        assertThat(judge(
                        PushRule.usual(),
                        push("main").at(List.of("https://git.example/team/other")),
                        followed(null, true)))
                .isEmpty();
    }

    @Test
    @DisplayName(
            "a branch that the environment does not follow deploys no other by accident, also where a pattern fits")
    void follows() {
        assertThat(reason(rule(List.of("feature/**"), List.of(), List.of()), push("feature/x")))
                .isEqualTo(Reason.of("follows", "main, v1", "feature/x"));
        assertThat(reason(PushRule.usual(), push("develop"))).isEqualTo(Reason.of("follows", "main, v1", "develop"));
    }

    @Test
    @DisplayName("the branch of an override is what is followed")
    void overridden() {
        Overrides overrides = new Overrides("feature/x", Map.of(), Map.of());
        Followed followed = Followed.of(ApplicationReader.read(DOCUMENT).orElseThrow(), null, overrides, true);

        assertThat(judge(PushRule.usual(), push("feature/x"), followed)
                        .orElseThrow()
                        .scope())
                .isNotNull();
        assertThat(judge(PushRule.usual(), push("main"), followed).orElseThrow().reason())
                .isEqualTo(Reason.of("follows", "feature/x, v1", "main"));
    }

    @Test
    @DisplayName("the repository of the document starts everything; so does any where nothing was deployed yet")
    void whole() {
        GitOrigin origin = new GitOrigin(SHOP, "main", "slipway.yaml");

        assertThat(judge(PushRule.usual(), push("main"), followed(origin, true))
                        .orElseThrow()
                        .scope())
                .isEqualTo(Scope.whole(Operation.DEPLOY));
        assertThat(judge(PushRule.usual(), push("main"), followed(null, false))
                        .orElseThrow()
                        .scope())
                .isEqualTo(Scope.whole(Operation.DEPLOY));
    }

    @Test
    @DisplayName("patterns of branches say what they were compared with")
    void branches() {
        assertThat(reason(rule(List.of("release/**", "!main"), List.of(), List.of()), push("main")))
                .isEqualTo(Reason.of("branch", "main", "release/**, !main"));
    }

    @Test
    @DisplayName("a tag starts nothing unless a pattern says so or it is followed; then what is followed is deployed")
    void tags() {
        assertThat(reason(PushRule.usual(), tag("v2"))).isEqualTo(Reason.of("no-tags", "v2"));
        assertThat(reason(rule(List.of(), List.of("v*"), List.of()), tag("x"))).isEqualTo(Reason.of("tag", "x", "v*"));
        assertThat(judge(rule(List.of(), List.of("v*"), List.of()), tag("v2"), followed(null, true))
                        .orElseThrow())
                .isEqualTo(
                        new Judgement(part(Operation.DEPLOY, "orders", "old"), Reason.of("signal", "v2", "main, v1")));
        assertThat(judge(PushRule.usual(), tag("v1"), followed(null, true))
                        .orElseThrow()
                        .scope())
                .isNotNull();
    }

    @Test
    @DisplayName("files decide where all are known; where the provider does not list all, the push counts")
    void paths() {
        PushRule docs = rule(List.of(), List.of(), List.of("docs/**"));
        PushRule code = rule(List.of(), List.of(), List.of("**", "!docs/**"));

        assertThat(reason(docs, push("main"))).isEqualTo(Reason.of("paths", "2", "docs/**"));
        assertThat(reason(code, push("main"))).isEqualTo(Reason.of("file", "src/a.java"));
        assertThat(reason(docs, some(push("main")))).isEqualTo(Reason.of("files-unknown"));
    }

    @Test
    @DisplayName("[skip deploy] in the newest commit's message is obeyed, in any case")
    void skips() {
        Push push = new Push(
                false, "main", null, "a", List.of(SHOP), "main", 1, "Docs\n[Skip Deploy]", List.of(), false, "ann");

        assertThat(reason(PushRule.usual(), push)).isEqualTo(Reason.of("skip", "[skip deploy]"));
    }

    @Test
    @DisplayName("a rule that rests says so; one for another repository has nothing to say")
    void rests() {
        assertThat(reason(
                        new PushRule(
                                false,
                                "",
                                List.of(),
                                List.of(),
                                List.of(),
                                0,
                                true,
                                Operation.DEPLOY,
                                Part.ALL,
                                List.of()),
                        push("main")))
                .isEqualTo(Reason.of("paused"));
        PushRule web = new PushRule(
                true,
                "https://git.example/team/web",
                List.of(),
                List.of(),
                List.of(),
                0,
                true,
                Operation.BUILD,
                Part.NAMED,
                List.of("web"));
        assertThat(judge(web, push("main"), followed(null, true))).isEmpty();
        assertThat(judge(web, push("develop").at(List.of("ssh://git@git.example/team/web")), followed(null, true))
                        .orElseThrow()
                        .scope())
                .isEqualTo(part(Operation.BUILD, "web"));
    }

    private static Optional<Judgement> judge(PushRule rule, Push push, Followed followed) {
        return Judge.judge(rule, push, followed);
    }

    private static Reason reason(PushRule rule, Push push) {
        return judge(rule, push, followed(null, true)).orElseThrow().reason();
    }

    private static Scope part(Operation operation, String... components) {
        return new Scope(operation, List.of(components), false, Map.of());
    }

    private static PushRule rule(List<String> branches, List<String> tags, List<String> paths) {
        return new PushRule(true, "", branches, tags, paths, 0, true, Operation.DEPLOY, Part.REPOSITORY, List.of());
    }

    private static Followed followed(@Nullable GitOrigin origin, boolean deployed) {
        return Followed.of(ApplicationReader.read(DOCUMENT).orElseThrow(), origin, Overrides.NONE, deployed);
    }

    private static Push push(String branch) {
        return new Push(
                        false,
                        branch,
                        "b",
                        "a",
                        List.of(SHOP, "git@git.example:team/shop.git"),
                        "main",
                        1,
                        "Change",
                        List.of("README.md", "src/a.java"),
                        true,
                        "ann")
                .files(List.of("src/a.java", "README.md"), true);
    }

    private static Push some(Push push) {
        return push.files(push.files(), false);
    }

    private static Push tag(String name) {
        return new Push(true, name, null, "a", List.of(SHOP), "main", 0, "", List.of(), false, "ann");
    }
}
