package dev.slipway.activities.kubernetes.render;

import java.util.Locale;

/** Constants as the document writes them. */
final class Words {
    private Words() {}

    static String of(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT);
    }
}
