package dev.slipway.activities.detect;

import dev.slipway.activities.detect.Project.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Go: every package {@code main} of a module is a program. */
final class GoProjects {
    private static final String MODULE = "go.mod";
    private static final int MOST_PROGRAMS = 50;
    private static final Pattern NAME = Pattern.compile("(?m)^module\\s+(\\S{1,300})");
    private static final Pattern MAIN = Pattern.compile("(?m)^package\\s+main\\b");
    private static final Pattern IGNORED = Pattern.compile("(?m)^//(go:build|\\s*\\+build)\\s+ignore\\b");
    /** What programs read beside themselves, where they keep such a folder. */
    private static final List<String> DATA =
            List.of("assets", "config", "data", "migrations", "public", "static", "templates", "views", "web");

    private final RepositoryFiles files;
    private final Bases bases;

    private GoProjects(RepositoryFiles files, Bases bases) {
        this.files = files;
        this.bases = bases;
    }

    static List<Project> in(RepositoryFiles files, Bases bases) {
        GoProjects all = new GoProjects(files, bases);
        Set<String> modules = Set.copyOf(files.foldersOf(MODULE));
        // Folder of a package -> its first file, by module.
        Map<String, Map<String, String>> packages = new TreeMap<>();
        for (String path : files.paths()) {
            if (path.endsWith(".go") && !path.endsWith("_test.go") && !path.contains("vendor/")) {
                Paths.upwards(Paths.folder(path))
                        .filter(modules::contains)
                        .findFirst()
                        .ifPresent(module -> packages.computeIfAbsent(module, key -> new TreeMap<>())
                                .merge(Paths.folder(path), path, all::better));
            }
        }
        List<Project> projects = new ArrayList<>();
        packages.forEach((module, sources) -> projects.addAll(all.programs(module, sources)));
        return projects;
    }

    /** Of two files of a package the one to look at. */
    private String better(String one, String other) {
        return Paths.name(other).equals("main.go") ? other : one;
    }

    private List<Project> programs(String module, Map<String, String> sources) {
        List<String> mains = sources.keySet().stream()
                .filter(folder -> {
                    String text = files.text(Objects.requireNonNull(sources.get(folder)));
                    return MAIN.matcher(text).find() && !IGNORED.matcher(text).find();
                })
                .limit(MOST_PROGRAMS)
                .toList();
        // The program of a module with one at its root is that one; others beside it are its tools.
        return mains.stream()
                .filter(folder -> !mains.contains(module) || folder.equals(module))
                .map(folder -> project(module, folder, Objects.requireNonNull(sources.get(folder))))
                .toList();
    }

    private Project project(String module, String folder, String file) {
        Matcher named = NAME.matcher(files.text(Paths.join(module, MODULE)));
        String own = named.find() ? named.group(1).replaceFirst("/v\\d+$", "") : "";
        List<Seen> saw = new ArrayList<>(
                List.of(new Seen(Paths.join(module, MODULE), "module " + own), new Seen(file, "package main")));
        boolean vendored = files.hasVendored(Paths.join(module, "vendor"));
        if (vendored) {
            saw.add(Seen.file(Paths.join(module, "vendor/")));
        }
        List<Integer> ports = Ports.inCode(files.text(file));
        String program = Paths.from(module, folder);
        DockerfileText text = new DockerfileText().stage(bases.go(), "build").line("WORKDIR /src");
        if (!vendored) {
            text.copyAll(Stream.of(MODULE, "go.sum")
                            .filter(one -> files.has(Paths.join(module, one)))
                            .toList())
                    .line("RUN go mod download");
        }
        text.line("COPY . .")
                .line("RUN CGO_ENABLED=0 go build -trimpath " + (vendored ? "-mod=vendor " : "") + "-o /out/app ./"
                        + program)
                .stage(bases.goRuntime(), "")
                .line("WORKDIR /app")
                .line("COPY --from=build /out/app ./");
        DATA.stream()
                .filter(data -> files.hasFolder(Paths.join(module, data)))
                .forEach(data -> text.line("COPY --from=build /src/" + data + " ./" + data));
        String name = folder.equals(module)
                ? (module.isEmpty() ? own.substring(own.lastIndexOf('/') + 1) : Paths.name(module))
                : Paths.name(folder);
        return Project.generated(Kind.GO, name, folder, module, text.runs(ports, List.of("/app/app")), saw, ports);
    }
}
