package dev.slipway.activities.detect;

import dev.slipway.activities.detect.Project.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Gradle: its files are programs, so that only their plain words are looked at. */
final class GradleProjects {
    private static final List<String> NAMES = List.of("build.gradle", "build.gradle.kts");
    private static final List<String> SETTINGS =
            List.of("settings.gradle", "settings.gradle.kts", "gradle.properties", "gradle/libs.versions.toml");
    private static final Pattern MAIN =
            Pattern.compile("main(?:Class|ClassName)(?:\\.set\\(|\\s*+=|\\s++)\\s*+[\"']([A-Za-z0-9_.$]{1,200})[\"']");
    private static final Pattern SPRING = Pattern.compile("org\\.springframework\\.boot[\"')]");
    private static final Pattern SHADOW = Pattern.compile("(?:com\\.github\\.johnrengelman|com\\.gradleup)\\.shadow");
    private static final Pattern APPLICATION =
            Pattern.compile("[\"'`(]application[\"'`)]|^[ \\t]*+application\\s*[{\\n]", Pattern.MULTILINE);

    private final RepositoryFiles files;
    private final Bases bases;

    private GradleProjects(RepositoryFiles files, Bases bases) {
        this.files = files;
        this.bases = bases;
    }

    static List<Project> in(RepositoryFiles files, Bases bases) {
        GradleProjects all = new GradleProjects(files, bases);
        List<Project> projects = new ArrayList<>();
        for (String name : NAMES) {
            files.foldersOf(name)
                    .forEach(folder ->
                            all.project(folder, Paths.join(folder, name)).ifPresent(projects::add));
        }
        return projects;
    }

    private Optional<Project> project(String folder, String file) {
        String build = files.text(file);
        Matcher named = MAIN.matcher(build);
        Optional<JavaSources.Main> main = JavaSources.main(files, folder);
        String mainClass =
                named.find() ? named.group(1) : main.map(JavaSources.Main::type).orElse("");
        boolean spring = SPRING.matcher(build).find() && main.isPresent();
        boolean shadow = SHADOW.matcher(build).find();
        boolean application = APPLICATION.matcher(build).find();
        if (!spring && (!shadow && !application || !JavaSources.isClass(mainClass))) {
            return Optional.empty();
        }
        String plugin = spring ? "org.springframework.boot" : shadow ? "shadow" : "application";
        List<Seen> saw = new ArrayList<>(List.of(new Seen(file, plugin)));
        main.ifPresent(found -> saw.add(new Seen(found.file(), "static void main")));
        String top = top(folder);
        List<Integer> ports = Ports.ofSpring(files, folder, spring);
        return Optional.of(Project.generated(
                Kind.GRADLE,
                Paths.name(folder),
                folder,
                top,
                text(top, folder, file, spring, shadow, mainClass, ports),
                saw,
                ports));
    }

    /** The nearest folder above that has settings, and so is the whole build. */
    private String top(String folder) {
        for (String at = folder; ; at = Paths.folder(at)) {
            if (files.has(Paths.join(at, SETTINGS.get(0))) || files.has(Paths.join(at, SETTINGS.get(1)))) {
                return at;
            }
            if (at.isEmpty()) {
                return folder;
            }
        }
    }

    private String text(
            String top,
            String folder,
            String file,
            boolean spring,
            boolean shadow,
            String mainClass,
            List<Integer> ports) {
        boolean wrapper = files.has(Paths.join(top, "gradlew")) && files.hasFolder(Paths.join(top, "gradle/wrapper"));
        String module = Paths.from(top, folder);
        String project = module.isEmpty() ? "" : ":" + module.replace('/', ':') + ":";
        String gradle = (wrapper ? "sh ./gradlew" : "gradle") + " --no-daemon ";
        DockerfileText text = new DockerfileText()
                .stage(wrapper ? bases.jdk() : bases.gradle(), "build")
                .line("WORKDIR /src");
        if (wrapper) {
            text.line("COPY gradlew ./").line("COPY gradle gradle");
        }
        List<String> first = new ArrayList<>();
        SETTINGS.stream()
                .filter(name -> files.has(Paths.join(top, name)) && !(wrapper && name.startsWith("gradle/")))
                .forEach(first::add);
        NAMES.stream().filter(name -> files.has(Paths.join(top, name))).forEach(first::add);
        if (!module.isEmpty()) {
            first.add(Paths.from(top, file));
        }
        text.copyAll(first);
        text.line("RUN " + gradle + project + "dependencies --configuration runtimeClasspath");
        text.line("COPY . .");
        String built = Paths.join(module, "build");
        if (spring || shadow) {
            String names = spring ? "*.jar" : "*-all.jar";
            text.line("RUN " + gradle + project + (spring ? "bootJar" : "shadowJar") + " -x test \\");
            text.line("    && mkdir /out && " + JavaSources.pick(built + "/libs", names) + " /out/app.jar");
            return text.stage(bases.jre(), "")
                    .line("WORKDIR /app")
                    .line("COPY --from=build /out ./")
                    .runs(
                            ports,
                            spring ? List.of("java", "-jar", "app.jar") : List.of("java", "-cp", "app.jar", mainClass));
        }
        text.line("RUN " + gradle + project + "installDist -x test \\");
        text.line("    && mkdir /out && cp -r " + built + "/install/*/lib /out/lib");
        return text.stage(bases.jre(), "")
                .line("WORKDIR /app")
                .line("COPY --from=build /out ./")
                .runs(ports, List.of("java", "-cp", "lib/*", mainClass));
    }
}
