package dev.slipway.web.audit;

import dev.slipway.activities.store.audit.AuditOutcome;
import dev.slipway.activities.store.audit.AuditProof;
import dev.slipway.activities.store.audit.AuditRow;
import dev.slipway.activities.store.audit.AuditStore;
import dev.slipway.web.access.Needs;
import dev.slipway.web.access.Needs.At;
import dev.slipway.web.shell.Page;
import dev.slipway.workflows.people.Permission;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.ModelAttribute;
import org.springframework.web.bind.annotation.PostMapping;

/** The page of the audit. */
@Controller
@Needs(value = Permission.AUDIT, at = At.EVERYWHERE)
final class AuditController {
    private static final int ROWS = 50;

    private final AuditStore store;
    private final Proofs proofs;

    AuditController(AuditStore store, Proofs proofs) {
        this.store = store;
        this.proofs = proofs;
    }

    @GetMapping("/audit")
    String list(@ModelAttribute("asked") AskedAudit asked, Model model) {
        return page(asked, null, model);
    }

    /** What is wrong with it, or its head. */
    @PostMapping("/audit/verify")
    @ChangesNothing
    String verify(Model model) {
        return page(new AskedAudit(null, null, null, null, null, null, null), proofs.prove(List.of()), model);
    }

    private String page(AskedAudit asked, AuditProof.@Nullable Result proof, Model model) {
        List<AuditRow> some = store.search(asked.query(), ROWS + 1);
        Page<AuditView> shown = Page.of(some, ROWS, row -> Long.toString(row.seq()), AuditView::of);
        model.addAttribute("asked", asked);
        model.addAttribute("rows", shown.items());
        model.addAttribute("next", shown.next());
        model.addAttribute("filtered", asked.filtered());
        model.addAttribute(
                "outcomes",
                Arrays.stream(AuditOutcome.values()).map(AuditOutcome::word).toList());
        model.addAttribute("proof", proof);
        return "audit/list";
    }
}
