package dev.slipway.activities.detect;

import dev.slipway.activities.detect.Draft.Part;
import dev.slipway.activities.detect.Remark.Code;
import dev.slipway.activities.git.GitRef;
import dev.slipway.workflows.application.Application;
import dev.slipway.workflows.application.ApplicationWriter;
import dev.slipway.workflows.application.Component;
import dev.slipway.workflows.application.Governance;
import dev.slipway.workflows.application.Metadata;
import dev.slipway.workflows.application.Source;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

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
        return projects.isEmpty() ? Optional.empty() : Optional.of(ofProjects(projects));
    }

    private Draft ofProjects(List<Project> projects) {
        String name = Names.ofRepository(origin.url(), origin.folder());
        Names names = new Names();
        Map<String, Project> named = new LinkedHashMap<>();
        projects.forEach(project -> named.put(names.unique(project.name().isEmpty() ? name : project.name()), project));
        List<Component> components = new ArrayList<>();
        List<Part> parts = new ArrayList<>();
        named.forEach((component, project) -> {
            List<Remark> remarks = new ArrayList<>();
            ComponentDraft draft = new ComponentDraft(component).projected(project, remarks);
            draft.source = origin.source(project.context(), build(project, projects));
            Edges.linked(files, project, component, named).forEach((other, file) -> {
                draft.dependsOn(other, Edges.LINKED);
                remarks.add(Remark.of(Code.EDGE, other, file));
            });
            components.add(draft.component());
            parts.add(part(component, project, remarks));
        });
        return new Draft(write(name, components), parts, List.of());
    }

    static Part part(String component, Project project, List<Remark> remarks) {
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
                remarks);
    }

    /** A Dockerfile stands in the document only where the plan would not find the same one by itself. */
    private static Source.Build build(Project project, List<Project> all) {
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

    static String write(String name, List<Component> components) {
        return ApplicationWriter.write(new Application(
                new Metadata(name, null, null, null), Governance.KUBERNETES, List.of(), components, List.of()));
    }
}
