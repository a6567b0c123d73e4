package dev.slipway.workflows.application;

import static dev.slipway.workflows.problem.ProblemCode.*;

import dev.slipway.workflows.application.yaml.Lines;
import dev.slipway.workflows.application.yaml.Notes;
import dev.slipway.workflows.application.yaml.Words;
import java.util.List;

/** What is wrong with where a component comes from: its image, or its repository and how it is built. */
final class SourceCheck {
    private final Remarks remarks;
    private final Notes notes;

    SourceCheck(Remarks remarks) {
        this.remarks = remarks;
        this.notes = remarks.notes();
    }

    void source(String path, Component c) {
        if (c.source() instanceof Source.Image image && !Formats.isImage(image.reference())) {
            remarks.value(
                    path + ".source.image", image.reference(), "postgres:18 | registry.example/shop/orders@sha256:…");
        }
        if (c.source() instanceof Source.Git git) {
            git(path + ".source", git);
        }
    }

    private void git(String path, Source.Git git) {
        if (git.url() != null && !Formats.isGitUrl(git.url())) {
            // Not shown: it may hold a password.
            remarks.value(
                    path + ".git", "…", ". | https://git.example/storefront.git | git@git.example:storefront.git");
        }
        remarks.conflictIf(git.branch() != null && git.tag() != null, path + ".tag", "tag", "branch");
        remarks.conflictIf(git.branch() != null && git.commit() != null, path + ".commit", "commit", "branch");
        remarks.conflictIf(git.tag() != null && git.commit() != null, path + ".commit", "commit", "tag");
        remarks.valueIf(
                git.branch() != null && !Formats.isGitRef(git.branch()), path + ".branch", git.branch(), "main");
        remarks.valueIf(git.tag() != null && !Formats.isGitRef(git.tag()), path + ".tag", git.tag(), "v1.0.0");
        remarks.valueIf(
                git.commit() != null && !Formats.isCommit(git.commit()),
                path + ".commit",
                git.commit(),
                "[0-9a-f]{40}");
        remarks.valueIf(
                !git.path().isEmpty() && !Formats.isRelativePath(git.path()),
                path + ".path",
                git.path(),
                "services/orders");
        Source.Build build = git.build();
        String at = path + ".build";
        String builder = "builder: " + Words.word(build.builder());
        boolean jib = build.builder() != Source.Builder.DOCKERFILE;
        boolean files = !build.layout().isEmpty() || !build.entrypoint().isEmpty();
        if (build.base() == null && (build.builder() == Source.Builder.JIB || jib && files)) {
            notes.note(DOC_MISSING, at + ".base", "field", "base", "example", "eclipse-temurin:17-jre");
        }
        remarks.conflictIf(!jib && build.base() != null, at + ".base", "base", builder);
        remarks.conflictIf(!jib && !build.layout().isEmpty(), at + ".layout", "layout", builder);
        remarks.conflictIf(!jib && !build.entrypoint().isEmpty(), at + ".entrypoint", "entrypoint", builder);
        remarks.conflictIf(
                build.builder() == Source.Builder.JIB && build.dockerfile() != null,
                at + ".dockerfile",
                "dockerfile",
                builder);
        inline(at, build);
        boolean composed = !build.byDockerfile();
        remarks.conflictIf(composed && build.target() != null, at + ".target", "target", "base");
        remarks.conflictIf(composed && !build.args().isEmpty(), at + ".args", "args", "base");
        remarks.conflictIf(composed && !build.secrets().isEmpty(), at + ".secrets", "secrets", "base");
        secrets(at + ".secrets", build.secrets());
        remarks.valueIf(
                build.base() != null && !Formats.isImage(build.base()),
                at + ".base",
                build.base(),
                "eclipse-temurin:17-jre");
        remarks.valueIf(
                build.dockerfile() != null && !Formats.isRelativePath(build.dockerfile()),
                at + ".dockerfile",
                build.dockerfile(),
                "Dockerfile");
        build.layout().forEach((target, source) -> {
            String entry = Lines.field(at + ".layout", target);
            remarks.valueIf(!target.equals("/") && !Formats.isAbsolutePath(target), entry, target, "/app: target/app");
            remarks.valueIf(!source.equals(".") && !Formats.isRelativePath(source), entry, source, "/app: target/app");
        });
    }

    private void inline(String at, Source.Build build) {
        String inline = build.dockerfileInline();
        if (inline == null) {
            return;
        }
        String field = at + ".dockerfileInline";
        remarks.valueIf(inline.isBlank(), field, "", "FROM eclipse-temurin:17-jre …");
        remarks.conflictIf(build.dockerfile() != null, field, "dockerfileInline", "dockerfile");
        remarks.conflictIf(
                build.builder() == Source.Builder.JIB,
                field,
                "dockerfileInline",
                "builder: " + Words.word(build.builder()));
        remarks.conflictIf(build.base() != null, field, "dockerfileInline", "base");
    }

    /** Parameters of type secret, by name. */
    private void secrets(String path, List<String> names) {
        List<String> known = remarks.application().parameters().stream()
                .filter(parameter -> parameter.type() == Parameter.Type.SECRET)
                .map(Parameter::name)
                .toList();
        for (int i = 0; i < names.size(); i++) {
            if (!known.contains(names.get(i))) {
                notes.alsoReference(path + "[" + i + "]", names.get(i), known);
            }
        }
    }
}
