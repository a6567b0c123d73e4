package dev.slipway.web.shell;

import org.jspecify.annotations.Nullable;
import org.springframework.web.util.UriComponentsBuilder;

/**
 * What the frame of every page says.
 *
 * @param reader name of whoever is signed in and sees the menu; {@code null}: nobody
 * @param here path of the page, for the links that change the language
 * @param query what the page was asked with; empty on the answer to a form
 * @param now the server's clock, milliseconds since the epoch
 */
public record Shell(
        String engine, boolean simulated, @Nullable String reader, String here, String query, long now) {
    public boolean signedIn() {
        return reader != null;
    }

    /** The same page, with all that it was asked with. */
    public String languageLink(String language) {
        return UriComponentsBuilder.fromPath(here)
                .query(query)
                .replaceQueryParam("lang", language)
                .build()
                .toUriString();
    }
}
