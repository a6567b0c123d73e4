package dev.slipway.activities.store;

import dev.slipway.activities.hash.Sha256;
import dev.slipway.activities.threads.Together;
import dev.slipway.workflows.people.Grant;
import java.security.SecureRandom;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.DataIntegrityViolationException;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Chats: their connections, who their users are here, and the commands that came. Secrets and response addresses are sealed. */
public final class ChatStore implements AutoCloseable {
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final int CODE_BYTES = 24;

    /**
     * A chat whose commands are taken.
     *
     * @param verification {@code signature} or {@code token}
     * @param hosts where answers may be sent
     */
    public record Connection(
            String name,
            String provider,
            String verification,
            Secret secret,
            List<String> hosts,
            boolean enabled,
            Instant createdAt,
            String createdBy) {
        public Connection {
            hosts = List.copyOf(hosts);
        }
    }

    /** Somebody in a chat, as the chat says. */
    public record ChatUser(String connection, String team, String teamName, String user, String userName) {}

    /** @param locale language tag of the page on which it was linked */
    public record Account(String id, ChatUser who, String userId, String locale, Instant linkedAt) {}

    /** @param person whom it is linked to, as of now; {@code null}: that person was removed */
    public record Linked(Account account, @Nullable LinkedPerson person) {}

    /** @param grants what the person may do at this moment */
    public record LinkedPerson(String id, String name, List<Grant> grants) {
        public LinkedPerson {
            grants = List.copyOf(grants);
        }
    }

    /** @param runId what it started, or is to end; {@code null}: nothing yet */
    public record Command(
            String id,
            String connection,
            String team,
            String user,
            String text,
            @Nullable Secret responseUrl,
            Instant receivedAt,
            @Nullable String runId,
            int attempts) {}

    /**
     * What became of a delivery.
     *
     * @param isNew the first one of this command
     * @param same the recorded delivery had the same signature
     * @param age of the recorded one
     */
    public record Received(String id, boolean isNew, boolean same, Duration age) {}

    private static final String LINKED = """
            select c.*, p.name as person, g.role, coalesce(g.application_id, e.application_id) as application_id,
                g.environment_id
            from chat_account c
            left join person p on p.id = c.user_id and p.removed_at is null
            left join role_grant g on g.person_id = p.id
            left join environment e on e.id = g.environment_id
            """;

    private static final int MOST_AT_ONCE = 200;

    private final JdbcClient jdbc;
    private final JdbcClient arriving;
    private final SecretBox box;
    private final Together<Arrival, Boolean> intake = new Together<>("chat-intake", MOST_AT_ONCE, this::recorded);

    /** @param arrivals for the one thread that records commands: every chat that sent one waits for it */
    public ChatStore(JdbcClient jdbc, DataSource arrivals, SecretBox box) {
        this.jdbc = jdbc;
        this.arriving = JdbcClient.create(arrivals);
        this.box = box;
    }

    /** By name. */
    public List<Connection> connections() {
        return jdbc.sql("select * from chat_connection order by name")
                .query(this::connectionRow)
                .list();
    }

    public Optional<Connection> connection(String name) {
        return jdbc.sql("select * from chat_connection where name = :name")
                .param("name", name)
                .query(this::connectionRow)
                .optional();
    }

    /** Adds it, or puts it in the place of the one of that name, whose accounts stay. */
    public void put(
            String name,
            String provider,
            String verification,
            Secret secret,
            List<String> hosts,
            boolean enabled,
            String by) {
        jdbc.sql("""
                        insert into chat_connection (name, provider, verification, secret, hosts, enabled, created_by)
                        values (:name, :provider, :verification, :secret, :hosts, :enabled, :by)
                        on conflict (name) do update set verification = excluded.verification, secret = excluded.secret,
                            hosts = excluded.hosts, enabled = excluded.enabled
                        """)
                .param("name", name)
                .param("provider", provider)
                .param("verification", verification)
                .param("secret", box.seal(secret, secretContext(name)))
                .param("hosts", String.join("\n", hosts))
                .param("enabled", enabled)
                .param("by", by)
                .update();
    }

