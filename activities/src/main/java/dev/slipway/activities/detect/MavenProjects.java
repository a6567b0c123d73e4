package dev.slipway.activities.detect;

import dev.slipway.activities.detect.Project.Kind;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/** Maven: of a multi-module build those modules that run, each built with whatever it needs beside it. */
final class MavenProjects {
    private static final String POM = "pom.xml";
    /** Plugins that make a jar which runs by itself. */
    private static final List<String> PACKERS =
            List.of("spring-boot-maven-plugin", "quarkus-maven-plugin", "maven-shade-plugin", "maven-assembly-plugin");

    private final RepositoryFiles files;
    private final Bases bases;
    /** By folder. */
    private final Map<String, Pom> poms = new TreeMap<>();
    /** Folder of a module -> folder of the pom that names it. */
    private final Map<String, String> parents = new LinkedHashMap<>();

    private MavenProjects(RepositoryFiles files, Bases bases) {
        this.files = files;
        this.bases = bases;
        files.foldersOf(POM)
                .forEach(folder ->
                        Pom.parse(files.text(Paths.join(folder, POM))).ifPresent(pom -> poms.put(folder, pom)));
        poms.forEach((folder, pom) -> pom.modules()
                .forEach(module -> Paths.resolve(folder, module)
                        .filter(path -> poms.containsKey(path) && !path.equals(folder) && Paths.isBelow(path, folder))
                        .ifPresent(path -> parents.putIfAbsent(path, folder))));
    }

    static List<Project> in(RepositoryFiles files, Bases bases) {
        MavenProjects all = new MavenProjects(files, bases);
        List<Project> projects = new ArrayList<>();
        all.poms.keySet().forEach(folder -> all.project(folder).ifPresent(projects::add));
        return projects;
    }

    private Optional<Project> project(String folder) {
        Pom pom = poms.get(folder);
        if (pom == null || !pom.packaging().equals("jar") && !pom.packaging().equals("war")) {
            return Optional.empty();
        }
        List<Seen> saw = new ArrayList<>();
        Set<String> plugins = plugins(folder);
        Optional<String> packer = PACKERS.stream().filter(plugins::contains).findFirst();
        Optional<JavaSources.Main> main = packer.isPresent() || pom.packaging().equals("war")
                ? Optional.empty()
                : JavaSources.main(files, folder);
        if (packer.isPresent()
                && JavaSources.main(files, folder).isEmpty()
                && pom.mainClass().isEmpty()
                && !packer.get().equals("quarkus-maven-plugin")) {
            return Optional.empty(); // it inherits the plugin, but there is nothing to start: a library
        }
        if (packer.isEmpty() && main.isEmpty() && !JavaSources.isClass(pom.mainClass())) {
            return Optional.empty();
        }
        saw.add(new Seen(Paths.join(folder, POM), packer.orElse(pom.artifactId())));
        main.ifPresent(found -> saw.add(new Seen(found.file(), "static void main")));
        String top = top(folder);
        String mainClass = JavaSources.isClass(pom.mainClass())
                ? pom.mainClass()
                : main.map(JavaSources.Main::type).orElse("");
        List<Integer> ports = Ports.ofSpring(files, folder, plugins.contains(PACKERS.get(0)));
        return Optional.of(Project.generated(
                Kind.MAVEN,
                folder.isEmpty() ? pom.artifactId() : Paths.name(folder),
                folder,
                top,
                text(top, folder, packer.orElse(""), mainClass, ports),
                saw,
                ports));
    }

    private String top(String folder) {
        String top = folder;
        while (parents.containsKey(top)) {
            top = parents.get(top);
        }
        return top;
    }

    /** Its own, and those of the poms above that it is a module of. */
    private Set<String> plugins(String folder) {
        Set<String> plugins = new LinkedHashSet<>();
        for (Optional<String> at = Optional.of(folder);
                at.isPresent();
                at = Optional.ofNullable(parents.get(at.get()))) {
            Optional.ofNullable(poms.get(at.get())).ifPresent(pom -> plugins.addAll(pom.plugins()));
        }
        return plugins;
    }

    private String text(String top, String folder, String packer, String mainClass, List<Integer> ports) {
        boolean wrapper = files.has(Paths.join(top, "mvnw")) && files.hasFolder(Paths.join(top, ".mvn"));
        String module = Paths.from(top, folder);
        String mvn = (wrapper ? "sh ./mvnw" : "mvn") + " -B -ntp" + (module.isEmpty() ? "" : " -pl " + module + " -am");
        DockerfileText text = new DockerfileText()
                .stage(wrapper ? bases.jdk() : bases.maven(), "build")
                .line("WORKDIR /src");
        if (wrapper) {
            text.line("COPY mvnw ./").line("COPY .mvn .mvn");
        }
        List<String> all = poms.keySet().stream()
                .filter(one -> top(one).equals(top))
                .map(one -> Paths.from(top, Paths.join(one, POM)))
                .toList();
        text.copyAll(all);
        // Modules that need one another are not there yet: what can be had is had.
        text.line("RUN " + mvn + " dependency:go-offline" + (all.size() > 1 ? " || true" : ""));
        text.line("COPY . .");
        String target = Paths.join(module, "target");
        if (packer.equals("quarkus-maven-plugin")) {
            text.line("RUN " + mvn + " package -DskipTests && cp -r " + target + "/quarkus-app /out");
            return text.stage(bases.jre(), "")
                    .line("WORKDIR /app")
                    .line("COPY --from=build /out ./")
                    .runs(ports, List.of("java", "-jar", "quarkus-run.jar"));
        }
        if (packer.isEmpty()) {
            text.line("RUN " + mvn + " package dependency:copy-dependencies -DskipTests -DincludeScope=runtime"
                    + " -DoutputDirectory=/out/lib \\");
            text.line("    && mkdir -p /out/lib && " + JavaSources.pick(target, "*.jar") + " /out/lib/app.jar");
            return text.stage(bases.jre(), "")
                    .line("WORKDIR /app")
                    .line("COPY --from=build /out ./")
                    .runs(ports, List.of("java", "-cp", "lib/*", mainClass));
        }
        text.line("RUN " + mvn + " package -DskipTests \\");
        text.line("    && mkdir /out && " + JavaSources.pick(target, "*.[jw]ar") + " /out/app.jar");
        return text.stage(bases.jre(), "")
                .line("WORKDIR /app")
                .line("COPY --from=build /out ./")
                .runs(ports, List.of("java", "-jar", "app.jar"));
    }
}
