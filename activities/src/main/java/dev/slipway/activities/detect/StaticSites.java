package dev.slipway.activities.detect;

import dev.slipway.activities.detect.Project.Kind;
import java.util.ArrayList;
import java.util.List;

/** Files that are only served, by an nginx that needs no right and writes nowhere but below {@code /tmp}. */
final class StaticSites {
    static final int PORT = 8080;

    private static final String INDEX = "index.html";
    private static final List<String> CONFIGURATION = List.of(
            "pid /tmp/nginx.pid;",
            "error_log /dev/stderr;",
            "events {}",
            "http {",
            "  include /etc/nginx/mime.types;",
            "  access_log /dev/stdout;",
            "  client_body_temp_path /tmp/body;",
            "  proxy_temp_path /tmp/proxy;",
            "  fastcgi_temp_path /tmp/fastcgi;",
            "  uwsgi_temp_path /tmp/uwsgi;",
            "  scgi_temp_path /tmp/scgi;",
            "  server {",
            "    listen " + PORT + ";",
            "    root /srv;",
            "    location / { try_files $uri $uri/ /index.html; }",
            "  }",
            "}");

    private StaticSites() {}

    static List<Project> in(RepositoryFiles files, Bases bases) {
        List<Project> projects = new ArrayList<>();
        for (String folder : files.foldersOf(INDEX)) {
            projects.add(Project.generated(
                    Kind.STATIC,
                    Paths.name(folder),
                    folder,
                    folder,
                    served(new DockerfileText(), bases, "COPY . /srv"),
                    List.of(Seen.file(Paths.join(folder, INDEX))),
                    List.of(PORT)));
        }
        return projects;
    }

    /** @param copy the instruction that brings the files to {@code /srv} */
    static String served(DockerfileText text, Bases bases, String copy) {
        text.stage(bases.web(), "");
        text.line("RUN printf '%s\\n' \\");
        CONFIGURATION.forEach(line -> text.line("    '" + line + "' \\"));
        text.line("    > /etc/nginx/nginx.conf");
        return text.line(copy).runs(List.of(PORT), List.of("nginx", "-g", "daemon off;"));
    }
}
