package dev.slipway.web.embedded.kubernetes;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Resource quantities in the canonical form the API server answers with: {@code 1000m} is {@code 1}, {@code 0.5} is {@code 500m}. */
final class Quantity {
    private static final List<String> BINARY = List.of("", "Ki", "Mi", "Gi", "Ti", "Pi", "Ei");
    private static final List<String> DECIMAL = List.of("n", "u", "m", "", "k", "M", "G", "T", "P", "E");
    private static final BigDecimal STEP_BINARY = BigDecimal.valueOf(1024);
    private static final BigDecimal STEP_DECIMAL = BigDecimal.valueOf(1000);

    private Quantity() {}

    /** Null when the text is no quantity. */
    static @Nullable String canonical(String text) {
        int end = 0;
        while (end < text.length() && "+-.0123456789".indexOf(text.charAt(end)) >= 0) {
            end++;
        }
        String suffix = text.substring(end);
        try {
            BigDecimal number = new BigDecimal(text.substring(0, end));
            if (suffix.length() > 1 && (suffix.startsWith("e") || suffix.startsWith("E")) && !suffix.equals("Ei")) {
                return decimal(number.scaleByPowerOfTen(Integer.parseInt(suffix.substring(1))), true);
            }
            int binary = BINARY.indexOf(suffix);
            if (binary > 0) {
                BigDecimal bytes = number.multiply(STEP_BINARY.pow(binary));
                return binary(bytes);
            }
            int power = DECIMAL.indexOf(suffix);
            if (power < 0) {
                return null;
            }
            return decimal(number.scaleByPowerOfTen(3 * (power - 3)), false);
        } catch (NumberFormatException e) {
            return null;
        }
    }

    private static String binary(BigDecimal bytes) {
        BigDecimal rest = bytes;
        int power = 0;
        if (rest.abs().compareTo(STEP_BINARY) < 0) {
            return decimal(rest, false);
        }
        while (power < BINARY.size() - 1 && isWhole(rest.divide(STEP_BINARY)) && rest.signum() != 0) {
            rest = rest.divide(STEP_BINARY);
            power++;
        }
        return rest.setScale(0, RoundingMode.CEILING).toPlainString() + BINARY.get(power);
    }

    private static String decimal(BigDecimal value, boolean exponent) {
        if (value.signum() == 0) {
            return "0";
        }
        BigDecimal rest = value.scaleByPowerOfTen(9).setScale(0, RoundingMode.CEILING);
        int power = 0;
        while (power < DECIMAL.size() - 1 && isWhole(rest.divide(STEP_DECIMAL))) {
            rest = rest.divide(STEP_DECIMAL);
            power++;
        }
        String suffix = DECIMAL.get(power);
        if (exponent) {
            suffix = power == 3 ? "" : "e" + 3 * (power - 3);
        }
        return rest.setScale(0, RoundingMode.CEILING).toPlainString() + suffix;
    }

    private static boolean isWhole(BigDecimal value) {
        return value.stripTrailingZeros().scale() <= 0;
    }
}
