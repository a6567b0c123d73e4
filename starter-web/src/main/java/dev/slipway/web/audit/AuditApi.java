package dev.slipway.web.audit;

import dev.slipway.activities.store.audit.AuditProof;
import dev.slipway.activities.store.audit.AuditQuery;
import dev.slipway.activities.store.audit.AuditStore;
import dev.slipway.web.access.Needs;
import dev.slipway.web.access.Needs.At;
import dev.slipway.web.audit.AuditExport.Format;
import dev.slipway.web.shell.Page;
import dev.slipway.workflows.people.Permission;
import dev.slipway.workflows.problem.Problem;
import dev.slipway.workflows.problem.ProblemCode;
import dev.slipway.workflows.problem.ProblemException;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** The audit over the API. */
@RestController
@Needs(value = Permission.AUDIT, at = At.EVERYWHERE)
@RequestMapping("/api/v1")
@Tag(name = "audit")
final class AuditApi {
    private final AuditStore store;
    private final Proofs proofs;
    private final AuditExport export;

    AuditApi(AuditStore store, Proofs proofs, AuditExport export) {
        this.store = store;
        this.proofs = proofs;
        this.export = export;
    }

    /**
     * What a proof found.
     *
     * @param whole whether every row is as it was written
     * @param rows that are right
     * @param head the newest row as {@code number:hash}, to be kept elsewhere and given to a later proof
     * @param broken {@code null}: nothing is wrong; else {@code changed}, {@code missing}, {@code cut-off}, {@code added},
     *     {@code head}, {@code rewritten}
     * @param at the first row that is wrong; 0: none
     */
    record Proof(
            boolean whole, long rows, String head, @Nullable String broken, long at) {
        static Proof of(AuditProof.Result result) {
            return new Proof(
                    result.whole(),
                    result.rows(),
                    result.head().toString(),
                    result.broken() == null ? null : result.broken().word(),
                    result.at());
        }
    }

    /** @param heads that earlier proofs told, {@code number:hash} */
    record Known(@Nullable List<String> heads) {}

    @GetMapping("/audit")
    @Operation(summary = "Who did what and what was refused, newest first")
    Page<AuditView> list(
            @RequestParam(name = "who", required = false) @Nullable String who,
            @RequestParam(name = "action", required = false) @Nullable String action,
            @RequestParam(name = "name", required = false) @Nullable String name,
            @RequestParam(name = "outcome", required = false) @Nullable String outcome,
            @RequestParam(name = "from", required = false) @Nullable String from,
            @RequestParam(name = "until", required = false) @Nullable String until,
            @RequestParam(name = "after", required = false) @Nullable Long after,
            @RequestParam(name = "limit", defaultValue = "50") int limit) {
        AuditQuery query = new AskedAudit(who, action, name, outcome, from, until, after).query();
        int most = Page.limit(limit);
        return Page.of(store.search(query, most + 1), most, row -> Long.toString(row.seq()), AuditView::of);
    }

    @GetMapping("/audit/export")
    @Audited("audit.export")
    @Operation(summary = "All rows that match, newest first, as JSON lines or CSV")
    void export(
            @RequestParam(name = "format", defaultValue = "jsonl") String format,
            @RequestParam(name = "who", required = false) @Nullable String who,
            @RequestParam(name = "action", required = false) @Nullable String action,
            @RequestParam(name = "name", required = false) @Nullable String name,
            @RequestParam(name = "outcome", required = false) @Nullable String outcome,
            @RequestParam(name = "from", required = false) @Nullable String from,
            @RequestParam(name = "until", required = false) @Nullable String until,
            HttpServletResponse response)
            throws IOException {
        AuditQuery query = new AskedAudit(who, action, name, outcome, from, until, null).query();
        Format written = switch (format.toLowerCase(Locale.ROOT)) {
            case "jsonl" -> Format.JSONL;
            case "csv" -> Format.CSV;
            default ->
                throw new ProblemException(
                        Problem.of(ProblemCode.REQUEST_INVALID, "format", "reason", "format is jsonl or csv"));
        };
        response.setContentType(written == Format.CSV ? "text/csv;charset=UTF-8" : "application/x-ndjson");
        response.setHeader(
                HttpHeaders.CONTENT_DISPOSITION,
                "attachment; filename=\"slipway-audit." + (written == Format.CSV ? "csv" : "jsonl") + "\"");
        export.write(query, written, response.getOutputStream());
    }

    /** Is no act itself: it would go on writing behind what it has to find. */
    @ChangesNothing
    @PostMapping("/audit:verify")
    @Operation(summary = "Reads the whole chain and tells the first row that is not as it was written")
    Proof verify(@RequestBody(required = false) @Nullable Known known) {
        return Proof.of(proofs.prove(known == null || known.heads() == null ? List.of() : known.heads()));
    }
}
