package dev.slipway.web.pages;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.web.pages.Gallery.Picture;
import dev.slipway.web.shell.Shell;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class PagesTest {
    private static final PageRenderer RENDERER = new PageRenderer();
    private static final Path RENDERED = Path.of("target", "pages");

    static Stream<Arguments> pages() {
        return Stream.of(Locale.ENGLISH, Locale.SIMPLIFIED_CHINESE)
                .flatMap(locale -> Gallery.pictures(locale).entrySet().stream()
                        .map(page -> Arguments.of(page.getKey(), locale, page.getValue())));
    }

    @ParameterizedTest(name = "{0} {1}")
    @MethodSource("pages")
    @DisplayName("A page is whole, obeys the content security policy, and shows what people wrote as text")
    void rendersSafely(String name, Locale locale, Picture picture) throws IOException {
        String html = RENDERER.render(picture.template(), locale, picture.model());
        Files.createDirectories(RENDERED);
        Files.writeString(RENDERED.resolve(name + "." + locale.getLanguage() + ".html"), html);

        assertThat(html).startsWith("<!DOCTYPE html>").doesNotContain("??", " th:", "${", "#{");
        assertThat(html).contains("lang=\"" + locale.toLanguageTag() + "\"");
        assertThat(matches(html, "<script(?![^>]*\\ssrc=)[^>]*>")).isEmpty();
        assertThat(matches(html, "\\sstyle=|<style|\\son[a-z]+=\"|javascript:")).isEmpty();
        assertThat(html).doesNotContain("<img src=x");
        assertThat(matches(html, "<h1")).hasSize(1);
        assertThat(ids(html)).doesNotHaveDuplicates();
        assertThat(matches(html, "<svg(?=[^>]*class=\"glyph)(?![^>]*aria-hidden)"))
                .isEmpty();
    }

    /** Those that only a running Slipway shows: browser tests look at them. */
    private static final Set<String> LIVE = Set.of(
            "applications/component",
            "applications/dockerfile",
            "applications/edit",
            "applications/review",
            "applications/revisions",
            "git/list",
            "git/new");

    @Test
    @DisplayName("Every page is in the gallery, or is known to be looked at elsewhere")
    void everyPage() {
        Set<String> shown = Gallery.pictures(Locale.ENGLISH).values().stream()
                .map(Picture::template)
                .collect(Collectors.toSet());
        templates().forEach((file, text) -> {
            String name = file.substring(file.indexOf("templates/") + 10).replace(".html", "");
            if (text.contains("layout :: page(")) {
                assertThat(shown.contains(name) || LIVE.contains(name)).as(name).isTrue();
                assertThat(shown.contains(name) && LIVE.contains(name)).as(name).isFalse();
            }
        });
    }

    @Test
    @DisplayName("A state is told by colour, shape and word")
    void statesAreToldThreeTimes() {
        String html = render("environment", Locale.ENGLISH);

        assertThat(html)
                .contains("class=\"state t-bad\"")
                .contains("href=\"#g-triangle\"")
                .contains("<span>degraded</span>");
    }

    @Test
    @DisplayName("Every node of the topology is a link with an id, a label with everything it shows, and its state")
    void nodesAreLinks() {
        String html = render("environment-component", Locale.ENGLISH);

        assertThat(html)
                .contains("id=\"node-payments\"")
                .contains("aria-label=\"payments, degraded, 0/1, feature/pay · 4f2a91c, exit 3: PAY_KEY is empty\"")
                .contains("data-state=\"degraded\"")
                .contains("href=\"/environments/storefront-dev?component=payments\"");
        assertThat(matches(html, "class=\"node[^\"]*chosen")).hasSize(1);
    }

    @Test
    @DisplayName("A waiting step says for whom, a failed one what is wrong and what to do, an ended one nothing moving")
    void stepsSayWhy() {
        assertThat(render("run", Locale.ENGLISH))
                .contains("waits for deploy/orders")
                .contains("The container payments ends with exit code 3")
                .contains("sse-connect=\"/runs/run42/events\"");
        assertThat(render("run", Locale.SIMPLIFIED_CHINESE)).contains("等待 deploy/orders");
        assertThat(render("run-failed", Locale.ENGLISH)).doesNotContain("sse-connect", "data-until", "hx-confirm");
    }

    @Test
    @DisplayName("A plan says who has set which field and offers the choice; it can't be started before it is made")
    void offersTheChoice() {
        assertThat(render("plan-contested", Locale.ENGLISH))
                .contains("hpa-controller has set 5; the document wishes 2")
                .contains("not decided")
                .contains("onConflict=take")
                .contains("onConflict=leave")
                .contains("Recreate")
                .doesNotContain("id=\"confirm\"");
        assertThat(render("plan-refused", Locale.ENGLISH))
                .contains("This plan cannot be carried out as it is")
                .doesNotContain("id=\"confirm\"");
        assertThat(render("plan", Locale.ENGLISH)).contains("name=\"onConflict\" value=\"stop\"");
    }

    @Test
    @DisplayName("A plan with nothing to do says so, and a plan carries its hash into the run")
    void plans() {
        assertThat(render("plan-nothing", Locale.ENGLISH))
                .contains("Nothing to do")
                .contains("77aa20e4c1d2e3f4");
        assertThat(render("plan", Locale.ENGLISH))
                .contains("name=\"plan\" value=\"5a0c9b1f77aa20e4c1d2e3f405162738495a6b7c8d9e0f1a2b3c4d5e6f708192\"")
                .contains(">1</del>")
                .contains(">2</ins>");
    }

    @Test
    @DisplayName("A refused document shows every problem with its place, and keeps what was typed")
    void refusedDocuments() {
        String html = render("application-new-problems", Locale.ENGLISH);

        assertThat(matches(html, "class=\"problem\"")).hasSize(3);
        assertThat(html)
                .contains("line 14")
                .contains("value=\"https://git.example/team/storefront.git\"")
                .contains("id=\"L14\" class=\"wrong\"");
    }

    @Test
    @DisplayName(
            "No part that a stream replaces holds a form: it would come without the token of the visitor's session")
    void formsAreNotReplacedLive() {
        for (Map.Entry<String, Set<String>> live : Map.of(
                        "runs/run", Set.of("steps", "status", "orders", "actions", "verdict", "plan", "picture"),
                        "environments/environment", Set.of("picture", "status", "now", "releases", "runs"))
                .entrySet()) {
            String template = templates().get("src/main/resources/templates/" + live.getKey() + ".html");
            for (String part : live.getValue()) {
                int from = template.indexOf("th:fragment=\"" + part + "\"");
                int until = template.indexOf("th:fragment=", from + 1);
                assertThat(from).as(part).isPositive();
                assertThat(template.substring(from, until < 0 ? template.length() : until))
                        .as(live.getKey() + " :: " + part)
                        .doesNotContain("<form", "hx-post");
            }
        }
        String run = render("run", Locale.ENGLISH);
        assertThat(run.indexOf("<form class=\"contents\" id=\"stop-run\""))
                .isPositive()
                .isLessThan(run.indexOf("id=\"stop\""));
        assertThat(render("run-failed", Locale.ENGLISH)).doesNotContain("stop-run");
    }

    @Test
    @DisplayName("Who is signed in keeps the menu on the page of an error; a stranger does not see it")
    void errorsKeepTheMenu() {
        Map<String, Object> model = Map.of("status", 404, "problems", Samples.problems(1));

        assertThat(RENDERER.render("error", Locale.ENGLISH, model)).contains("class=\"rail\"", "id=\"refused\"");
        Map<String, Object> strangers = new java.util.HashMap<>(model);
        strangers.put("stranger", true);
        assertThat(RENDERER.render("error", Locale.ENGLISH, strangers))
                .doesNotContain("class=\"rail\"")
                .contains("id=\"refused\"");
    }

    @Test
    @DisplayName("A silent cluster's components are grey, with when they were known; drift and restarts are told")
    void silence() {
        assertThat(render("environment-silent", Locale.ENGLISH))
                .contains("id=\"silent\"", "Last heard", "does not answer", "its cluster does not answer")
                .contains("not what its release says", "Restarts, last hour")
                .contains("data-state=\"unknown\"")
                .doesNotContain("SLP-K8S-UNREACHABLE");
        assertThat(render("environment-in-order", Locale.ENGLISH))
                .doesNotContain("id=\"silent\"", "Last heard", "not what its release says", "Restarts, last hour");
    }

    @Test
    @DisplayName("What was searched for stays inside its parameter")
    void logAddresses() {
        assertThat(render("log", Locale.ENGLISH))
                .contains(
                        "data-stream=\"/environments/storefront-dev/components/orders/log/events?pod=orders-6d9f-q8&amp;")
                .contains("search=%3Cb%3E%22%26pod%3Dx\"");
    }

    @Test
    @DisplayName("A branch that is not there is refused beside its field, which keeps what was typed")
    void refusedBranch() {
        Picture picture = Gallery.pictures(Locale.ENGLISH).get("environment");
        Map<String, Object> model = new java.util.HashMap<>(picture.model());
        model.putAll(Map.of("fromGit", true, "branch", "mian", "problems", Samples.problems(1)));

        String html = RENDERER.render(picture.template(), Locale.ENGLISH, model);

        assertThat(html.substring(html.indexOf("id=\"branch-form\"")))
                .contains("action=\"/environments/storefront-dev\"", "class=\"problem\"", "value=\"mian\"");
    }

    @Test
    @DisplayName("The language is changed on the page as it was asked for")
    void languageLinks() {
        assertThat(render("builds", Locale.ENGLISH))
                .contains("href=\"/here?q=a%26b&amp;lang=zh\"", "href=\"/here?q=a%26b&amp;lang=en\"");
        assertThat(new Shell("IN_PROCESS", true, "anna", "/here", "", 0).languageLink("zh"))
                .isEqualTo("/here?lang=zh");
    }

    @Test
    @DisplayName("Every form that changes something gets the token of the visitor's session")
    void formsHaveTokens() {
        templates()
                .forEach((file, text) -> matches(text, "<form[^>]*method=\"post\"[^>]*>")
                        .forEach(form -> assertThat(form).as(file).contains(" th:action=")));
    }

    @Test
    @DisplayName("No template writes a text unescaped")
    void nothingIsWrittenUnescaped() {
        templates()
                .forEach((file, text) -> assertThat(text)
                        .as(file)
                        .doesNotContain("th:utext", "[(", "th:inline", "innerHTML=", " style=", "th:style"));
    }

    static Map<String, String> templates() {
        try (Stream<Path> files = Files.walk(Path.of("src", "main", "resources", "templates"))) {
            return files.filter(file -> file.toString().endsWith(".html"))
                    .collect(java.util.stream.Collectors.toMap(Path::toString, PagesTest::read));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String render(String name, Locale locale) {
        Picture picture = Gallery.pictures(locale).get(name);
        return RENDERER.render(picture.template(), locale, picture.model());
    }

    private static List<String> matches(String html, String pattern) {
        return Pattern.compile(pattern)
                .matcher(html)
                .results()
                .map(result -> result.group())
                .toList();
    }

    private static List<String> ids(String html) {
        Matcher matcher = Pattern.compile("\\sid=\"([^\"]*)\"").matcher(html);
        return matcher.results().map(result -> result.group(1)).toList();
    }
}
