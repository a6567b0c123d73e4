package dev.slipway.web.audit;

import dev.slipway.activities.store.audit.AuditHead;
import dev.slipway.activities.store.audit.AuditProof;
import dev.slipway.workflows.problem.Problem;
import dev.slipway.workflows.problem.ProblemCode;
import dev.slipway.workflows.problem.ProblemException;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/** Proves the audit against what this process has kept of it, and what somebody else has. */
@Component
final class Proofs {
    private static final Logger LOG = LoggerFactory.getLogger(Proofs.class);

    private final AuditProof proof;
    private final AuditWitness witness;

    Proofs(AuditProof proof, AuditWitness witness) {
        this.proof = proof;
        this.witness = witness;
    }

    /**
     * @param heads {@code number:hash}, as earlier proofs told them
     * @throws ProblemException {@code SLP-REQUEST-INVALID}
     */
    AuditProof.Result prove(List<String> heads) {
        List<AuditHead> kept = new ArrayList<>();
        witness.kept().ifPresent(kept::add);
        for (String head : heads) {
            kept.add(AuditHead.of(head)
                    .orElseThrow(() -> new ProblemException(Problem.of(
                            ProblemCode.REQUEST_INVALID,
                            "heads",
                            "reason",
                            "a head is number:hash, as a proof tells it"))));
        }
        AuditProof.Result result = proof.prove(kept);
        if (!result.whole()) {
            LOG.error("the audit is {} at row {}", result.broken(), result.at());
        }
        return result;
    }
}
