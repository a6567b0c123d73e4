package dev.slipway.web.applications;

import dev.slipway.activities.detect.Draft;
import dev.slipway.activities.detect.Draft.Part;
import dev.slipway.activities.detect.Project.Alternative;
import dev.slipway.activities.detect.Remark;
import dev.slipway.activities.detect.Seen;
import dev.slipway.activities.git.GitRef;
import dev.slipway.web.shell.Page;
import dev.slipway.workflows.problem.Problem;
import dev.slipway.workflows.problem.ProblemCode;
import dev.slipway.workflows.problem.ProblemException;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.context.MessageSource;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** Proposals over the API. */
@RestController
@RequestMapping("/api/v1")
@Tag(name = "applications")
final class DraftApi {
    private final Drafts drafts;
    private final MessageSource messages;

    DraftApi(Drafts drafts, MessageSource messages) {
        this.drafts = drafts;
        this.messages = messages;
    }

    /**
     * What to look at; at most one of branch, tag, commit.
     *
     * @param path folder in the repository; {@code null}: all of it
     */
    record DraftRequest(
            @Nullable String git,
            @Nullable String branch,
            @Nullable String tag,
            @Nullable String commit,
            @Nullable String path) {}

    /**
     * A proposal; nothing is created.
     *
     * @param document {@code slipway.yaml}
     * @param remarks about the whole, in the reader's language
     */
    record DraftAnswer(String document, List<PartView> components, List<String> remarks) {}

    /**
     * @param kind {@code null}: an image that exists already
     * @param saw file and what of it
     * @param chosen how it is built, and why
     * @param dockerfile generated text; {@code null}: none is needed
     */
    record PartView(
            String name,
            String path,
            @Nullable String kind,
            List<String> saw,
            String chosen,
            List<String> alternatives,
            @Nullable String dockerfile,
            List<String> remarks) {}

    @PostMapping(path = "/applications:draft", consumes = MediaType.APPLICATION_JSON_VALUE)
    @Operation(summary = "Proposes an application from what a repository holds; nothing is created")
    DraftAnswer draft(@RequestBody DraftRequest wanted, Locale locale) {
        Draft draft = drafts.of(
                Page.required("git", wanted.git()), ref(wanted), Objects.requireNonNullElse(wanted.path(), ""));
        return new DraftAnswer(
                draft.document(),
                draft.parts().stream().map(part -> view(part, locale)).toList(),
                texts(draft.remarks(), locale));
    }

    private static GitRef ref(DraftRequest wanted) {
        List<GitRef> refs = Stream.of(
                        GitRef.branch(Objects.requireNonNullElse(wanted.branch(), "")),
                        GitRef.tag(Objects.requireNonNullElse(wanted.tag(), "")),
                        GitRef.commit(Objects.requireNonNullElse(wanted.commit(), "")))
                .filter(ref -> !ref.name().isBlank())
                .toList();
        if (refs.size() > 1) {
            throw new ProblemException(
                    Problem.of(ProblemCode.REQUEST_INVALID, "", "reason", "at most one of branch, tag, commit"));
        }
        return refs.isEmpty() ? GitRef.defaultBranch() : refs.get(0);
    }

    private PartView view(Part part, Locale locale) {
        return new PartView(
                part.component(),
                part.folder(),
                part.kind() == null ? null : part.kind().word(),
                part.saw().stream().map(Seen::toString).toList(),
                text(part.chosen(), locale),
                part.alternatives().stream().map(DraftApi::text).toList(),
                part.dockerfile(),
                texts(part.remarks(), locale));
    }

    private static String text(Alternative alternative) {
        return alternative.kind().word() + ": " + alternative.file();
    }

    private List<String> texts(List<Remark> remarks, Locale locale) {
        return remarks.stream().map(remark -> text(remark, locale)).toList();
    }

    private String text(Remark remark, Locale locale) {
        return messages.getMessage(remark.code().key(), remark.arguments().toArray(), locale);
    }
}
