package dev.slipway.web.shell;

import org.springframework.web.util.UriComponentsBuilder;

/**
 * What the frame of every page says.
 *
 * @param signedIn the reader may see the menu
 * @param here path of the page, for the links that change the language
 * @param query what the page was asked with; empty on the answer to a form
 * @param now the server's clock, milliseconds since the epoch
 */
public record Shell(String engine, boolean simulated, boolean signedIn, String here, String query, long now) {
    /** The same page, with all that it was asked with. */
    public String languageLink(String language) {
        return UriComponentsBuilder.fromPath(here)
                .query(query)
                .replaceQueryParam("lang", language)
                .build()
                .toUriString();
    }
}
