package dev.slipway.tests.browser;

import dev.slipway.tests.browser.Browser.Scheme;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.Set;

/** What is wrong with a page as it is shown now: too wide, hard to read, half translated, out of a keyboard's reach. */
final class Look {
    /** Named by assistive technology by what is in it, or not used by itself. */
    private static final Set<String> UNNAMED = Set.of("RootWebArea", "main", "generic", "heading", "ListMarker");

    private static final List<String> KEYS = messageKeys();

    private Look() {}

    /**
     * Looks, and takes a picture.
     *
     * @param name of the picture
     * @param expected complaints of the browser that are none
     */
    static List<String> at(Browser browser, String name, String language, String... expected) {
        browser.picture(name);
        List<String> wrong = new ArrayList<>(Browser.strings(browser.read(LOOK, language, KEYS)));
        browser.controls().stream()
                .filter(control -> control.name().isBlank() && !UNNAMED.contains(control.role()))
                .forEach(control -> wrong.add("has no name: " + control.role()));
        wrong.addAll(browser.complaints(expected));
        return wrong.stream().map(what -> name + ": " + what).toList();
    }

    /**
     * Looks at the page that is shown, asked for anew each time, wide and narrow, light and dark, in both languages; each of them
     * with both of the others. Not for the answer to a form: it cannot be asked for again.
     */
    static List<String> everywhere(Browser browser, String name) {
        List<String> wrong = new ArrayList<>();
        wrong.addAll(at(browser.reload(), name + "-1280-light-en", "en"));
        wrong.addAll(at(browser.scheme(Scheme.DARK).language("zh").reload(), name + "-1280-dark-zh", "zh"));
        wrong.addAll(at(browser.size(390, 844).scheme(Scheme.LIGHT).reload(), name + "-390-light-zh", "zh"));
        wrong.addAll(at(browser.scheme(Scheme.DARK).language("en").reload(), name + "-390-dark-en", "en"));
        browser.size(1280, 900).scheme(Scheme.LIGHT).reload();
        return wrong;
    }

    /** Those with a dot: a key of one word is a word. */
    private static List<String> messageKeys() {
        Properties messages = new Properties();
        for (String bundle : List.of("pages", "problems")) {
            try (InputStream in = Look.class.getResourceAsStream("/messages/" + bundle + ".properties")) {
                messages.load(new InputStreamReader(in, StandardCharsets.UTF_8));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        return messages.stringPropertyNames().stream()
                .filter(key -> key.contains("."))
                .toList();
    }

    private static final String LOOK = script();

    private static String script() {
        try (InputStream in = Look.class.getResourceAsStream("/browser/look.js")) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
