package dev.slipway.web.security;

import dev.slipway.workflows.problem.Problem;
import dev.slipway.workflows.problem.ProblemCode;
import dev.slipway.workflows.problem.ProblemException;
import jakarta.servlet.ServletException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.function.LongSupplier;
import org.apache.catalina.connector.Request;
import org.apache.catalina.connector.Response;
import org.apache.catalina.valves.ValveBase;
import org.apache.coyote.ActionCode;
import org.apache.coyote.InputBuffer;
import org.apache.tomcat.util.net.ApplicationBufferHandler;

/**
 * Ends requests whose body is too big or comes too slowly, whoever reads it: controllers, filters, or the server itself for
 * its forms. A body has ten seconds, and a second more for each 32 KiB that have come.
 */
final class BodyValve extends ValveBase {
    static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final long SLOWEST = 32 * 1024;
    /** How long the rest of a refused body is read away: who still sends does not read an answer on a connection that is cut. */
    private static final Duration LINGER = Duration.ofSeconds(2);

    /** Takes what nobody wants. The server cuts what it holds down to the body's end. */
    private static final class Nowhere implements ApplicationBufferHandler {
        private ByteBuffer held = ByteBuffer.allocate(0);

        @Override
        public void setByteBuffer(ByteBuffer buffer) {
            held = buffer;
        }

        @Override
        public ByteBuffer getByteBuffer() {
            return held;
        }

        @Override
        public void expand(int size) {
            // The server hands over its own.
        }
    }

    BodyValve() {
        super(true);
    }

    @Override
    public void invoke(Request request, Response response) throws IOException, ServletException {
        var coyote = request.getCoyoteRequest();
        InputBuffer raw = coyote.getInputBuffer();
        Guarded guarded = new Guarded(raw, BodyLimits.of(request.getRequestURI()), System::nanoTime);
        coyote.setInputBuffer(guarded);
        try {
            invokeNext(request, response, guarded);
        } finally {
            // The connection's next request has its own.
            coyote.setInputBuffer(raw);
        }
    }

    private void invokeNext(Request request, Response response, Guarded guarded) throws IOException, ServletException {
        try {
            getNext().invoke(request, response);
        } finally {
            if (!request.isAsync() && guarded.mayHaveMore(request.getCoyoteRequest())) {
                leaveRest(request, response, guarded);
            }
        }
    }

    /** The server itself would wait for the rest of a body that nobody wanted, however slowly it comes. */
    private static void leaveRest(Request request, Response response, Guarded guarded) throws IOException {
        response.finishResponse();
        if (!guarded.drained()) {
            request.getCoyoteRequest().action(ActionCode.CLOSE_NOW, new IOException("the rest of a body is not read"));
        }
    }

    /** Counts bytes and time. */
    static final class Guarded implements InputBuffer {
        private final InputBuffer raw;
        private final long limit;
        private final LongSupplier nanos;
        private long begun;
        private long bytes;
        private boolean ended;

        Guarded(InputBuffer raw, long limit, LongSupplier nanos) {
            this.raw = raw;
            this.limit = limit;
            this.nanos = nanos;
        }

        @Override
        public int doRead(ApplicationBufferHandler handler) throws IOException {
            if (begun == 0) {
                begun = nanos.getAsLong();
            }
            int count = raw.doRead(handler);
            took(count);
            if (bytes > limit) {
                throw new ProblemException(BodyLimits.tooBig(limit));
            }
            if (count >= 0
                    && nanos.getAsLong() - begun
                            > PATIENCE.plusSeconds(bytes / SLOWEST).toNanos()) {
                throw new ProblemException(
                        Problem.of(ProblemCode.REQUEST_SLOW, "", "seconds", Long.toString(PATIENCE.toSeconds())));
            }
            return count;
        }

        boolean mayHaveMore(org.apache.coyote.Request request) {
            long told = request.getContentLengthLong();
            return !ended && (told < 0 ? request.getHeader("Transfer-Encoding") != null : bytes < told);
        }

        /** Whether the rest came soon. */
        boolean drained() {
            long until = nanos.getAsLong() + LINGER.toNanos();
            ApplicationBufferHandler nowhere = new Nowhere();
            try {
                while (!ended && nanos.getAsLong() - until < 0) {
                    took(raw.doRead(nowhere));
                }
                return ended;
            } catch (IOException enough) {
                return false;
            }
        }

        private void took(int count) {
            bytes += Math.max(0, count);
            ended |= count < 0;
        }

        @Override
        public int available() {
            return raw.available();
        }
    }
}