    /** With its accounts and commands. Whether there was one. */
    public boolean remove(String name) {
        return jdbc.sql("delete from chat_connection where name = :name")
                        .param("name", name)
                        .update()
                == 1;
    }

    private Connection connectionRow(ResultSet row, int number) throws SQLException {
        String name = row.getString("name");
        return new Connection(
                name,
                row.getString("provider"),
                row.getString("verification"),
                box.openSecret(row.getBytes("secret"), secretContext(name)),
                row.getString("hosts").lines().toList(),
                row.getBoolean("enabled"),
                row.getTimestamp("created_at").toInstant(),
                row.getString("created_by"));
    }

    /** @return a code by which, once and for so long, a signed-in person becomes this chat user's person */
    public String offerLink(ChatUser who, Duration valid) {
        byte[] random = new byte[CODE_BYTES];
        RANDOM.nextBytes(random);
        String code = Base64.getUrlEncoder().withoutPadding().encodeToString(random);
        jdbc.sql("""
                        insert into chat_link (code_hash, connection, team, team_name, chat_user, chat_user_name, expires_at)
                        values (:hash, :connection, :team, :teamName, :user, :userName,
                            now() + make_interval(secs => :seconds))
                        """)
                .param("hash", Sha256.hex(code))
                .param("connection", who.connection())
                .param("team", who.team())
                .param("teamName", who.teamName())
                .param("user", who.user())
                .param("userName", who.userName())
                .param("seconds", (double) valid.toSeconds())
                .update();
        return code;
    }

    /** Empty: there is no such code, or it was used, or its time is over. */
    public Optional<ChatUser> offered(String code) {
        return jdbc.sql("select * from chat_link where code_hash = :hash and expires_at > now()")
                .param("hash", Sha256.hex(code))
                .query(ChatStore::user)
                .optional();
    }

    /** Uses the code up. Another person who was linked to the chat user before is so no more. */
    public Optional<Account> link(String code, String userId, String locale) {
        Optional<ChatUser> who = jdbc.sql(
                        "delete from chat_link where code_hash = :hash and expires_at > now() returning *")
                .param("hash", Sha256.hex(code))
                .query(ChatStore::user)
                .optional();
        return who.map(user -> link(user, userId, locale));
    }

    private Account link(ChatUser who, String userId, String locale) {
        return jdbc.sql("""
                        insert into chat_account
                            (id, connection, team, team_name, chat_user, chat_user_name, user_id, locale)
                        values (:id, :connection, :team, :teamName, :user, :userName, :person, :locale)
                        on conflict (connection, team, chat_user) do update set id = excluded.id, user_id = excluded.user_id,
                            team_name = excluded.team_name, chat_user_name = excluded.chat_user_name,
                            locale = excluded.locale, linked_at = now()
                        returning *
                        """)
                .param("id", Ids.next())
                .param("connection", who.connection())
                .param("team", who.team())
                .param("teamName", who.teamName())
                .param("user", who.user())
                .param("userName", who.userName())
                .param("person", userId)
                .param("locale", locale)
                .query(ChatStore::account)
                .single();
    }

    /** Who a chat user is here, asked once. */
    public Optional<Linked> linked(String connection, String team, String user) {
        return whole(jdbc.sql(LINKED + "where c.connection = :connection and c.team = :team and c.chat_user = :user")
                        .param("connection", connection)
                        .param("team", team)
                        .param("user", user)
                        .query(ChatStore::part)
                        .list())
                .stream()
                .findFirst();
    }

    /** @param userId {@code null}: of everybody */
    public List<Linked> linked(@Nullable String userId) {
        return whole(jdbc.sql(LINKED + """
                        where cast(:person as text) is null or c.user_id = :person
                        order by c.connection, c.team_name, c.chat_user_name, c.id
                        """)
                .param("person", userId)
                .query(ChatStore::part)
                .list());
    }

    private record Part(
            Account account,
            @Nullable String person,
            @Nullable Grant grant) {}

    private static Part part(ResultSet row, int number) throws SQLException {
        return new Part(
                account(row, number),
                row.getString("person"),
                row.getString("role") == null ? null : PersonStore.grantRow(row, number));
    }

