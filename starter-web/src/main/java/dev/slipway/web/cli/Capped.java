package dev.slipway.web.cli;

import java.io.IOException;
import java.io.OutputStream;

/** Takes so many bytes and no more. */
final class Capped extends OutputStream {
    private final OutputStream to;
    private long left;

    Capped(OutputStream to, long most) {
        this.to = to;
        this.left = most;
    }

    @Override
    public void write(int one) throws IOException {
        write(new byte[] {(byte) one}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int from, int length) throws IOException {
        left -= length;
        if (left < 0) {
            throw new IOException("the answer is too long");
        }
        to.write(bytes, from, length);
    }
}
