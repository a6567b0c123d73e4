package dev.slipway.activities.detect;

import dev.slipway.activities.detect.Project.Alternative;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiFunction;

/** What a repository holds. Pure, and no text of a stranger makes it throw. */
public final class Detection {
    /** What is looked for, for people who are told that none of it is there. */
    public static final String LOOKED_FOR =
            "Dockerfile, pom.xml, build.gradle, go.mod, requirements.txt, pyproject.toml,"
                    + " package.json, index.html, *.jar";

    private static final int MOST = 200;

    /** In this order: of a folder that is several things the first decides. */
    private static final List<BiFunction<RepositoryFiles, Bases, List<Project>>> KINDS = List.of(
            MavenProjects::in,
            GradleProjects::in,
            GoProjects::in,
            PythonProjects::in,
            NodeProjects::in,
            StaticSites::in,
            Jars::in);

    private Detection() {}

    /** Everything that can be built and run, by folder; at most {@value #MOST}. */
    public static List<Project> of(RepositoryFiles files, Bases bases) {
        Map<String, Project> found = new LinkedHashMap<>();
        for (BiFunction<RepositoryFiles, Bases, List<Project>> kind : KINDS) {
            for (Project project : sorted(kind.apply(files, bases))) {
                Project first = found.get(project.folder());
                if (first != null) {
                    Alternative other =
                            new Alternative(project.kind(), project.saw().get(0).file());
                    found.put(project.folder(), first.or(List.of(other)));
                } else if (!belongs(project, found)) {
                    found.put(project.folder(), project);
                }
            }
        }
        Dockerfiles dockerfiles = new Dockerfiles(files);
        dockerfiles.byFolder().forEach((folder, some) -> {
            Project known = found.get(folder);
            boolean tool =
                    known == null && Paths.upwards(folder).anyMatch(one -> !one.isEmpty() && found.containsKey(one));
            if (!tool) {
                found.put(folder, known == null ? dockerfiles.project(some) : dockerfiles.project(some, known));
            }
        });
        return sorted(found.values()).stream().limit(MOST).toList();
    }

    private static List<Project> sorted(Collection<Project> projects) {
        return projects.stream()
                .sorted(Comparator.comparing(Project::folder).thenComparing(Project::name))
                .toList();
    }

    /** Pages and jars within something that is built are part of it. */
    private static boolean belongs(Project project, Map<String, Project> found) {
        return switch (project.kind()) {
            case STATIC, JAR -> Paths.upwards(project.folder()).anyMatch(found::containsKey);
            case MAVEN, GRADLE, GO, PYTHON, NODE, NODE_STATIC, DOCKERFILE -> false;
        };
    }

    /**
     * What is built from the whole of the files, so from their root.
     *
     * @return empty: nothing is; more than one: a person has to say which
     */
    public static List<Project> buildable(RepositoryFiles files, Bases bases) {
        List<Project> all = of(files, bases).stream()
                .filter(project -> project.context().isEmpty() && project.generated() != null)
                .toList();
        Optional<Project> root =
                all.stream().filter(project -> project.folder().isEmpty()).findFirst();
        return root.map(List::of).orElse(all);
    }
}
