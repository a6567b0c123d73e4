package dev.slipway.activities.detect;

import dev.slipway.activities.detect.Draft.Part;
import dev.slipway.activities.detect.Remark.Code;
import dev.slipway.activities.git.GitRef;
import dev.slipway.workflows.application.Source;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/** Proposes an application for a repository: its compose file, where it has one, else every project that it holds. Pure. */
public final class Drafting {
    private final RepositoryFiles files;
    private final Bases bases;
    private final Origin origin;

    private Drafting(RepositoryFiles files, Bases bases, Origin origin) {
        this.files = files;
        this.bases = bases;
        this.origin = origin;
    }

    /**
     * Where the files are from, as the document is to say it.
     *
     * @param folder of the repository that is looked at; empty: all of it
     */
    public record Origin(String url, GitRef ref, String folder) {
        Source.Git source(String path, Source.Build build) {
            return new Source.Git(
                    url,
                    ref.kind() == GitRef.Kind.BRANCH ? ref.name() : null,
                    ref.kind() == GitRef.Kind.TAG ? ref.name() : null,
                    ref.kind() == GitRef.Kind.COMMIT ? ref.name() : null,
                    Paths.join(folder, path),
                    build);
        }
    }

    /** Empty: there is nothing in it that is recognised. */
    public static Optional<Draft> of(RepositoryFiles files, Bases bases, Origin origin) {
        return new Drafting(files, bases, origin).draft();
    }

    private Optional<Draft> draft() {
        List<Project> projects = Detection.of(files, bases);
        List<Remark> remarks = new ArrayList<>();
        for (String path : ComposeFile.find(files).stream().toList()) {
            try {
                ComposeFile compose = ComposeFile.read(files, path);
                boolean more = compose.root().node("services").names().size() > projects.size();
                Optional<Draft> draft = path.contains("/") && !more
                        ? Optional.empty()
                        : new ComposeDrafting(files, projects, origin, compose).draft();
                if (draft.isPresent()) {
                    return draft;
                }
            } catch (ComposeFile.Unreadable e) {
                remarks.add(Remark.of(Code.UNREADABLE, path, String.valueOf(e.getMessage())));
            }
        }
        if (projects.isEmpty()) {
            return Optional.empty();
        }
        String name = Names.ofRepository(origin.url(), origin.folder());
        Names names = new Names();
        Map<String, Project> named = new LinkedHashMap<>();
        projects.forEach(project -> named.put(names.unique(project.name().isEmpty() ? name : project.name()), project));
        Proposal proposal = new Proposal(name, List.of());
        add(proposal, files, origin, named, Set.of());
        return Optional.of(proposal.draft(remarks));
    }

    /**
     * Each a component.
     *
     * @param named by the names that they get
     * @param others components besides, that may be called too
     */
    static void add(
            Proposal proposal, RepositoryFiles files, Origin origin, Map<String, Project> named, Set<String> others) {
        Set<String> all = new LinkedHashSet<>(others);
        all.addAll(named.keySet());
        Edges edges = new Edges(files, all);
        Map<String, ComponentDraft> drafts = new LinkedHashMap<>();
        named.forEach((component, project) -> {
            ComponentDraft draft = new ComponentDraft(component).projected(project);
            draft.source = origin.source(project.context(), build(project, named.values()));
            drafts.put(component, draft);
        });
        named.forEach((component, project) -> edges.of(component, project).forEach(call -> {
            ComponentDraft other = drafts.get(call.other());
            // Where it tells a port of its own, another one is that of a Service before it.
            if (other != null && other.ports.isEmpty()) {
                other.calledAt(call.port(), call.file());
            }
            ComponentDraft draft = Objects.requireNonNull(drafts.get(component));
            draft.dependsOn(call.other(), Edges.LINKED);
            draft.remarks.add(Remark.of(Code.EDGE, call.other(), call.file()));
        }));
        drafts.forEach((component, draft) ->
                proposal.add(draft, part(component, Objects.requireNonNull(named.get(component)))));
    }

    static Part part(String component, Project project) {
        String own = project.dockerfile();
        return new Part(
                component,
                project.folder(),
                project.kind(),
                project.saw(),
                own == null
                        ? Remark.of(
                                Code.GENERATED,
                                project.kind().word(),
                                project.saw().get(0).toString())
                        : Remark.of(Code.DOCKERFILE, Paths.join(project.context(), own)),
                project.alternatives(),
                own == null ? project.generated() : null,
                List.of());
    }

    /** A Dockerfile stands in the document only where the plan would not find the same one by itself. */
    static Source.Build build(Project project, Collection<Project> all) {
        String own = project.dockerfile();
        if (own != null) {
            return Builds.dockerfile(own);
        }
        List<Project> sameContext = all.stream()
                .filter(other -> other.context().equals(project.context()) && other.dockerfile() == null)
                .toList();
        boolean found = project.folder().equals(project.context()) || sameContext.size() == 1;
        return found
                ? Builds.auto()
                : Builds.inline(Optional.ofNullable(project.generated()).orElse(""));
    }
}
