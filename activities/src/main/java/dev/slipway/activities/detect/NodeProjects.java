package dev.slipway.activities.detect;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.slipway.activities.detect.Project.Kind;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Node: servers that are started, and front ends that are built once and then only served. */
final class NodeProjects {
    private static final String PACKAGE = "package.json";
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Pattern PLAIN_START = Pattern.compile("node\\s+([A-Za-z0-9_./-]{1,200})");
    /** What makes a front end -> where it leaves it. */
    private static final Map<String, String> FRONT_ENDS = new LinkedHashMap<>();
    /** What answers requests itself, though it may build a front end too. */
    private static final List<String> SERVERS = List.of(
            "express",
            "koa",
            "fastify",
            "@nestjs/core",
            "@hapi/hapi",
            "next",
            "nuxt",
            "@remix-run/serve",
            "restify",
            "@grpc/grpc-js");

    static {
        FRONT_ENDS.put("react-scripts", "build");
        FRONT_ENDS.put("@angular/cli", "dist");
        FRONT_ENDS.put("@vue/cli-service", "dist");
        FRONT_ENDS.put("vite", "dist");
        FRONT_ENDS.put("gatsby", "public");
        FRONT_ENDS.put("parcel", "dist");
        FRONT_ENDS.put("webpack", "dist");
    }

    /** How packages come in: by the file that pins them. */
    private enum Packages {
        NPM("package-lock.json", "npm ci", "npm run build", "npm prune --omit=dev"),
        SHRINKWRAP("npm-shrinkwrap.json", "npm ci", "npm run build", "npm prune --omit=dev"),
        YARN("yarn.lock", "corepack enable && yarn install --frozen-lockfile", "yarn build", ""),
        PNPM("pnpm-lock.yaml", "corepack enable && pnpm install --frozen-lockfile", "pnpm build", "pnpm prune --prod"),
        UNPINNED("", "npm install", "npm run build", "npm prune --omit=dev");

        final String lock;
        final String install;
        final String build;
        final String prune;

        Packages(String lock, String install, String build, String prune) {
            this.lock = lock;
            this.install = install;
            this.build = build;
            this.prune = prune;
        }
    }

    private final RepositoryFiles files;
    private final Bases bases;

    private NodeProjects(RepositoryFiles files, Bases bases) {
        this.files = files;
        this.bases = bases;
    }

    static List<Project> in(RepositoryFiles files, Bases bases) {
        NodeProjects all = new NodeProjects(files, bases);
        List<Project> projects = new ArrayList<>();
        files.foldersOf(PACKAGE).forEach(folder -> all.project(folder).ifPresent(projects::add));
        return projects;
    }

    private Optional<Project> project(String folder) {
        JsonNode json;
        try {
            json = JSON.readTree(files.text(Paths.join(folder, PACKAGE)));
        } catch (JsonProcessingException e) {
            return Optional.empty();
        }
        if (json == null || !json.isObject()) {
            return Optional.empty();
        }
        String file = Paths.join(folder, PACKAGE);
        Packages packages = Stream.of(Packages.values())
                .filter(one -> one.lock.isEmpty() || files.has(Paths.join(folder, one.lock)))
                .findFirst()
                .orElse(Packages.UNPINNED);
        boolean builds = !json.at("/scripts/build").asText().isBlank();
        boolean serves = SERVERS.stream()
                .anyMatch(name -> !json.at("/dependencies").path(name).isMissingNode());
        Optional<String> front =
                FRONT_ENDS.keySet().stream().filter(name -> depends(json, name)).findFirst();
        String name = Paths.name(folder);
        if (builds && !serves && front.isPresent()) {
            List<Seen> saw = List.of(
                    new Seen(file, front.get()),
                    new Seen(file, "scripts.build: " + json.at("/scripts/build").asText()));
            String output = FRONT_ENDS.getOrDefault(front.get(), "dist");
            return Optional.of(Project.generated(
                    Kind.NODE_STATIC,
                    name,
                    folder,
                    folder,
                    front(folder, packages, output),
                    saw,
                    List.of(StaticSites.PORT)));
        }
        List<String> command = command(folder, json);
        boolean ofPhones = depends(json, "react-native") || depends(json, "expo");
        if (command.isEmpty() || ofPhones) {
            return Optional.empty();
        }
        String start = json.at("/scripts/start").asText();
        List<Seen> saw = new ArrayList<>();
        saw.add(new Seen(
                file, start.isBlank() ? "main: " + command.get(command.size() - 1) : "scripts.start: " + start));
        if (!packages.lock.isEmpty()) {
            saw.add(Seen.file(Paths.join(folder, packages.lock)));
        }
        String entry = command.get(0).equals("node") ? files.text(Paths.join(folder, command.get(1))) : "";
        List<Integer> ports = Stream.concat(
                        Ports.inCode(entry).stream(),
                        depends(json, "next") || depends(json, "nuxt") ? Stream.of(3000) : Stream.empty())
                .toList();
        return Optional.of(Project.generated(
                Kind.NODE, name, folder, folder, server(folder, packages, builds, command, ports), saw, ports));
    }

    private static boolean depends(JsonNode json, String name) {
        return !json.path("dependencies").path(name).isMissingNode()
                || !json.path("devDependencies").path(name).isMissingNode();
    }

    /** Without npm in between where that is possible: it passes no signals on. Empty: there is nothing to start. */
    private List<String> command(String folder, JsonNode json) {
        String start = json.at("/scripts/start").asText().strip();
        Matcher plain = PLAIN_START.matcher(start);
        if (plain.matches()) {
            return List.of("node", plain.group(1));
        }
        if (!start.isEmpty()) {
            return List.of("npm", "start");
        }
        return Stream.of(json.path("main").asText(), "server.js", "index.js", "app.js")
                .filter(main -> PLAIN_START.matcher("node " + main).matches())
                .filter(main -> Paths.resolve(folder, main).filter(files::has).isPresent())
                .findFirst()
                .map(main -> List.of("node", main))
                .orElse(List.of());
    }

    private DockerfileText installed(String folder, Packages packages) {
        DockerfileText text = new DockerfileText().stage(bases.node(), "build").line("WORKDIR /app");
        if (vendored(folder)) {
            return text.line("COPY . .");
        }
        text.copyAll(Stream.of(PACKAGE, packages.lock, ".npmrc", ".yarnrc.yml", "pnpm-workspace.yaml")
                .filter(one -> !one.isEmpty() && files.has(Paths.join(folder, one)))
                .toList());
        return text.line("RUN " + packages.install).line("COPY . .");
    }

    private boolean vendored(String folder) {
        return files.hasVendored(Paths.join(folder, "node_modules"));
    }

    private String server(String folder, Packages packages, boolean builds, List<String> command, List<Integer> ports) {
        DockerfileText text = installed(folder, packages);
        if (builds) {
            text.line("RUN " + packages.build);
        }
        if (!vendored(folder) && !packages.prune.isEmpty()) {
            text.line("RUN " + packages.prune);
        }
        text.stage(bases.node(), "").line("WORKDIR /app").line("ENV NODE_ENV=production");
        if (!ports.isEmpty()) {
            text.line("ENV PORT=" + ports.get(0));
        }
        return text.line("COPY --from=build /app ./").runs(ports, command);
    }

    private String front(String folder, Packages packages, String output) {
        DockerfileText text = installed(folder, packages)
                .line("RUN " + packages.build + " \\")
                .line("    && cp -r \"$(dirname \"$(find " + output + " -name index.html | head -n 1)\")\" /site");
        return StaticSites.served(text, bases, "COPY --from=build /site /srv");
    }
}
