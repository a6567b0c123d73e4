package dev.slipway.tests.browser;

import static org.assertj.core.api.Assertions.fail;

import dev.slipway.tests.support.SignInForm;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionTimeoutException;
import org.junit.jupiter.api.Assumptions;
import org.openqa.selenium.By;
import org.openqa.selenium.Keys;
import org.openqa.selenium.WebDriverException;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;
import org.openqa.selenium.interactions.Actions;
import org.openqa.selenium.logging.LogType;
import org.openqa.selenium.logging.LoggingPreferences;

/**
 * A headless chromium as a test needs it: exact sizes, light and dark, a language, what the console complained about, pictures.
 * Needs {@code chromium} and {@code chromedriver} on the path; runs as any user, root included.
 */
final class Browser implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Path PICTURES = Path.of("target", "screenshots");

    /** Held, because a logger nobody holds forgets its level. It warns of every chromium newer than itself. */
    private static final Logger SELENIUM = Logger.getLogger("org.openqa.selenium");

    static {
        SELENIUM.setLevel(Level.SEVERE);
    }

    private final ChromeDriver driver;
    private final Path profile;
    private final List<String> complaints = new ArrayList<>();
    private int width;
    private int height;

    private Browser(ChromeDriver driver, Path profile) {
        this.driver = driver;
        this.profile = profile;
    }

    /** The colours a person prefers. */
    enum Scheme {
        LIGHT,
        DARK;

        String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /**
     * A browser that knows nothing yet: 1280 x 900, light, English. Without a chromium the test is skipped and says what to
     * install; with {@code SLIPWAY_IT_REQUIRED=true} it fails.
     */
    static Browser open() {
        File chromium = program("chromium", "chromium-browser", "google-chrome");
        File chromedriver = program("chromedriver");
        try {
            Path profile = Files.createTempDirectory("slipway-browser-");
            ChromeOptions options = new ChromeOptions();
            options.setBinary(chromium);
            options.addArguments(
                    "--headless=new",
                    "--no-sandbox",
                    "--disable-gpu",
                    "--disable-quic",
                    "--disable-dev-shm-usage",
                    "--disable-background-networking",
                    "--disable-component-update",
                    "--disable-sync",
                    "--no-first-run",
                    "--hide-scrollbars",
                    "--user-data-dir=" + profile);
            LoggingPreferences logging = new LoggingPreferences();
            logging.enable(LogType.BROWSER, Level.ALL);
            options.setCapability("goog:loggingPrefs", logging);
            ChromeDriver driver = new ChromeDriver(
                    new ChromeDriverService.Builder()
                            .usingDriverExecutable(chromedriver)
                            .build(),
                    options);
            return new Browser(driver, profile)
                    .size(1280, 900)
                    .scheme(Scheme.LIGHT)
                    .language("en");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static File program(String... names) {
        Optional<File> found = Arrays.stream(names)
                .flatMap(name -> Stream.of(System.getenv("PATH").split(File.pathSeparator))
                        .map(folder -> new File(folder, name)))
                .filter(File::canExecute)
                .findFirst();
        if (found.isEmpty()) {
            String message = "no " + names[0] + " on the path: apt-get install --no-install-recommends chromium "
                    + "chromium-driver fonts-dejavu-core";
            if ("true".equals(System.getenv("SLIPWAY_IT_REQUIRED"))) {
                fail(message);
            }
            Assumptions.abort(message);
        }
        return found.orElseThrow();
    }

    /** The size of the page itself, in CSS pixels: a window cannot be made narrower than some 500. */
    Browser size(int across, int down) {
        width = across;
        height = down;
        layOut(across, down);
        return this;
    }

    private void layOut(int across, int down) {
        cdp(
                "Emulation.setDeviceMetricsOverride",
                Map.of("width", across, "height", down, "deviceScaleFactor", 1, "mobile", false));
    }

    Browser scheme(Scheme scheme) {
        cdp(
                "Emulation.setEmulatedMedia",
                Map.of("features", List.of(Map.of("name", "prefers-color-scheme", "value", scheme.word()))));
        return this;
    }

    /** The language the browser asks for. A choice that a person made on the page is a cookie and counts more. */
    Browser language(String tag) {
        cdp(
                "Emulation.setUserAgentOverride",
                Map.of("userAgent", (String) read("return navigator.userAgent"), "acceptLanguage", tag));
        return this;
    }

    Browser go(URI address) {
        driver.get(address.toString());
        return this;
    }

    Browser reload() {
        driver.navigate().refresh();
        return this;
    }

    /** Path of the page that is shown. */
    String path() {
        return URI.create(driver.getCurrentUrl()).getPath();
    }

    /** Waits for the page at a path. */
    Browser awaitPath(String pattern) {
        return await(
                "page " + pattern,
                () -> path().matches(pattern) && "complete".equals(read("return document.readyState")));
    }

    /** Clicks what is there now: a live page may replace it between the look and the click. */
    Browser click(String css) {
        return await("something to click at " + css, () -> {
            driver.findElement(By.cssSelector(css)).click();
            return true;
        });
    }

    /** Replaces what a field holds that is there now: a live page may replace it too. */
    Browser type(String css, String text) {
        return await("a field to type into at " + css, () -> {
            WebElement field = driver.findElement(By.cssSelector(css));
            field.clear();
            field.sendKeys(text);
            return true;
        });
    }

    /** Replaces what a field holds at once, as a paste does: typing into an editor would indent lines by itself. */
    Browser paste(String css, String text) {
        WebElement field = driver.findElement(By.cssSelector(css));
        field.clear();
        field.click();
        cdp("Input.insertText", Map.of("text", text));
        return this;
    }

    String value(String css) {
        return (String) read("return document.querySelector(arguments[0]).value", css);
    }

    /** Signs in by a one-time link that makes an administrator. */
    Browser signIn(URI link) {
        return go(link).paste("#name", SignInForm.name()).choosePassword();
    }

    /** On the page of a one-time link; who chooses is signed in. */
    Browser choosePassword() {
        return paste("#password", SignInForm.PASSWORD)
                .paste("#repeat", SignInForm.PASSWORD)
                .click("#choose");
    }

    /** Presses a key where the focus is. */
    Browser press(CharSequence key) {
        new Actions(driver).sendKeys(key).perform();
        return this;
    }

    /** Presses Tab until the focus is on what the selector names; a person who cannot get there cannot use it. */
    Browser tabTo(String css) {
        for (int presses = 0; presses <= 80; presses++) {
            if (isFocused(css)) {
                return this;
            }
            press(Keys.TAB);
        }
        throw new AssertionError(css + " is not reached by 80 presses of Tab on " + path());
    }

    boolean isFocused(String css) {
        return Boolean.TRUE.equals(
                read("return !!document.activeElement && document.activeElement.matches(arguments[0])", css));
    }

    boolean has(String css) {
        return count(css) > 0;
    }

    int count(String css) {
        return ((Number) read("return document.querySelectorAll(arguments[0]).length", css)).intValue();
    }

    /** What is written there, as it is laid out; empty where there is nothing of the kind. */
    String text(String css) {
        return (String) read("return document.querySelector(arguments[0])?.innerText ?? ''", css);
    }

    List<String> texts(String css) {
        return strings(read("return [...document.querySelectorAll(arguments[0])].map(e => e.textContent.trim())", css));
    }

    /** An attribute of each element of a kind by another attribute of it. */
    Map<String, String> attributes(String css, String key, String value) {
        Map<String, String> found = new HashMap<>();
        for (String pair : strings(read(
                "return [...document.querySelectorAll(arguments[0])].map(e => e.getAttribute(arguments[1]) + ' ' + e.getAttribute(arguments[2]))",
                css,
                key,
                value))) {
            String[] both = pair.split(" ", 2);
            found.put(both[0], both[1]);
        }
        return found;
    }

    static List<String> strings(Object list) {
        return ((List<?>) list).stream().map(String.class::cast).toList();
    }

    /** What a script in the page returns. Scripts look; they do not act. */
    Object read(String script, Object... arguments) {
        return driver.executeScript(script, arguments);
    }

    /** Waits until something is so; what is not there yet, or not any more, is not so. */
    Browser await(String what, Callable<Boolean> condition) {
        try {
            Awaitility.await(what)
                    .atMost(PATIENCE)
                    .pollInterval(Duration.ofMillis(50))
                    .ignoreExceptionsInstanceOf(WebDriverException.class)
                    .until(condition);
            return this;
        } catch (ConditionTimeoutException late) {
            picture("late");
            throw new AssertionError("waited for " + what + " on " + path() + ", which shows:\n" + text("main"), late);
        }
    }

    /** Roles and names as assistive technology is told them, of everything that takes the focus. */
    List<Control> controls() {
        List<Control> controls = new ArrayList<>();
        Map<?, ?> tree = cdp("Accessibility.getFullAXTree", Map.of());
        for (Object element : (List<?>) tree.get("nodes")) {
            Map<?, ?> node = (Map<?, ?>) element;
            boolean focusable = node.get("properties") instanceof List<?> properties
                    && properties.stream()
                            .map(property -> (Map<?, ?>) property)
                            .anyMatch(property -> "focusable".equals(property.get("name"))
                                    && Boolean.TRUE.equals(((Map<?, ?>) property.get("value")).get("value")));
            if (focusable && !Boolean.TRUE.equals(node.get("ignored"))) {
                controls.add(new Control(said(node.get("role")), said(node.get("name"))));
            }
        }
        return controls;
    }

    record Control(String role, String name) {}

    private static String said(Object value) {
        return value instanceof Map<?, ?> map && map.get("value") != null
                ? map.get("value").toString()
                : "";
    }

    /**
     * What the console complained about since it was asked last: errors of scripts, refused by the content security policy, not
     * found.
     *
     * @param expected parts of complaints that belong to the test
     */
    List<String> complaints(String... expected) {
        driver.manage().logs().get(LogType.BROWSER).getAll().stream()
                .filter(entry -> entry.getLevel().intValue() >= Level.WARNING.intValue())
                .map(entry -> entry.getLevel() + " " + entry.getMessage())
                .forEach(complaints::add);
        List<String> told = complaints.stream()
                .filter(complaint -> Arrays.stream(expected).noneMatch(complaint::contains))
                .toList();
        complaints.clear();
        return told;
    }

    /** A picture of the whole page, below the fold included, in {@code target/screenshots}. */
    Path picture(String name) {
        Number tall = (Number) read("return document.documentElement.scrollHeight");
        layOut(width, Math.max(height, tall.intValue()));
        Map<String, Object> shot = cdp("Page.captureScreenshot", Map.of("format", "png"));
        layOut(width, height);
        try {
            Files.createDirectories(PICTURES);
            return Files.write(
                    PICTURES.resolve(name + ".png"), Base64.getDecoder().decode((String) shot.get("data")));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Map<String, Object> cdp(String command, Map<String, Object> parameters) {
        return driver.executeCdpCommand(command, parameters);
    }

    @Override
    public void close() {
        driver.quit();
        try (Stream<Path> files = Files.walk(profile)) {
            files.sorted(Comparator.reverseOrder()).map(Path::toFile).forEach(File::delete);
        } catch (IOException | UncheckedIOException stillWritten) {
            // A temporary folder: a process of the browser that ends late may still write there.
        }
    }
}
