package dev.slipway.web.applications;

import dev.slipway.activities.detect.Draft;
import dev.slipway.activities.git.GitRef;
import dev.slipway.web.access.Needs;
import dev.slipway.web.access.Needs.At;
import dev.slipway.web.api.Costly;
import dev.slipway.web.audit.ChangesNothing;
import dev.slipway.web.shell.Page;
import dev.slipway.web.shell.Wordings;
import dev.slipway.workflows.people.Permission;
import dev.slipway.workflows.problem.Problem;
import dev.slipway.workflows.problem.ProblemCode;
import dev.slipway.workflows.problem.ProblemException;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.media.Schema.RequiredMode;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** Proposals over the API. */
@RestController
@Needs(value = Permission.EDIT, at = At.EVERYWHERE)
@RequestMapping("/api/v1")
@Tag(name = "applications")
final class DraftApi {
    private final Drafts drafts;
    private final Wordings wordings;

    DraftApi(Drafts drafts, Wordings wordings) {
        this.drafts = drafts;
        this.wordings = wordings;
    }

    /**
     * What to look at; at most one of branch, tag, commit.
     *
     * @param path folder in the repository; {@code null}: all of it
     */
    record DraftRequest(
            @Schema(requiredMode = RequiredMode.REQUIRED) @Nullable
            String git,

            @Nullable String branch,
            @Nullable String tag,
            @Nullable String commit,
            @Nullable String path) {}

    @Costly
    @ChangesNothing
    @PostMapping(path = "/applications:draft", consumes = MediaType.APPLICATION_JSON_VALUE)
    @Operation(summary = "Proposes an application from what a repository holds; nothing is created")
    DraftView draft(@RequestBody DraftRequest wanted, Locale locale) {
        Draft draft = drafts.of(
                Page.required("git", wanted.git()), ref(wanted), Objects.requireNonNullElse(wanted.path(), ""));
        return DraftView.of(draft, wordings.in(locale));
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
}
