package dev.slipway.web.cli;

import java.text.MessageFormat;
import java.time.Duration;
import java.util.Locale;
import java.util.MissingResourceException;
import java.util.ResourceBundle;
import java.util.ResourceBundle.Control;

/** The command line's texts, and the words for states and actions that the pages have. */
final class Words {
    // A Chinese machine must not answer an English reader in Chinese.
    private static final Control NO_SYSTEM_LOCALE = Control.getNoFallbackControl(Control.FORMAT_PROPERTIES);

    private final Locale locale;
    private final ResourceBundle texts;
    private final ResourceBundle pages;

    Words(Locale locale) {
        this.locale = locale;
        this.texts = ResourceBundle.getBundle("messages.cli", locale, NO_SYSTEM_LOCALE);
        this.pages = ResourceBundle.getBundle("messages.pages", locale, NO_SYSTEM_LOCALE);
    }

    Locale locale() {
        return locale;
    }

    ResourceBundle bundle() {
        return texts;
    }

    String text(String key, Object... arguments) {
        return new MessageFormat(texts.getString(key), locale).format(arguments);
    }

    /** {@code state.healthy}; what has no word yet is shown as it is. */
    String word(String kind, String value) {
        try {
            return pages.getString(kind + "." + value);
        } catch (MissingResourceException unknown) {
            return value;
        }
    }

    /** {@code 3.4 s}, {@code 42 s}, {@code 3 min 5 s}. */
    String duration(Duration time) {
        long millis = Math.max(0, time.toMillis());
        if (millis < 10_000) {
            return String.format(Locale.ROOT, "%.1f s", millis / 1000.0);
        }
        long seconds = millis / 1000;
        return seconds < 60 ? seconds + " s" : seconds / 60 + " min " + seconds % 60 + " s";
    }
}
