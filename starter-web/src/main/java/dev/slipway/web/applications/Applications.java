package dev.slipway.web.applications;

import dev.slipway.activities.git.GitRef;
import dev.slipway.activities.git.GitRefs;
import dev.slipway.activities.git.GitSource;
import dev.slipway.activities.store.ApplicationStore;
import dev.slipway.activities.store.ApplicationStore.GitOrigin;
import dev.slipway.activities.store.ApplicationStore.Revision;
import dev.slipway.activities.store.ApplicationStore.StoredApplication;
import dev.slipway.activities.store.EnvironmentStore;
import dev.slipway.activities.store.EnvironmentStore.StoredEnvironment;
import dev.slipway.web.applications.ApplicationView.ComponentLine;
import dev.slipway.web.applications.ApplicationView.GitView;
import dev.slipway.web.environments.Environments;
import dev.slipway.workflows.application.Application;
import dev.slipway.workflows.application.ApplicationCheck;
import dev.slipway.workflows.application.ApplicationReader;
import dev.slipway.workflows.application.Component;
import dev.slipway.workflows.application.Dependency;
import dev.slipway.workflows.application.Source;
import dev.slipway.workflows.application.yaml.Reading;
import dev.slipway.workflows.problem.Problem;
import dev.slipway.workflows.problem.ProblemCode;
import dev.slipway.workflows.problem.ProblemException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Applications: how they come to be, and how they are shown. */
@org.springframework.stereotype.Component
public final class Applications {
    public static final String FILE = "slipway.yaml";
    private static final int LARGEST_DOCUMENT = 1024 * 1024;
    private static final int LONGEST_MESSAGE = 500;

    private final ApplicationStore store;
    private final EnvironmentStore environments;
    private final Environments views;
    private final GitSource git;

    public Applications(ApplicationStore store, EnvironmentStore environments, Environments views, GitSource git) {
        this.store = store;
        this.environments = environments;
        this.views = views;
        this.git = git;
    }

    /**
     * A document with everything that is wrong with it.
     *
     * @param name of the application; {@code null}: there are problems
     */
    public record Checked(
            String document,
            @Nullable String name,
            @Nullable String title,
            List<Problem> problems) {
        public Checked {
            problems = List.copyOf(problems);
        }
    }

    /** Every problem of a document at once. */
    public Checked check(String document) {
        Reading<Application> reading = ApplicationCheck.read(document);
        Application application = reading.value();
        return application == null || !reading.problems().isEmpty()
                ? new Checked(document, null, null, reading.problems())
                : new Checked(
                        document, application.name(), application.metadata().title(), List.of());
    }

    /**
     * The document that a repository holds now. The repository's content is only read.
     *
     * @throws ProblemException with one of the {@code GIT_} codes
     */
    public String read(GitOrigin origin) {
        String branch = origin.branch();
        String commit = git.resolve(origin.url(), branch == null ? GitRef.defaultBranch() : GitRef.branch(branch));
        return new String(git.read(origin.url(), commit, origin.path(), LARGEST_DOCUMENT), StandardCharsets.UTF_8);
    }

    /**
     * What can be chosen for an application.
     *
     * @param repositories by address, in the document's order
     * @param problems of those that cannot be asked
     */
    public record Refs(Map<String, GitRefs> repositories, List<Problem> problems) {}

    /**
     * Branches and tags of the repositories that an application is built from.
     *
     * @param text that their names hold; empty: any
     * @param most of each
     */
    public Refs refs(StoredApplication application, String text, int most) {
        Map<String, GitRefs> found = new LinkedHashMap<>();
        List<Problem> problems = new ArrayList<>();
        for (String url : views.repositories(application, source -> true)) {
            try {
                found.put(url, git.refs(url).matching(text, most));
            } catch (ProblemException e) {
                problems.addAll(e.problems());
            }
        }
        return new Refs(found, problems);
    }

    /**
     * @param origin {@code null}: the document is kept in Slipway
     * @param who makes it
     * @throws ProblemException with all that is wrong, or {@code SLP-APP-EXISTS}
     */
    public StoredApplication create(String document, @Nullable GitOrigin origin, String who) {
        Checked checked = check(document);
        if (checked.name() == null) {
            throw new ProblemException(checked.problems());
        }
        return store.create(checked.name(), checked.title(), document, origin, who);
    }

