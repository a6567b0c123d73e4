package dev.slipway.activities.outbound;

import dev.slipway.workflows.problem.Problem;
import dev.slipway.workflows.problem.ProblemCode;
import dev.slipway.workflows.problem.ProblemException;
import java.net.IDN;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Says where Slipway may connect to when the address is somebody else's choice: a repository in a document, an image, a webhook, the
 * response address of a chat. Otherwise whoever may write one of these could have Slipway ask what only this machine or its network
 * reaches. Public addresses are open over an encrypted protocol; everything else only where {@code slipway.outbound.allow} names it
 * (ADR 37).
 *
 * <p>A name is looked up once, and whoever connects uses the addresses of the answer: a name that means something else a moment later
 * gains nothing.
 */
public final class OutboundGuard {
    private static final Set<String> ENCRYPTED = Set.of("https", "ssh");
    /** A last part like this is an address to some programs and a name to others: {@code 0x7f.1}, {@code 017700000001}. */
    private static final Pattern NUMBER = Pattern.compile("(?:.*\\.)?(?:\\d+|0[xX][0-9a-fA-F]*)");

    private static final Pattern NAME =
            Pattern.compile("(?:\\*\\.)?[a-z0-9_](?:[a-z0-9_-]*[a-z0-9])?(?:\\.[a-z0-9_](?:[a-z0-9_-]*[a-z0-9])?)*");
    private static final int LONGEST_NAME = 253;

    /** Looks a name up. */
    @FunctionalInterface
    public interface Resolver {
        InetAddress[] resolve(String host) throws UnknownHostException;
    }

    /**
     * A host that may be connected to.
     *
     * @param host as certificates name it
     * @param addresses that were checked: connect to these and look nothing up
     */
    public record Checked(String host, List<InetAddress> addresses) {
        public Checked {
            addresses = List.copyOf(addresses);
        }
    }

    private final Set<String> names;
    private final List<NetworkRange> ranges;
    /** Also where nothing is encrypted. */
    private final Set<Reach> reaches;

    private final boolean plain;
    private final Resolver resolver;

    private OutboundGuard(
            Set<String> names, List<NetworkRange> ranges, Set<Reach> reaches, boolean plain, Resolver resolver) {
        this.names = Set.copyOf(names);
        this.ranges = List.copyOf(ranges);
        this.reaches = Set.copyOf(reaches);
        this.plain = plain;
        this.resolver = resolver;
    }

    /**
     * @param allow beside public addresses: {@code 10.0.0.0/8}, {@code fd00::/8}, {@code 192.168.1.7}, {@code git.corp.example},
     *     {@code *.corp.example}
     * @throws IllegalArgumentException with the first that is none of these
     */
    public static OutboundGuard of(List<String> allow) {
        return of(allow, InetAddress::getAllByName);
    }

    static OutboundGuard of(List<String> allow, Resolver resolver) {
        Set<String> names = new HashSet<>();
        List<NetworkRange> ranges = new ArrayList<>();
        for (String entry : allow) {
            String text = entry.strip();
            Optional<NetworkRange> range = NetworkRange.parse(text.replaceAll("^\\[(.*)]$", "$1"));
            if (range.isPresent()) {
                ranges.add(range.get());
            } else {
                names.add(name(text)
                        .filter(name -> NAME.matcher(name).matches()
                                && !NUMBER.matcher(name).matches())
                        .orElseThrow(() -> new IllegalArgumentException(entry)));
            }
        }
        return new OutboundGuard(names, ranges, Set.of(Reach.PUBLIC), false, resolver);
    }

    /** Goes anywhere: for tests and tools, where nobody else chooses an address. */
    public static OutboundGuard unguarded() {
        return new OutboundGuard(Set.of(), List.of(), Set.of(Reach.values()), true, InetAddress::getAllByName);
    }

