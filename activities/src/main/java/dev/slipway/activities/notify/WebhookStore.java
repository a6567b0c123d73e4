package dev.slipway.activities.notify;

import dev.slipway.activities.notify.Webhook.Event;
import dev.slipway.activities.store.Secret;
import dev.slipway.activities.store.SecretBox;
import dev.slipway.workflows.problem.Problem;
import dev.slipway.workflows.problem.ProblemCode;
import dev.slipway.workflows.problem.ProblemException;
import java.security.SecureRandom;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Webhooks; addresses and secrets sealed with the master key. */
public final class WebhookStore {
    /** How long a replaced secret signs beside the new one. */
    public static final Duration OVERLAP = Duration.ofHours(24);

    private static final SecureRandom RANDOM = new SecureRandom();
    private static final String SELECT = """
            select w.*, a.name as application, e.name as environment from webhook w
            left join application a on a.id = w.application_id
            left join environment e on e.id = w.environment_id
            """;

    private final JdbcClient jdbc;
    private final SecretBox box;

    public WebhookStore(JdbcClient jdbc, SecretBox box) {
        this.jdbc = jdbc;
        this.box = box;
    }

    /**
     * @param applicationId {@code null}: of all
     * @param environmentId {@code null}: of all
     */
    public record Wanted(
            String name,
            Secret address,
            List<Event> events,
            @Nullable String applicationId,
            @Nullable String environmentId,
            boolean enabled) {
        public Wanted {
            events = List.copyOf(events);
        }
    }

    /** What a message is sent with. */
    record Receiver(String address, List<Secret> secrets) {}

    /**
     * @return its secret, which is never told again
     * @throws ProblemException {@code SLP-WEBHOOK-EXISTS}
     */
    public Secret add(Wanted wanted, String who) {
        Secret secret = newSecret();
        try {
            jdbc.sql("""
                            insert into webhook (name, address, secret, events, application_id, environment_id, enabled, created_by)
                            values (:name, :address, :secret, :events, :application, :environment, :enabled, :who)
                            """)
                    .param("name", wanted.name())
                    .param("address", box.seal(wanted.address(), context(wanted.name(), "address")))
                    .param("secret", box.seal(secret, context(wanted.name(), "secret")))
                    .param("events", words(wanted.events()))
                    .param("application", wanted.applicationId())
                    .param("environment", wanted.environmentId())
                    .param("enabled", wanted.enabled())
                    .param("who", who)
                    .update();
        } catch (DuplicateKeyException e) {
            throw new ProblemException(Problem.of(ProblemCode.WEBHOOK_EXISTS, wanted.name(), "name", wanted.name()), e);
        }
        return secret;
    }

    /** All but name and secret. Whether there was one. */
    public boolean change(Wanted wanted) {
        return jdbc.sql("""
                        update webhook set address = :address, events = :events, application_id = :application,
                            environment_id = :environment, enabled = :enabled
                        where name = :name
                        """)
                        .param("name", wanted.name())
                        .param("address", box.seal(wanted.address(), context(wanted.name(), "address")))
                        .param("events", words(wanted.events()))
                        .param("application", wanted.applicationId())
                        .param("environment", wanted.environmentId())
                        .param("enabled", wanted.enabled())
                        .update()
                == 1;
    }

    /** A new secret; the one before signs beside it for a day. Empty: there is no such webhook. */
    public Optional<Secret> rotate(String name) {
        Secret secret = newSecret();
        // Sealed for the place it is moved to.
        Optional<byte[]> now = jdbc.sql("select secret from webhook where name = :name")
                .param("name", name)
                .query(byte[].class)
                .optional();
        if (now.isEmpty()) {
            return Optional.empty();
        }
        jdbc.sql("""
                        update webhook set secret = :secret, old_secret = :old, old_until = :until where name = :name
                        """)
                .param("name", name)
                .param("secret", box.seal(secret, context(name, "secret")))
                .param("old", box.seal(box.openSecret(now.get(), context(name, "secret")), context(name, "old")))
                .param("until", Timestamp.from(Instant.now().plus(OVERLAP)))
                .update();
        return Optional.of(secret);
    }

    /** Whether there was one. */
    public boolean remove(String name) {
        return jdbc.sql("delete from webhook where name = :name")
                        .param("name", name)
                        .update()
                == 1;
    }

    /** By name. */
    public List<Webhook> list() {
        return jdbc.sql(SELECT + " order by w.name").query(this::webhook).list();
    }

    public Optional<Webhook> find(String name) {
        return jdbc.sql(SELECT + " where w.name = :name")
                .param("name", name)
                .query(this::webhook)
                .optional();
    }

    /** Those that are told of runs of an environment. */
    List<Webhook> of(String applicationId, String environmentId) {
        return jdbc.sql(SELECT + """
                         where w.enabled and (w.application_id is null or w.application_id = :application)
                           and (w.environment_id is null or w.environment_id = :environment) order by w.name
                        """)
                .param("application", applicationId)
                .param("environment", environmentId)
                .query(this::webhook)
                .list();
    }

    /** Empty: there is none any more, or it is switched off. */
    Optional<Receiver> receiver(String name) {
        return jdbc.sql("select * from webhook where name = :name and enabled")
                .param("name", name)
                .query((row, number) -> {
                    Secret secret = box.openSecret(row.getBytes("secret"), context(name, "secret"));
                    Timestamp until = row.getTimestamp("old_until");
                    boolean both = until != null && until.toInstant().isAfter(Instant.now());
                    return new Receiver(
                            box.openSecret(row.getBytes("address"), context(name, "address"))
                                    .reveal(),
                            both
                                    ? List.of(secret, box.openSecret(row.getBytes("old_secret"), context(name, "old")))
                                    : List.of(secret));
                })
                .optional();
    }

    private Webhook webhook(ResultSet row, int number) throws SQLException {
        String name = row.getString("name");
        Timestamp until = row.getTimestamp("old_until");
        return new Webhook(
                name,
                box.openSecret(row.getBytes("address"), context(name, "address"))
                        .reveal(),
                Arrays.stream(row.getString("events").split(","))
                        .flatMap(word -> Event.of(word).stream())
                        .toList(),
                row.getString("application"),
                row.getString("environment"),
                row.getBoolean("enabled"),
                row.getString("created_by"),
                row.getTimestamp("created_at").toInstant(),
                until == null || until.toInstant().isBefore(Instant.now()) ? null : until.toInstant());
    }

    private static String words(List<Event> events) {
        return events.stream().map(Event::word).distinct().collect(Collectors.joining(","));
    }

    private static Secret newSecret() {
        byte[] bytes = new byte[32];
        RANDOM.nextBytes(bytes);
        return Secret.of("whsec_" + Base64.getUrlEncoder().withoutPadding().encodeToString(bytes));
    }

    private static String context(String name, String what) {
        return "webhook/" + name + "/" + what;
    }
}
