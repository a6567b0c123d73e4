package dev.slipway.tests.support;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What a person types into the form behind a one-time link. */
public final class SignInForm {
    /** Taken by every form that asks for one. */
    public static final String PASSWORD = "a sentence for this test";

    private static final Pattern CSRF = Pattern.compile("name=\"_csrf\"[^>]*value=\"([^\"]+)\"");
    private static final AtomicInteger NEXT = new AtomicInteger();

    private SignInForm() {}

    /** A name that nobody has yet. */
    public static String name() {
        return "admin-" + NEXT.incrementAndGet();
    }

    /** The body of the form on that page: a new name, and the password. */
    public static String filled(String html) {
        Matcher csrf = CSRF.matcher(html);
        if (!csrf.find()) {
            throw new AssertionError("no form on the sign-in page:\n" + html);
        }
        String password = PASSWORD.replace(' ', '+');
        return "_csrf=" + csrf.group(1) + "&name=" + name() + "&password=" + password + "&repeat=" + password;
    }
}