    /**
     * For something whose address is in the settings: the host itself, and what it leads to in private networks. What the host leads
     * to on this machine or at a cloud's metadata is refused still.
     *
     * @param address {@code host} or {@code host:port}
     */
    public OutboundGuard configured(String address) {
        Set<String> more = new HashSet<>(names);
        String host = URI.create("any://" + address).getHost();
        more.add(name(host == null ? address : host).orElse(address));
        return new OutboundGuard(more, ranges, Set.of(Reach.PUBLIC, Reach.PRIVATE), true, resolver);
    }

    /**
     * Whether this may be connected to, and at which addresses.
     *
     * @param scheme {@code https} and {@code ssh} prove whom they reach; others only to hosts that are allowed by their very name or
     *     address
     * @param host a name, or an address; that of IPv6 with its brackets or without
     * @throws ProblemException {@code SLP-OUTBOUND-REFUSED}
     * @throws UnknownHostException when there is no such name
     */
    public Checked check(String scheme, String host) throws UnknownHostException {
        String name = name(host).orElseThrow(() -> refused(host, "", "not the name of a host"));
        Optional<InetAddress> literal = NetworkRange.literal(name);
        if (literal.isEmpty() && (NUMBER.matcher(name).matches() || name.contains(":"))) {
            throw refused(host, "", "an address that is written in an unusual way");
        }
        if (named(name)) {
            return new Checked(name, List.of(resolver.resolve(name)));
        }
        List<InetAddress> addresses = literal.isPresent() ? List.of(literal.get()) : List.of(resolver.resolve(name));
        for (InetAddress address : addresses) {
            Reach reach = Reach.of(address);
            if (!reaches.contains(reach) && ranges.stream().noneMatch(range -> range.holds(address))) {
                throw refused(host, address.getHostAddress(), reach.text());
            }
        }
        boolean plainly = plain || literal.isPresent() && ranges.stream().anyMatch(range -> range.holds(literal.get()));
        if (!plainly && !ENCRYPTED.contains(scheme.toLowerCase(Locale.ROOT))) {
            throw refused(host, "", scheme + " is not encrypted");
        }
        return new Checked(name, addresses);
    }

    /** As {@link #check(String, String)}. */
    public Checked check(URI uri) throws UnknownHostException {
        String host = uri.getHost();
        if (host == null || uri.getScheme() == null) {
            throw refused(String.valueOf(uri.getRawAuthority()).replaceAll("^.*@", ""), "", "not the name of a host");
        }
        return check(uri.getScheme(), host);
    }

    private boolean named(String name) {
        return names.contains(name)
                || names.stream().anyMatch(known -> known.startsWith("*.") && name.endsWith(known.substring(1)));
    }

    /** Lower case, in ASCII, without brackets and the dot of the root. */
    private static Optional<String> name(String given) {
        String bare = given.replaceAll("^\\[(.*)]$", "$1");
        if (bare.contains(":")) {
            return Optional.of(bare.toLowerCase(Locale.ROOT));
        }
        try {
            String name = IDN.toASCII(bare, IDN.ALLOW_UNASSIGNED).toLowerCase(Locale.ROOT);
            String clean = name.endsWith(".") ? name.substring(0, name.length() - 1) : name;
            boolean one = clean.length() <= LONGEST_NAME && NAME.matcher(clean).matches();
            return one ? Optional.of(clean) : Optional.empty();
        } catch (IllegalArgumentException notAName) {
            return Optional.empty();
        }
    }

    private static ProblemException refused(String host, String address, String reason) {
        String shown = host.length() <= LONGEST_NAME ? host : host.substring(0, LONGEST_NAME) + "…";
        return new ProblemException(Problem.of(
                ProblemCode.OUTBOUND_REFUSED,
                shown,
                "host",
                shown,
                "reason",
                address.isEmpty() || address.equals(host) ? reason : address + ": " + reason));
    }

    @Override
    public String toString() {
        return "OutboundGuard[" + names + ", " + ranges.size() + " ranges, " + Arrays.toString(reaches.toArray()) + "]";
    }
}
