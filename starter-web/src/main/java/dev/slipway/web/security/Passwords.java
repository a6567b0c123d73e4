package dev.slipway.web.security;

import dev.slipway.workflows.problem.Problem;
import dev.slipway.workflows.problem.ProblemCode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Semaphore;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.security.crypto.argon2.Argon2PasswordEncoder;
import org.springframework.security.crypto.password.DelegatingPasswordEncoder;
import org.springframework.security.crypto.password.PasswordEncoder;
import org.springframework.stereotype.Component;

/**
 * What a password must be (NIST SP 800-63B: long rather than odd), and how it is kept: Argon2id, with the algorithm's name, so that
 * another one can follow. Encoding takes 16 MiB and some 50 ms; a few at once and no more.
 */
@Component
public final class Passwords {
    public static final int SHORTEST = 12;
    static final int LONGEST = 200;
    private static final int FEWEST_DIFFERENT = 5;
    private static final int AT_ONCE = 4;
    private static final Pattern NAME = Pattern.compile("[a-z0-9](?:[a-z0-9._-]{0,61}[a-z0-9])?");

    private final PasswordEncoder encoder = new DelegatingPasswordEncoder(
            "argon2", Map.of("argon2", Argon2PasswordEncoder.defaultsForSpringSecurity_v5_8()));
    private final Semaphore turns = new Semaphore(AT_ONCE);
    private final String nobodys = encoder.encode("nobody has this password");

    /** Everything that speaks against a name for a person or a service. */
    public static List<Problem> checkName(String name) {
        return NAME.matcher(name).matches()
                ? List.of()
                : List.of(Problem.of(ProblemCode.PEOPLE_NAME, "name", "name", name));
    }

    /** Everything that speaks against a new password. */
    public static List<Problem> check(String name, String password, String repeated) {
        List<Problem> problems = new ArrayList<>();
        boolean guessable =
                password.toLowerCase(Locale.ROOT).contains(name.toLowerCase(Locale.ROOT)) && name.length() > 2;
        if (password.length() < SHORTEST
                || password.length() > LONGEST
                || password.chars().distinct().count() < FEWEST_DIFFERENT
                || guessable) {
            problems.add(Problem.of(
                    ProblemCode.PASSWORD_WEAK,
                    "password",
                    "shortest",
                    Integer.toString(SHORTEST),
                    "longest",
                    Integer.toString(LONGEST),
                    "different",
                    Integer.toString(FEWEST_DIFFERENT)));
        }
        if (!password.equals(repeated)) {
            problems.add(Problem.of(ProblemCode.PASSWORD_DIFFERS, "repeat"));
        }
        return problems;
    }

    public String encode(String password) {
        return inTurn(() -> encoder.encode(password));
    }

    /** Takes as long for a name that nobody has: {@code encoded} is {@code null} then. */
    public boolean matches(String password, @Nullable String encoded) {
        if (password.length() > LONGEST) {
            return false;
        }
        boolean same = inTurn(() -> encoder.matches(password, encoded == null ? nobodys : encoded));
        return same && encoded != null;
    }

    private <T> T inTurn(java.util.function.Supplier<T> work) {
        turns.acquireUninterruptibly();
        try {
            return work.get();
        } finally {
            turns.release();
        }
    }
}
