package dev.slipway.web.pages;

import dev.slipway.activities.store.CredentialStore.Session;
import dev.slipway.activities.store.PersonStore.Kind;
import dev.slipway.web.people.PersonView;
import dev.slipway.web.people.RoleView;
import dev.slipway.web.people.TokenView;
import dev.slipway.web.problems.ProblemText;
import dev.slipway.workflows.people.Permission;
import dev.slipway.workflows.people.Role;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What the pages of people get. */
final class PeoplePageModels {
    private PeoplePageModels() {}

    static Map<String, Object> list() {
        return Map.of(
                "people",
                List.of(person("anna", Kind.PERSON, false), person(Samples.HOSTILE, Kind.PERSON, true)),
                "services",
                List.of(person("robot", Kind.SERVICE, false)));
    }

    static Map<String, Object> invite(String kind, List<ProblemText> problems) {
        return Map.of(
                "kind",
                kind,
                "name",
                Samples.HOSTILE,
                "role",
                Role.DEVELOPER,
                "where",
                "everywhere",
                "roles",
                Role.values(),
                "places",
                List.of("everywhere", "application/shop"),
                "problems",
                problems);
    }

    static Map<String, Object> one(Kind kind, @Nullable String link, List<ProblemText> problems) {
        Map<String, Object> model = new HashMap<>(Map.of(
                "person",
                person(Samples.HOSTILE, kind, link != null),
                "sessions",
                sessions(),
                "tokens",
                tokens(),
                "permissions",
                Permission.values(),
                "roles",
                Role.values(),
                "places",
                List.of("everywhere"),
                "problems",
                problems));
        model.put("link", link);
        model.put("made", kind == Kind.SERVICE ? "slipway_once" : null);
        return model;
    }

    static Map<String, Object> account(boolean changed) {
        Map<String, Object> model = new HashMap<>(Map.of(
                "person",
                person("anna", Kind.PERSON, false),
                "sessions",
                sessions(),
                "tokens",
                tokens(),
                "current",
                "s1",
                "permissions",
                Permission.values(),
                "shortest",
                12,
                "changed",
                changed,
                "problems",
                Samples.problems(1)));
        model.put("made", null);
        return model;
    }

    private static PersonView person(String name, Kind kind, boolean invited) {
        return new PersonView(
                name,
                kind,
                invited,
                List.of(
                        new RoleView(Role.ADMIN, null, null),
                        new RoleView(Role.VIEWER, Samples.LONG, null),
                        new RoleView(Role.DEVELOPER, null, "shop-dev")),
                3,
                Samples.NOW,
                "console");
    }

    private static List<Session> sessions() {
        return List.of(
                new Session("s1", "127.0.0.1", Samples.HOSTILE, Samples.NOW, Samples.NOW),
                new Session("s2", "2001:db8::1", "", Samples.NOW, Samples.NOW));
    }

    private static List<TokenView> tokens() {
        return List.of(
                new TokenView(
                        "t1",
                        Samples.HOSTILE,
                        "slipway_ab12",
                        List.of(Permission.VIEW, Permission.DEPLOY),
                        "works",
                        Samples.NOW,
                        "anna",
                        null,
                        null,
                        null),
                new TokenView(
                        "t2",
                        "old",
                        "slipway_cd34",
                        List.of(Permission.VIEW),
                        "expired",
                        Samples.NOW,
                        "anna",
                        Samples.NOW,
                        Samples.NOW,
                        null));
    }
}