    /**
     * Saves a document as a new revision; the same text again changes nothing.
     *
     * @param seen the revision that the writer saw; {@code null}: whichever there is
     * @param message why; cut at {@value #LONGEST_MESSAGE} characters
     * @throws ProblemException with all that is wrong, {@code SLP-APP-CHANGED} or {@code SLP-APP-IN-GIT}
     */
    public StoredApplication replace(String name, String document, @Nullable Long seen, String who, String message) {
        StoredApplication now = editable(name);
        if (seen != null && seen != now.revision()) {
            throw ApplicationStore.changed(name, seen, now.revision());
        }
        if (document.equals(now.document())) {
            return now;
        }
        Checked checked = check(name, document);
        if (!checked.problems().isEmpty()) {
            throw new ProblemException(checked.problems());
        }
        return store.replace(name, checked.title(), document, now.revision(), who, line(message));
    }

    /** Every problem of a document that is to be the one of this application. */
    public Checked check(String name, String document) {
        Checked checked = check(document);
        if (checked.name() == null || checked.name().equals(name)) {
            return checked;
        }
        Problem renamed =
                Problem.of(ProblemCode.REQUEST_INVALID, "metadata.name", "reason", "metadata.name is not " + name);
        return new Checked(document, null, null, List.of(renamed));
    }

    /** @throws ProblemException {@code SLP-APP-UNKNOWN}, or {@code SLP-APP-IN-GIT} when its document is not kept here */
    public StoredApplication editable(String name) {
        StoredApplication application = named(name);
        GitOrigin origin = application.origin();
        if (origin != null) {
            throw new ProblemException(Problem.of(
                    ProblemCode.APPLICATION_IN_GIT, name, "name", name, "url", origin.url(), "path", origin.path()));
        }
        return application;
    }

    /** @throws ProblemException {@code SLP-REQUEST-NOT-FOUND} */
    public Revision revision(StoredApplication application, long number) {
        return store.revision(application.id(), number)
                .orElseThrow(() -> new ProblemException(
                        Problem.of(ProblemCode.REQUEST_NOT_FOUND, application.name() + " revision " + number)));
    }

    private static String line(String message) {
        StringBuilder line = new StringBuilder();
        message.strip()
                .codePoints()
                .limit(LONGEST_MESSAGE)
                .forEach(c -> line.appendCodePoint(
                        Character.isISOControl(c) || Character.getType(c) == Character.SURROGATE ? ' ' : c));
        return line.toString();
    }

    /** @throws ProblemException {@code SLP-APP-UNKNOWN} */
    public StoredApplication named(String name) {
        return store.byName(name).orElseThrow(() -> ApplicationStore.unknown(name));
    }

    public ApplicationView view(StoredApplication application) {
        GitOrigin origin = application.origin();
        Application read = ApplicationReader.read(application.document()).value();
        return new ApplicationView(
                application.id(),
                application.name(),
                application.title(),
                application.revision(),
                origin == null ? null : new GitView(origin.url(), origin.branch(), origin.path()),
                application.createdAt(),
                application.changedAt(),
                environments.ofApplication(application.id()).stream()
                        .map(StoredEnvironment::name)
                        .toList(),
                read == null
                        ? List.of()
                        : read.components().stream().map(Applications::line).toList(),
                application.document());
    }

    private static ComponentLine line(Component component) {
        return new ComponentLine(
                component.name(),
                component.kind().name().toLowerCase(Locale.ROOT),
                source(component),
                Dockerfiles.source(component).isPresent(),
                component.dependsOn().stream().map(Dependency::component).toList());
    }

    private static String source(Component component) {
        Source source = component.source();
        if (source instanceof Source.Image image) {
            return image.reference();
        }
        if (source instanceof Source.Git git) {
            String path = git.path().isEmpty() ? "." : git.path();
            String ref = git.branch() != null ? git.branch() : git.tag() != null ? git.tag() : git.commit();
            String place = git.url() == null || git.url().equals(".") ? path : git.url() + " " + path;
            return ref == null ? place : place + " · " + ref;
        }
        return component.address() == null ? "" : component.address();
    }
}
