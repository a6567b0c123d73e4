package dev.slipway.activities.image;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;

/**
 * Writes tar (POSIX ustar, with pax records for what does not fit) so that equal files give equal bytes on every machine and with
 * every version of every library: everything belongs to 0:0, every time is the same, no name of a person or machine goes in.
 *
 * @see <a href="https://pubs.opengroup.org/onlinepubs/9799919799/utilities/pax.html">pax interchange format</a>
 */
final class TarWriter {
    private static final int BLOCK = 512;
    private static final int LONGEST_NAME = 100;
    /** One second after the epoch: tools take zero for "not set". */
    private static final long TIME = 1;

    private static final byte FILE = '0';
    private static final byte LINK = '2';
    private static final byte FOLDER = '5';
    private static final byte PAX = 'x';

    private final OutputStream out;

    TarWriter(OutputStream out) {
        this.out = out;
    }

    void folder(String path) throws IOException {
        entry(FOLDER, path + "/", "", 0755, 0);
    }

    void symlink(String path, String target) throws IOException {
        entry(LINK, path, target, 0777, 0);
    }

    void file(String path, boolean executable, long size, InputStream content) throws IOException {
        entry(FILE, path, "", executable ? 0755 : 0644, size);
        long written = content.transferTo(out);
        if (written != size) {
            throw new IOException(path + " has " + written + " bytes, not " + size);
        }
        pad(size);
    }

    void finish() throws IOException {
        out.write(new byte[2 * BLOCK]);
    }

    private void entry(byte type, String path, String link, int mode, long size) throws IOException {
        String pax = (fits(path) ? "" : record("path", path)) + (fits(link) ? "" : record("linkpath", link));
        if (!pax.isEmpty()) {
            byte[] records = pax.getBytes(StandardCharsets.UTF_8);
            header(PAX, "pax", "", 0644, records.length);
            out.write(records);
            pad(records.length);
        }
        header(type, path, link, mode, size);
    }

    /** The old fields hold 100 bytes of ASCII; a pax record overrides what had to be cut. */
    private static boolean fits(String text) {
        return text.length() <= LONGEST_NAME && text.chars().allMatch(c -> c >= ' ' && c < 127);
    }

    private static String record(String key, String value) {
        int rest = (" " + key + "=" + value + "\n").getBytes(StandardCharsets.UTF_8).length;
        int length = rest + Integer.toString(rest).length();
        length = rest + Integer.toString(length).length();
        return length + " " + key + "=" + value + "\n";
    }

    private void header(byte type, String path, String link, int mode, long size) throws IOException {
        byte[] header = new byte[BLOCK];
        text(header, 0, LONGEST_NAME, path);
        octal(header, 100, 8, mode);
        octal(header, 108, 8, 0);
        octal(header, 116, 8, 0);
        octal(header, 124, 12, size);
        octal(header, 136, 12, TIME);
        header[156] = type;
        text(header, 157, LONGEST_NAME, link);
        text(header, 257, 6, "ustar");
        text(header, 263, 2, "00");
        octal(header, 329, 8, 0);
        octal(header, 337, 8, 0);
        checksum(header);
        out.write(header);
    }

    private static void checksum(byte[] header) {
        java.util.Arrays.fill(header, 148, 156, (byte) ' ');
        int sum = 0;
        for (byte b : header) {
            sum += b & 0xff;
        }
        octal(header, 148, 7, sum);
        header[155] = ' ';
    }

    private static void text(byte[] header, int at, int length, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        System.arraycopy(bytes, 0, header, at, Math.min(bytes.length, length));
    }

    private static void octal(byte[] header, int at, int length, long value) {
        String digits = Long.toOctalString(value);
        String padded = "0".repeat(length - 1 - digits.length()) + digits;
        text(header, at, length - 1, padded);
        header[at + length - 1] = 0;
    }

    private void pad(long size) throws IOException {
        int rest = (int) (size % BLOCK);
        if (rest > 0) {
            out.write(new byte[BLOCK - rest]);
        }
    }
}