    private static List<Linked> whole(List<Part> parts) {
        Map<String, List<Part>> byAccount = parts.stream()
                .collect(Collectors.groupingBy(part -> part.account().id(), LinkedHashMap::new, Collectors.toList()));
        return byAccount.values().stream().map(ChatStore::one).toList();
    }

    private static Linked one(List<Part> parts) {
        Account account = parts.get(0).account();
        String name = parts.get(0).person();
        List<Grant> grants =
                parts.stream().flatMap(part -> Stream.ofNullable(part.grant())).toList();
        return new Linked(account, name == null ? null : new LinkedPerson(account.userId(), name, grants));
    }

    public Optional<Account> account(String id) {
        return jdbc.sql("select * from chat_account where id = :id")
                .param("id", id)
                .query(ChatStore::account)
                .optional();
    }

    /** Whether there was one. */
    public boolean unlink(String id) {
        return jdbc.sql("delete from chat_account where id = :id")
                        .param("id", id)
                        .update()
                == 1;
    }

    /**
     * Records a delivery. However many come of one command, and at once, there is one row. Those that come at the same time are
     * recorded by one commit.
     *
     * @param dedupKey of the command
     * @param fingerprint of the delivery
     * @param work whether there is more to do than to answer at once
     */
    public Received receive(
            ChatUser who,
            String dedupKey,
            String fingerprint,
            String text,
            @Nullable Secret responseUrl,
            boolean work) {
        String id = Ids.next();
        Arrival arrival = new Arrival(
                id,
                who,
                dedupKey,
                fingerprint,
                text,
                responseUrl == null ? null : box.seal(responseUrl, urlContext(id)),
                work ? "new" : "answered");
        if (isFirst(arrival)) {
            return new Received(id, true, true, Duration.ZERO);
        }
        return jdbc.sql("""
                        select id, fingerprint, extract(epoch from now() - received_at) as age from chat_command
                        where connection = :connection and dedup_key = :key
                        """)
                .param("connection", who.connection())
                .param("key", dedupKey)
                .query((row, number) -> new Received(
                        row.getString("id"),
                        false,
                        row.getString("fingerprint").equals(fingerprint),
                        Duration.ofMillis((long) (row.getDouble("age") * 1000))))
                .single();
    }

    /** @param url sealed */
    private record Arrival(
            String id,
            ChatUser who,
            String dedupKey,
            String fingerprint,
            String text,
            byte @Nullable [] url,
            String state) {}

    private boolean isFirst(Arrival arrival) {
        try {
            return intake.ask(arrival);
        } catch (DataIntegrityViolationException oneOfThem) {
            // Its connection was just removed, say: the others have nothing to do with that.
            return recorded(List.of(arrival)).get(0);
        }
    }

    /** Whether each is the first of its command. */
    private List<Boolean> recorded(List<Arrival> arrivals) {
        // Two processes that record the same commands must not wait for each other.
        List<Arrival> inOrder = arrivals.stream()
                .sorted(Comparator.comparing((Arrival one) -> one.who().connection())
                        .thenComparing(Arrival::dedupKey))
                .toList();
        Set<String> first = Set.copyOf(arriving.sql("""
                        insert into chat_command
                            (id, connection, dedup_key, fingerprint, team, chat_user, text, response_url, state)
                        select * from unnest(:ids, :connections, :keys, :fingerprints, :teams, :users, :texts, :urls, :states)
                        on conflict (connection, dedup_key) do nothing
                        returning id
                        """)
                .param("ids", texts(inOrder, Arrival::id))
                .param("connections", texts(inOrder, one -> one.who().connection()))
                .param("keys", texts(inOrder, Arrival::dedupKey))
                .param("fingerprints", texts(inOrder, Arrival::fingerprint))
                .param("teams", texts(inOrder, one -> one.who().team()))
                .param("users", texts(inOrder, one -> one.who().user()))
                .param("texts", texts(inOrder, Arrival::text))
                .param("urls", inOrder.stream().map(Arrival::url).toArray(byte[][]::new))
                .param("states", texts(inOrder, Arrival::state))
                .query(String.class)
                .list());
        return arrivals.stream().map(one -> first.contains(one.id())).toList();
    }

