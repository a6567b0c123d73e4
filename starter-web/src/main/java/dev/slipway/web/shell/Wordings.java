package dev.slipway.web.shell;

import java.time.ZoneId;
import java.util.Locale;
import org.springframework.context.MessageSource;
import org.springframework.context.support.ResourceBundleMessageSource;

/** Makes the {@link Wording} of a language. Two languages are spoken: English, and Chinese for every Chinese reader. */
public final class Wordings {
    private final MessageSource messages;

    public Wordings(MessageSource messages) {
        this.messages = messages;
    }

    /** The bundle {@code messages/pages}; a key without a text is an error, not a guess. */
    public static MessageSource bundle() {
        ResourceBundleMessageSource source = new ResourceBundleMessageSource();
        source.setBasename("messages/pages");
        source.setDefaultEncoding("UTF-8");
        source.setFallbackToSystemLocale(false);
        return source;
    }

    public Wording in(Locale locale) {
        return new Wording(messages, spoken(locale), ZoneId.systemDefault());
    }

    /** The language in which we answer a reader. */
    public static Locale spoken(Locale wanted) {
        return wanted.getLanguage().equals("zh") ? Locale.SIMPLIFIED_CHINESE : Locale.ENGLISH;
    }
}
