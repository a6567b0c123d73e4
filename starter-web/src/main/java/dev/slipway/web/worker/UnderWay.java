package dev.slipway.web.worker;

import io.temporal.common.interceptors.ActivityInboundCallsInterceptor;
import io.temporal.common.interceptors.ActivityInboundCallsInterceptorBase;
import io.temporal.common.interceptors.WorkerInterceptorBase;
import java.time.Duration;

/** Counts the activities that run in this process, so that a stop can wait for them and for nothing else. */
final class UnderWay extends WorkerInterceptorBase {
    private int count;

    @Override
    public ActivityInboundCallsInterceptor interceptActivity(ActivityInboundCallsInterceptor next) {
        return new ActivityInboundCallsInterceptorBase(next) {
            @Override
            public ActivityOutput execute(ActivityInput input) {
                change(1);
                try {
                    return super.execute(input);
                } finally {
                    change(-1);
                }
            }
        };
    }

    private synchronized void change(int by) {
        count += by;
        notifyAll();
    }

    /** Whether nothing is under way any more within the limit. */
    synchronized boolean awaitNone(Duration limit) throws InterruptedException {
        long deadline = System.nanoTime() + limit.toNanos();
        while (count > 0) {
            long left = Duration.ofNanos(deadline - System.nanoTime()).toMillis();
            if (left <= 0) {
                return false;
            }
            wait(left);
        }
        return true;
    }
}
