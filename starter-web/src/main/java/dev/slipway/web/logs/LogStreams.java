package dev.slipway.web.logs;

import dev.slipway.activities.kubernetes.log.LogBuffer;
import dev.slipway.workflows.problem.Problem;
import dev.slipway.workflows.problem.ProblemCode;
import dev.slipway.workflows.problem.ProblemException;
import java.io.IOException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;
import org.springframework.web.servlet.mvc.method.annotation.ResponseBodyEmitter;

/**
 * Those who look at logs, one thread each and {@value #MOST} at most. Who leaves ends his stream at once when something is sent
 * to him, at the latest with the next sign of life.
 */
@Component
final class LogStreams implements AutoCloseable {
    static final int MOST = 64;
    /** Lines that wait for a viewer who is slower than the log. */
    private static final int WAITING_LINES = 1_000;

    private static final long WAITING_CHARACTERS = 1 << 20;
    private static final Logger LOG = LoggerFactory.getLogger(LogStreams.class);

    /** Sends a log to the one who looks; ends when there is nothing more to send. */
    interface Sending {
        void send(Viewer viewer) throws IOException, InterruptedException;
    }

    /** One who looks. */
    static final class Viewer {
        private final LogBuffer buffer = new LogBuffer(WAITING_LINES, WAITING_CHARACTERS);
        private volatile boolean gone;
        private volatile boolean begun;

        LogBuffer buffer() {
            return buffer;
        }

        boolean gone() {
            return gone;
        }

        /** From now on the answer has begun: what goes wrong is told in the stream. */
        void begun() {
            begun = true;
        }

        private void leave() {
            gone = true;
            buffer.finish();
        }
    }

    private final Semaphore free = new Semaphore(MOST);
    private final ExecutorService senders;

    LogStreams() {
        AtomicInteger count = new AtomicInteger();
        senders = Executors.newCachedThreadPool(task -> {
            Thread thread = new Thread(task, "log-viewer-" + count.incrementAndGet());
            thread.setDaemon(true);
            return thread;
        });
    }

    /** @throws ProblemException {@code SLP-LOG-TOO-MANY} */
    <T extends ResponseBodyEmitter> T open(T emitter, Sending sending) {
        if (!free.tryAcquire()) {
            throw new ProblemException(Problem.of(ProblemCode.LOG_TOO_MANY, "", "most", Integer.toString(MOST)));
        }
        Viewer viewer = new Viewer();
        emitter.onCompletion(viewer::leave);
        emitter.onTimeout(viewer::leave);
        emitter.onError(failure -> viewer.leave());
        try {
            senders.execute(() -> run(emitter, viewer, sending));
        } catch (RejectedExecutionException closing) {
            free.release();
            throw closing;
        }
        return emitter;
    }

    private void run(ResponseBodyEmitter emitter, Viewer viewer, Sending sending) {
        try {
            sending.send(viewer);
            emitter.complete();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            emitter.complete();
        } catch (IOException | RuntimeException e) {
            if (viewer.gone() || viewer.begun) {
                LOG.debug("A log's viewer left", e);
                emitter.complete();
            } else {
                emitter.completeWithError(e);
            }
        } finally {
            viewer.leave();
            free.release();
        }
    }

    @Override
    public void close() {
        senders.shutdownNow();
    }
}
