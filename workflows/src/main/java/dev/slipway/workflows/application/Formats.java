package dev.slipway.workflows.application;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The forms of single values: names, quantities, images, paths, git refs, cron expressions. Linear time, no throws. */
public final class Formats {
    /** A Service is named after the component, so RFC 1035, not 1123: it begins with a letter. */
    static final Pattern NAME = Pattern.compile("[a-z]([a-z0-9-]*[a-z0-9])?");

    static final int NAME_LENGTH = 40;
    static final Pattern PORT_NAME = Pattern.compile("(?!.*--)[a-z0-9]([a-z0-9-]*[a-z0-9])?");
    static final int PORT_NAME_LENGTH = 15;
    static final Pattern ENV_NAME = Pattern.compile("[A-Za-z_][A-Za-z0-9_.-]*");
    static final int ENV_NAME_LENGTH = 200;
    static final Pattern PARAMETER_NAME = Pattern.compile("[A-Za-z][A-Za-z0-9_-]*");
    static final int PARAMETER_NAME_LENGTH = 60;

    private static final Pattern QUANTITY =
            Pattern.compile("([0-9]{1,15}(?:[.][0-9]{1,9})?)(m|k|Ki|M|Mi|G|Gi|T|Ti|P|Pi)?");
    private static final Map<String, BigDecimal> UNITS = Map.ofEntries(
            Map.entry("m", new BigDecimal("0.001")),
            Map.entry("k", BigDecimal.TEN.pow(3)),
            Map.entry("M", BigDecimal.TEN.pow(6)),
            Map.entry("G", BigDecimal.TEN.pow(9)),
            Map.entry("T", BigDecimal.TEN.pow(12)),
            Map.entry("P", BigDecimal.TEN.pow(15)),
            Map.entry("Ki", BigDecimal.valueOf(1L << 10)),
            Map.entry("Mi", BigDecimal.valueOf(1L << 20)),
            Map.entry("Gi", BigDecimal.valueOf(1L << 30)),
            Map.entry("Ti", BigDecimal.valueOf(1L << 40)),
            Map.entry("Pi", BigDecimal.valueOf(1L << 50)));
    private static final Pattern HOST_LABEL = Pattern.compile("[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?");
    private static final Pattern IMAGE_HOST = Pattern.compile(
            "(localhost|[A-Za-z0-9.-]+[.][A-Za-z0-9-]+|[A-Za-z0-9-]+(?=:)|\\[[0-9a-fA-F:]+])(:[0-9]{1,5})?");
    private static final Pattern IMAGE_PART = Pattern.compile("[a-z0-9]+((?:[.]|__?|-+)[a-z0-9]+)*");
    private static final Pattern TAG = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}");
    private static final Pattern DIGEST = Pattern.compile("sha256:[0-9a-f]{64}|sha512:[0-9a-f]{128}");
    private static final Pattern COMMIT = Pattern.compile("[0-9a-f]{40}|[0-9a-f]{64}");
    private static final Pattern URL = Pattern.compile("(https?|ssh|git|file)://[^\\s\\\\]{1,2000}");
    private static final Pattern SCP =
            Pattern.compile("[A-Za-z0-9_][A-Za-z0-9_.-]*@[A-Za-z0-9][A-Za-z0-9.-]*:[^\\s\\\\-][^\\s\\\\]{0,2000}");
    private static final Pattern PASSWORD = Pattern.compile("https?://[^/@]*:[^/@]*@.*");
    private static final Pattern REF = Pattern.compile("[^\\s~^:?*\\[\\\\/-][^\\s~^:?*\\[\\\\]{0,250}");

    /** Hours, minutes and seconds, each once and in this order, at least one of them. */
    static final Pattern DURATION = Pattern.compile("(?=.)([0-9]{1,6}h)?([0-9]{1,6}m)?([0-9]{1,6}s)?");

    private static final Duration SHORTEST_DEADLINE = Duration.ofSeconds(10);
    private static final Duration LONGEST_DEADLINE = Duration.ofHours(24);

    private Formats() {}

    static boolean isName(String name, Pattern pattern, int length) {
        return name.length() <= length && pattern.matcher(name).matches();
    }

    /** A Kubernetes quantity above 0. */
    static Optional<BigDecimal> quantity(String text) {
        Matcher matcher = QUANTITY.matcher(text);
        if (!matcher.matches()) {
            return Optional.empty();
        }
        BigDecimal unit = matcher.group(2) == null ? BigDecimal.ONE : UNITS.get(matcher.group(2));
        BigDecimal value = new BigDecimal(matcher.group(1)).multiply(unit == null ? BigDecimal.ONE : unit);
        return value.signum() > 0 ? Optional.of(value) : Optional.empty();
    }

    /** As {@link #quantity}, at least one byte: {@code 128m} is a slip for {@code 128Mi}. */
    static Optional<BigDecimal> size(String text) {
        return text.endsWith("m") ? Optional.empty() : quantity(text);
    }

    /** How long something may take: {@code 90s}, {@code 15m}, {@code 1h30m}, from 10 seconds to 24 hours. */
    public static Optional<Duration> deadline(String text) {
        if (!DURATION.matcher(text).matches()) {
            return Optional.empty();
        }
        Duration duration = Duration.parse("PT" + text.toUpperCase(Locale.ROOT));
        return duration.compareTo(SHORTEST_DEADLINE) < 0 || duration.compareTo(LONGEST_DEADLINE) > 0
                ? Optional.empty()
                : Optional.of(duration);
    }

    static boolean isHost(String host) {
        return host.length() <= 253
                && !host.isEmpty()
                && Arrays.stream(host.split("[.]", -1))
                        .allMatch(label -> HOST_LABEL.matcher(label).matches());
    }

    /** Where an external component may be: a host name, or an IPv4 address that means the same from every node. */
    static boolean isOutside(String address) {
        if (!address.matches("[0-9.]+")) {
            return isHost(address);
        }
        String[] parts = address.split("[.]", -1);
        return parts.length == 4
                && Arrays.stream(parts)
                        .allMatch(part -> part.matches("0|[1-9][0-9]{0,2}") && Integer.parseInt(part) < 256)
                && !address.startsWith("127.")
                && !address.startsWith("169.254.")
                && !address.startsWith("0.")
                && Integer.parseInt(parts[0]) < 224;
    }

    /** In an Ingress: a host name in small letters, its first label possibly {@code *}. */
    static boolean isRouteHost(String host) {
        String rest = host.startsWith("*.") ? host.substring(2) : host;
        return isHost(rest) && rest.equals(rest.toLowerCase(Locale.ROOT)) && !rest.matches("[0-9.]+");
    }

    /** In an Ingress: absolute, without {@code //}, {@code .} and {@code ..}. */
    static boolean isRoutePath(String path) {
        return path.equals("/")
                || path.startsWith("/")
                        && isRelativePath(
                                path.endsWith("/") ? path.substring(1, path.length() - 1) : path.substring(1));
    }

    static boolean isImage(String reference) {
        if (reference.length() > 500) {
            return false;
        }
        String rest = reference;
        int at = rest.indexOf('@');
        if (at >= 0) {
            if (!DIGEST.matcher(rest.substring(at + 1)).matches()) {
                return false;
            }
            rest = rest.substring(0, at);
        }
        int colon = rest.lastIndexOf(':');
        if (colon > rest.lastIndexOf('/')) {
            if (!TAG.matcher(rest.substring(colon + 1)).matches()) {
                return false;
            }
            rest = rest.substring(0, colon);
        }
        List<String> parts = Arrays.asList(rest.split("/", -1));
        if (parts.size() > 1 && IMAGE_HOST.matcher(parts.get(0)).matches()) {
            parts = parts.subList(1, parts.size());
        }
        return parts.stream().allMatch(part -> IMAGE_PART.matcher(part).matches());
    }

    /** In a container: absolute, without {@code ..}, a folder or a file below the root. */
    static boolean isAbsolutePath(String path) {
        return path.startsWith("/") && path.length() > 1 && isRelativePath(path.substring(1));
    }

    /** Stays inside where it begins; not empty. */
    static boolean isRelativePath(String path) {
        return path.length() <= 1_024
                && path.indexOf('\\') < 0
                && path.chars().noneMatch(Character::isISOControl)
                && Arrays.stream(path.split("/", -1))
                        .noneMatch(part -> part.isEmpty() || part.equals(".") || part.equals(".."));
    }

    /** A remote repository, without a password in it: that belongs to the settings. */
    static boolean isGitUrl(String url) {
        return (URL.matcher(url).matches() || SCP.matcher(url).matches())
                && !PASSWORD.matcher(url).matches();
    }

    /** A branch or tag, by the rules of {@code git check-ref-format}. */
    static boolean isGitRef(String ref) {
        return REF.matcher(ref).matches()
                && !ref.contains("..")
                && !ref.contains("//")
                && !ref.contains("@{")
                && !ref.endsWith("/")
                && !ref.endsWith(".")
                && !ref.endsWith(".lock")
                && ref.chars().noneMatch(Character::isISOControl);
    }

    /** A whole commit id: an abbreviated one cannot be fetched. */
    static boolean isCommit(String commit) {
        return COMMIT.matcher(commit).matches();
    }

    /** Five fields: minute, hour, day of month, month, day of week. */
    static boolean isCron(String schedule) {
        String[] fields = schedule.trim().split("\\s+");
        int[][] ranges = {{0, 59}, {0, 23}, {1, 31}, {1, 12}, {0, 7}};
        if (schedule.length() > 200 || fields.length != ranges.length) {
            return false;
        }
        for (int i = 0; i < fields.length; i++) {
            int[] range = ranges[i];
            if (!Arrays.stream(fields[i].split(",", -1)).allMatch(part -> isCronPart(part, range[0], range[1]))) {
                return false;
            }
        }
        return true;
    }

    private static boolean isCronPart(String part, int min, int max) {
        String[] step = part.split("/", -1);
        if (step.length > 2 || (step.length == 2 && !isBetween(step[1], 1, max))) {
            return false;
        }
        if (step[0].equals("*")) {
            return true;
        }
        String[] ends = step[0].split("-", -1);
        return ends.length <= 2
                && Arrays.stream(ends).allMatch(end -> isBetween(end, min, max))
                && (ends.length == 1 || Integer.parseInt(ends[0]) <= Integer.parseInt(ends[1]));
    }

    private static boolean isBetween(String number, int min, int max) {
        return number.matches("[0-9]{1,4}") && Integer.parseInt(number) >= min && Integer.parseInt(number) <= max;
    }
}
