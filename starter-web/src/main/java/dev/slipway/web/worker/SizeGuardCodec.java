package dev.slipway.web.worker;

import dev.slipway.workflows.contract.Problems;
import dev.slipway.workflows.problem.Problem;
import dev.slipway.workflows.problem.ProblemCode;
import dev.slipway.workflows.problem.ProblemException;
import io.temporal.api.common.v1.Payload;
import io.temporal.payload.codec.PayloadCodec;
import java.util.List;

/**
 * Refuses a payload above 256 KiB for good ({@code SLP-RUN-TOO-BIG}) on every engine, before a cluster would refuse it later or
 * the in-process engine would run the activity again and again. Big things go to the store and pass by id.
 */
final class SizeGuardCodec implements PayloadCodec {
    static final int LIMIT_BYTES = 256 * 1024;

    @Override
    public List<Payload> encode(List<Payload> payloads) {
        for (Payload payload : payloads) {
            int size = payload.getSerializedSize();
            if (size > LIMIT_BYTES) {
                throw Problems.failure(new ProblemException(Problem.of(
                        ProblemCode.RUN_TOO_BIG,
                        "",
                        "size",
                        Integer.toString(size),
                        "limit",
                        Integer.toString(LIMIT_BYTES))));
            }
        }
        return payloads;
    }

    @Override
    public List<Payload> decode(List<Payload> payloads) {
        return payloads;
    }
}
