package dev.slipway.web.shell;

/**
 * What the frame of every page says.
 *
 * @param signedIn the reader may see the menu
 * @param here path of the page, for the links that change the language
 * @param now the server's clock, milliseconds since the epoch
 */
public record Shell(String engine, boolean simulated, boolean signedIn, String here, long now) {
    public String languageLink(String language) {
        return here + "?lang=" + language;
    }
}
