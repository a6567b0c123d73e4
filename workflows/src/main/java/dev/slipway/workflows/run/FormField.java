package dev.slipway.workflows.run;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * One field of what {@link Choice#EDIT} may change of a component.
 *
 * @param name {@code branch}, {@code image}, {@code env}, {@code timeout}
 * @param value what holds now; {@code null}: the document does not say, or it may be secret
 */
public record FormField(String name, Type type, @Nullable String value) {
    /** How it is written. */
    public enum Type {
        /** One line. */
        STRING,
        /** Lines of {@code NAME=value}; what is not named stays. */
        ENV,
        /** {@code 90s}, {@code 5m}. */
        DURATION;

        @JsonValue
        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }
}