    private static String[] texts(List<Arrival> arrivals, Function<Arrival, String> column) {
        return arrivals.stream().map(column).toArray(String[]::new);
    }

    /** The command, if nobody else works on it; then nobody else does for so long. */
    public Optional<Command> take(String id, Duration lease) {
        return jdbc.sql("""
                        update chat_command set leased_until = now() + make_interval(secs => :seconds), attempts = attempts + 1
                        where id = :id and state = 'new' and (leased_until is null or leased_until < now())
                        returning *
                        """)
                .param("id", id)
                .param("seconds", (double) lease.toSeconds())
                .query(this::command)
                .optional();
    }

    /** Ids of commands that nobody works on, oldest first. @param olderThan whoever recorded a newer one is about to begin */
    public List<String> waiting(Duration olderThan, int limit) {
        return jdbc.sql("""
                        select id from chat_command
                        where state = 'new' and (leased_until is null or leased_until < now())
                          and received_at < now() - make_interval(secs => :seconds)
                        order by received_at limit :limit
                        """)
                .param("seconds", (double) olderThan.toSeconds())
                .param("limit", limit)
                .query(String.class)
                .list();
    }

    /** What the command is about, before it is done: an attempt after a crash is about the same. */
    public void pin(String id, String runId) {
        jdbc.sql("update chat_command set run_id = :run where id = :id")
                .param("run", runId)
                .param("id", id)
                .update();
    }

    /** Its run is told of when it is over. */
    public void started(String id, String runId) {
        jdbc.sql("update chat_command set state = 'started', run_id = :run, leased_until = null where id = :id")
                .param("run", runId)
                .param("id", id)
                .update();
    }

    public void done(String id) {
        jdbc.sql("update chat_command set state = 'done', leased_until = null where id = :id")
                .param("id", id)
                .update();
    }

    /** Commands whose runs are over and were not told of yet; nobody else gets them for so long. */
    public List<Command> over(Duration lease, int limit) {
        return jdbc.sql("""
                        update chat_command set leased_until = now() + make_interval(secs => :seconds)
                        where id in (
                            select c.id from chat_command c
                            where c.state = 'started' and (c.leased_until is null or c.leased_until < now())
                              and exists (select from run r where r.id = c.run_id and r.state = 'finished')
                            order by c.received_at limit :limit for update of c skip locked)
                        returning *
                        """)
                .param("seconds", (double) lease.toSeconds())
                .param("limit", limit)
                .query(this::command)
                .list();
    }

    /** Forgets what is old, and codes that nobody used. */
    public void forget(Duration commands) {
        jdbc.sql("delete from chat_command where received_at < now() - make_interval(secs => :seconds)")
                .param("seconds", (double) commands.toSeconds())
                .update();
        jdbc.sql("delete from chat_link where expires_at < now()").update();
    }

    @Override
    public void close() {
        intake.close();
    }

    private Command command(ResultSet row, int number) throws SQLException {
        String id = row.getString("id");
        byte[] url = row.getBytes("response_url");
        return new Command(
                id,
                row.getString("connection"),
                row.getString("team"),
                row.getString("chat_user"),
                row.getString("text"),
                url == null ? null : box.openSecret(url, urlContext(id)),
                row.getTimestamp("received_at").toInstant(),
                row.getString("run_id"),
                row.getInt("attempts"));
    }

    private static ChatUser user(ResultSet row, int number) throws SQLException {
        return new ChatUser(
                row.getString("connection"),
                row.getString("team"),
                row.getString("team_name"),
                row.getString("chat_user"),
                row.getString("chat_user_name"));
    }

    private static Account account(ResultSet row, int number) throws SQLException {
        return new Account(
                row.getString("id"),
                user(row, number),
                row.getString("user_id"),
                row.getString("locale"),
                row.getTimestamp("linked_at").toInstant());
    }

    private static String secretContext(String name) {
        return "chat/" + name;
    }

    private static String urlContext(String id) {
        return "chat-command/" + id;
    }
}
