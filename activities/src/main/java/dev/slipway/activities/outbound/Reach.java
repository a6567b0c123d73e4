package dev.slipway.activities.outbound;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Whom an address reaches.
 *
 * @see <a href="https://www.iana.org/assignments/iana-ipv4-special-registry">Special addresses of IPv4</a>
 * @see <a href="https://www.iana.org/assignments/iana-ipv6-special-registry">and of IPv6</a>
 */
enum Reach {
    /** Anybody's, on the internet. */
    PUBLIC("public"),
    /** Of a private network: RFC 1918, unique local, carrier-grade NAT. */
    PRIVATE("private network"),
    LOOPBACK("this machine"),
    LINK_LOCAL("link-local, where clouds keep their metadata and credentials"),
    METADATA("metadata of a cloud"),
    MULTICAST("multicast"),
    /** Nobody's, or another address in disguise. */
    RESERVED("reserved");

    private static final Map<NetworkRange, Reach> V4 = ranges(
            "0.0.0.0/8", RESERVED,
            "10.0.0.0/8", PRIVATE,
            "100.100.100.200/32", METADATA,
            "100.64.0.0/10", PRIVATE,
            "127.0.0.0/8", LOOPBACK,
            "168.63.129.16/32", METADATA,
            "169.254.0.0/16", LINK_LOCAL,
            "172.16.0.0/12", PRIVATE,
            "192.0.0.192/32", METADATA,
            "192.0.0.0/24", RESERVED,
            "192.0.2.0/24", RESERVED,
            "192.88.99.0/24", RESERVED,
            "192.168.0.0/16", PRIVATE,
            "198.18.0.0/15", RESERVED,
            "198.51.100.0/24", RESERVED,
            "203.0.113.0/24", RESERVED,
            "224.0.0.0/4", MULTICAST,
            "240.0.0.0/4", RESERVED);

    /** What is in none of these and not in 2000::/3 is reserved. */
    private static final Map<NetworkRange, Reach> V6 = ranges(
            "::1/128", LOOPBACK,
            "fd00:ec2::254/128", METADATA,
            "fc00::/7", PRIVATE,
            "fe80::/10", LINK_LOCAL,
            "fec0::/10", PRIVATE,
            "ff00::/8", MULTICAST,
            "2001::/23", RESERVED,
            "2001:db8::/32", RESERVED,
            "2002::/16", RESERVED,
            "3fff::/20", RESERVED,
            "2000::/3", PUBLIC);

    /** Of networks without IPv4: the last four bytes are the address that is meant. */
    private static final NetworkRange NAT64 = NetworkRange.of("64:ff9b::/96");

    private final String text;

    Reach(String text) {
        this.text = text;
    }

    /** For a message. */
    String text() {
        return text;
    }

    static Reach of(InetAddress address) {
        if (NAT64.holds(address)) {
            return of(embedded(address));
        }
        return (address.getAddress().length == 4 ? V4 : V6)
                .entrySet().stream()
                        .filter(range -> range.getKey().holds(address))
                        .map(Map.Entry::getValue)
                        .findFirst()
                        .orElse(address.getAddress().length == 4 ? PUBLIC : RESERVED);
    }

    private static InetAddress embedded(InetAddress address) {
        try {
            return InetAddress.getByAddress(Arrays.copyOfRange(address.getAddress(), 12, 16));
        } catch (UnknownHostException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    private static Map<NetworkRange, Reach> ranges(Object... rangesAndReaches) {
        Map<NetworkRange, Reach> ranges = new LinkedHashMap<>();
        for (int i = 0; i < rangesAndReaches.length; i += 2) {
            ranges.put(NetworkRange.of((String) rangesAndReaches[i]), (Reach) rangesAndReaches[i + 1]);
        }
        return ranges;
    }
}
