package dev.slipway.activities.outbound;

import java.math.BigInteger;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The addresses that begin with the same bits, {@code 10.0.0.0/8}.
 *
 * @param first its lowest address, as a number
 * @param bytes of an address: 4 or 16
 * @param prefix bits that all have in common
 */
record NetworkRange(BigInteger first, int bytes, int prefix) {
    private static final Pattern V4 = Pattern.compile("(?:(?:25[0-5]|2[0-4]\\d|1\\d\\d|[1-9]?\\d)(?:\\.(?!$)|$)){4}");
    private static final Pattern V6 = Pattern.compile("[0-9a-fA-F:]*:[0-9a-fA-F:]*(?:\\d+\\.\\d+\\.\\d+\\.\\d+)?");

    /** Of a constant. */
    static NetworkRange of(String text) {
        return parse(text).orElseThrow(() -> new IllegalArgumentException(text));
    }

    /** Empty: neither an address nor a range of addresses. */
    static Optional<NetworkRange> parse(String text) {
        String[] parts = text.split("/", 2);
        Optional<InetAddress> address = literal(parts[0]);
        if (address.isEmpty()) {
            return Optional.empty();
        }
        byte[] raw = raw(parts[0], address.get());
        int bits = raw.length * 8;
        if (parts.length == 2 && !parts[1].matches("\\d{1,3}")) {
            return Optional.empty();
        }
        int prefix = parts.length == 1 ? bits : Integer.parseInt(parts[1]);
        if (prefix > bits) {
            return Optional.empty();
        }
        int free = bits - prefix;
        return Optional.of(
                new NetworkRange(new BigInteger(1, raw).shiftRight(free).shiftLeft(free), raw.length, prefix));
    }

    /** Java makes IPv4 of {@code ::ffff:0.0.0.0}: the range around it is one of IPv6 all the same. */
    private static byte[] raw(String text, InetAddress address) {
        byte[] raw = address.getAddress();
        if (!text.contains(":") || raw.length == 16) {
            return raw;
        }
        byte[] mapped = new byte[16];
        mapped[10] = (byte) 0xff;
        mapped[11] = (byte) 0xff;
        System.arraycopy(raw, 0, mapped, 12, 4);
        return mapped;
    }

    /** An address that is written as one, and in no other way than everybody understands alike. No name is looked up. */
    static Optional<InetAddress> literal(String text) {
        if (!V4.matcher(text).matches() && !V6.matcher(text).matches()) {
            return Optional.empty();
        }
        try {
            return Optional.of(InetAddress.getByName(text));
        } catch (UnknownHostException notAnAddress) {
            return Optional.empty();
        }
    }

    boolean holds(InetAddress address) {
        byte[] raw = address.getAddress();
        int free = bytes * 8 - prefix;
        return raw.length == bytes && new BigInteger(1, raw).shiftRight(free).equals(first.shiftRight(free));
    }
}
