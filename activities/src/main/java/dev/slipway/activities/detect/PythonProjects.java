package dev.slipway.activities.detect;

import dev.slipway.activities.detect.Project.Kind;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Python: what is installed by its files, and what is started by its names and by what it imports. */
final class PythonProjects {
    private static final String REQUIREMENTS = "requirements.txt";
    private static final String PYPROJECT = "pyproject.toml";
    private static final Pattern APP = Pattern.compile(
            "(?m)^([A-Za-z_][A-Za-z0-9_]{0,60})\\s*=\\s*(?:\\w+\\.)?(FastAPI|Starlette|Flask|Quart)\\(");
    private static final Pattern STARTS = Pattern.compile("__name__\\s*==\\s*[\"']__main__[\"']");
    private static final List<String> NAMES = List.of(
            "app.py",
            "main.py",
            "server.py",
            "run.py",
            "wsgi.py",
            "asgi.py",
            "app/main.py",
            "src/main.py",
            "src/app.py",
            "app/__init__.py");

    private final RepositoryFiles files;
    private final Bases bases;

    private PythonProjects(RepositoryFiles files, Bases bases) {
        this.files = files;
        this.bases = bases;
    }

    static List<Project> in(RepositoryFiles files, Bases bases) {
        PythonProjects all = new PythonProjects(files, bases);
        TreeSet<String> folders = new TreeSet<>(files.foldersOf(REQUIREMENTS));
        folders.addAll(files.foldersOf(PYPROJECT));
        return folders.stream().flatMap(folder -> all.project(folder).stream()).toList();
    }

    /** @param command {@code PORT} stands in no shell, so that the port is written out */
    private record Start(String file, String what, List<String> command, List<Integer> ports) {}

    private Optional<Project> project(String folder) {
        boolean requirements = files.has(Paths.join(folder, REQUIREMENTS));
        String file = Paths.join(folder, requirements ? REQUIREMENTS : PYPROJECT);
        String wanted = (files.text(Paths.join(folder, REQUIREMENTS)) + "\n"
                        + files.text(Paths.join(folder, PYPROJECT)))
                .toLowerCase(Locale.ROOT);
        return start(folder, wanted).map(start -> {
            List<Seen> saw = new ArrayList<>();
            saw.add(new Seen(
                    file,
                    Stream.of("django", "fastapi", "flask", "uvicorn", "gunicorn", "grpcio")
                            .filter(name -> wants(wanted, name))
                            .reduce((one, other) -> one + ", " + other)
                            .orElse("")));
            saw.add(new Seen(start.file(), start.what()));
            return Project.generated(
                    Kind.PYTHON,
                    Paths.name(folder),
                    folder,
                    folder,
                    text(folder, requirements, start),
                    saw,
                    start.ports());
        });
    }

    private Optional<Start> start(String folder, String wanted) {
        boolean gunicorn = wants(wanted, "gunicorn");
        if (files.has(Paths.join(folder, "manage.py"))) {
            String file = Paths.join(folder, "manage.py");
            Optional<String> wsgi = files.below(folder).stream()
                    .filter(path -> Paths.name(path).equals("wsgi.py")
                            && Paths.folder(Paths.folder(path)).equals(folder))
                    .findFirst()
                    .map(path -> Paths.name(Paths.folder(path)) + ".wsgi");
            List<String> command = gunicorn && wsgi.isPresent()
                    ? List.of("gunicorn", "--bind", "0.0.0.0:8000", wsgi.get())
                    : List.of("python", "manage.py", "runserver", "0.0.0.0:8000");
            return Optional.of(new Start(file, "Django", command, List.of(8000)));
        }
        return candidates(folder)
                .flatMap(file -> start(folder, file, wanted).stream())
                .findFirst();
    }

    private Stream<String> candidates(String folder) {
        List<String> here = files.in(folder).stream()
                .filter(path -> path.endsWith(".py") && !path.endsWith("setup.py"))
                .toList();
        return Stream.concat(
                        NAMES.stream().map(name -> Paths.join(folder, name)).filter(files::has),
                        here.stream()
                                .sorted(Comparator.comparing(
                                        path -> !Paths.name(path).contains("server")))
                                .limit(20))
                .distinct();
    }

    private Optional<Start> start(String folder, String file, String wanted) {
        String text = files.text(file);
        String module =
                Paths.from(folder, file).replaceFirst("(/__init__)?[.]py$", "").replace('/', '.');
        Matcher app = APP.matcher(text);
        boolean starts = STARTS.matcher(text).find();
        if (app.find()) {
            String name = module + ":" + app.group(1);
            boolean async = !app.group(2).equals("Flask");
            if (async && wants(wanted, "uvicorn") || async && wants(wanted, "fastapi")) {
                return Optional.of(new Start(
                        file,
                        app.group(2),
                        List.of("uvicorn", "--host", "0.0.0.0", "--port", "8000", name),
                        List.of(8000)));
            }
            if (!async && wants(wanted, "gunicorn")) {
                return Optional.of(new Start(
                        file, app.group(2), List.of("gunicorn", "--bind", "0.0.0.0:8000", name), List.of(8000)));
            }
            if (!async && !starts) {
                return Optional.of(new Start(
                        file,
                        app.group(2),
                        List.of("python", "-m", "flask", "--app", name, "run", "--host", "0.0.0.0", "--port", "5000"),
                        List.of(5000)));
            }
        }
        List<Integer> ports = Ports.inCode(text);
        return starts
                ? Optional.of(new Start(file, "__main__", List.of("python", Paths.from(folder, file)), ports))
                : Optional.empty();
    }

    private static boolean wants(String wanted, String name) {
        return Pattern.compile("(?<![a-z0-9_-])" + name + "(?![a-z0-9_-])")
                .matcher(wanted)
                .find();
    }

    private String text(String folder, boolean requirements, Start start) {
        DockerfileText text = new DockerfileText()
                .stage(bases.python(), "build")
                .line("RUN python -m venv /venv")
                .line("ENV PATH=/venv/bin:$PATH")
                .line("WORKDIR /app");
        if (requirements) {
            text.copyAll(files.in(folder).stream()
                            .map(Paths::name)
                            .filter(name -> name.matches("(requirements|constraints).*[.]txt"))
                            .toList())
                    .line("RUN pip install --no-cache-dir -r " + REQUIREMENTS)
                    .line("COPY . .");
        } else if (files.has(Paths.join(folder, "poetry.lock"))) {
            text.line("COPY pyproject.toml poetry.lock ./")
                    .line(
                            "RUN pip install --no-cache-dir poetry && poetry install --only main --no-root --no-interaction")
                    .line("COPY . .");
        } else if (files.has(Paths.join(folder, "uv.lock"))) {
            text.line("COPY pyproject.toml uv.lock ./")
                    .line(
                            "RUN pip install --no-cache-dir uv && UV_PROJECT_ENVIRONMENT=/venv uv sync --frozen --no-dev --no-install-project")
                    .line("COPY . .");
        } else {
            // What it needs is told by the package itself, which has to be there to be asked.
            text.line("COPY . .").line("RUN pip install --no-cache-dir .");
        }
        return text.stage(bases.python(), "")
                .line("ENV PATH=/venv/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1")
                .line("WORKDIR /app")
                .line("COPY --from=build /venv /venv")
                .line("COPY --from=build /app ./")
                .runs(start.ports(), start.command());
    }
}
