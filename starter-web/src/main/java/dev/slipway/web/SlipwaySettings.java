package dev.slipway.web;

import dev.slipway.activities.build.kaniko.KanikoProfile;
import dev.slipway.activities.detect.Bases;
import dev.slipway.activities.kubernetes.render.PullSecret;
import dev.slipway.activities.outbound.OutboundGuard;
import dev.slipway.activities.registry.Trust;
import dev.slipway.activities.store.Secret;
import dev.slipway.activities.store.SecretBox;
import dev.slipway.workflows.application.ImageReference;
import dev.slipway.workflows.problem.Problem;
import dev.slipway.workflows.problem.ProblemCode;
import dev.slipway.workflows.problem.ProblemException;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * Every setting of Slipway, by property ({@code slipway.data}) or environment variable ({@code SLIPWAY_DATA}). Nothing has to
 * be set: what is missing is embedded. A value that cannot work stops the start with {@code SLP-START-SETTING}.
 *
 * @param data where Slipway keeps its state; default {@code .slipway} in the user's home; {@code ~} is understood
 * @param cache where unpacked programs are kept, shared by all data folders of this user, safe to delete; default
 *     {@code .cache/slipway} in the user's home
 * @param roles what this process does: {@code web}, {@code worker}; default both
 * @param port of the pages and the API; default 8080; 0 takes a free one
 * @param address the pages and the API listen on; default 127.0.0.1, so that nobody else reaches them
 * @param hosts names under which the pages may be asked for, beside this machine's own loopback names; default none
 * @param registries other registries that ask for a login, speak plain HTTP or have a certificate of their own; default none:
 *     each is met by its name, anonymously, over HTTPS
 * @param url where people reach the pages, {@code https://slipway.example}: what links in messages begin with; null: made of
 *     address and port
 * @param demo whether the demo application is offered; default true
 */
@ConfigurationProperties(value = "slipway", ignoreUnknownFields = false)
public record SlipwaySettings(
        @DefaultValue("~/.slipway") String data,
        @DefaultValue("~/.cache/slipway") String cache,
        @DefaultValue({"web", "worker"}) Set<Role> roles,
        @DefaultValue("8080") int port,
        @DefaultValue("127.0.0.1") String address,
        @DefaultValue List<String> hosts,
        @DefaultValue Temporal temporal,
        @DefaultValue Database database,
        @DefaultValue Registry registry,
        @DefaultValue List<OtherRegistry> registries,
        @DefaultValue Git git,
        @DefaultValue Deploy deploy,
        @DefaultValue Builds builds,
        @DefaultValue Api api,
        @DefaultValue Hooks hooks,
        @DefaultValue List<Cluster> clusters,
        @DefaultValue Security security,
        @DefaultValue Outbound outbound,
        @Nullable String url,
        @DefaultValue Tls tls,
        @DefaultValue("true") boolean demo) {

    private static final Pattern HOST_PORT = Pattern.compile("[A-Za-z0-9._\\[\\]:-]+:\\d{1,5}");
    private static final Pattern QUANTITY = Pattern.compile("[1-9][0-9]{0,9}(?:[KMGT]i?)?");
    private static final Pattern MIRROR_PATH = Pattern.compile("[a-z0-9]+(?:[._/-]+[a-z0-9]+)*");
    private static final Pattern CLUSTER_NAME = Pattern.compile("[a-z0-9]([a-z0-9-]{0,38}[a-z0-9])?");

    public SlipwaySettings {
        check(!data.isBlank(), "slipway.data", data, "a folder");
        check(!cache.isBlank(), "slipway.cache", cache, "a folder");
        check(!roles.isEmpty(), "slipway.roles", "", "web, worker");
        checkPort("slipway.port", port);
        check(!address.isBlank(), "slipway.address", address, "127.0.0.1");
        url = blankToNull(url);
        check(url == null || isUrl(url), "slipway.url", url, "https://slipway.example");
        url = url == null ? null : url.replaceAll("/+$", "");
        roles = Set.copyOf(roles);
        hosts = hosts.stream().map(host -> host.toLowerCase(Locale.ROOT)).toList();
        clusters = List.copyOf(clusters);
        registries = List.copyOf(registries);
        OtherRegistries.check(registries, registry.address());
        Set<String> names = new HashSet<>();
        for (int i = 0; i < clusters.size(); i++) {
            check(
                    names.add(clusters.get(i).name()),
                    "slipway.clusters[" + i + "].name",
                    clusters.get(i).name(),
                    "a name that no other cluster has");
        }
    }

    /** What a process does. */
    public enum Role {
        /** Serves pages and API. */
        WEB,
        /** Runs workflows and activities, talks to clusters. */
        WORKER
    }

    /** {@link #data} as an absolute path. */
    public Path dataFolder() {
        return home(data);
    }

    /** {@link #cache} as an absolute path. */
    public Path cacheFolder() {
        return home(cache);
    }

    public boolean hasRole(Role role) {
        return roles.contains(role);
    }

    /**
     * The durable engine.
     *
     * @param target {@code host:port} of a Temporal cluster; null: an embedded engine
     * @param namespace in that cluster; default {@code default}; it has to exist
     * @param tls whether the cluster is spoken to by TLS; default false; an API key implies it
     * @param apiKey for clusters that ask for one
     * @param cli the {@code temporal} program whose development server keeps runs on disk: a path, {@code auto} (default)
     *     for the one on the PATH, {@code none} to run the engine in this process, in memory
     */
    public record Temporal(
            @Nullable String target,
            @DefaultValue("default") String namespace,
            @DefaultValue("false") boolean tls,
            @Nullable Secret apiKey,
            @DefaultValue("auto") String cli) {
        public Temporal {
            target = blankToNull(target);
            apiKey = blankToNull(apiKey);
            check(
                    target == null || HOST_PORT.matcher(target).matches(),
                    "slipway.temporal.target",
                    target,
                    "temporal.example:7233");
            check(!namespace.isBlank(), "slipway.temporal.namespace", namespace, "default");
            check(
                    cli.equals("auto") || cli.equals("none") || Files.isExecutable(home(cli)),
                    "slipway.temporal.cli",
                    cli,
                    "auto, none, or the path of the temporal program");
        }
    }

    /**
     * The store.
     *
     * @param url {@code jdbc:postgresql://host/database}; null: an embedded PostgreSQL in the data folder
     * @param username of that database
     * @param password of that user
     */
    public record Database(
            @Nullable String url,
            @Nullable String username,
            @Nullable Secret password) {
        public Database {
            url = blankToNull(url);
            username = blankToNull(username);
            password = blankToNull(password);
            check(
                    url == null || url.startsWith("jdbc:postgresql:"),
                    "slipway.database.url",
                    withoutQuery(url),
                    "jdbc:postgresql://db.example/slipway");
        }
    }

    /**
     * Where images and templates are kept.
     *
     * @param address {@code host[:port]} of an OCI registry; null: an embedded one on {@code port}
     * @param insecure whether it is spoken to by plain HTTP; default false
     * @param username to sign in with; null: anonymous
     * @param password to sign in with
     * @param pullUsername clusters sign in with to pull, so that the login that pushes does not get into their namespaces; null:
     *     the same as {@code username}
     * @param pullPassword of that user
     * @param ca file of PEM certificates that may have signed the registry's, beside the usual ones; null: none
     * @param pullAddress how clusters reach the registry where that differs; needed before a real cluster can use the
     *     embedded one
     * @param port of the embedded registry on 127.0.0.1; default 5080; 0 takes a free one
     */
    public record Registry(
            @Nullable String address,
            @DefaultValue("false") boolean insecure,
            @Nullable String username,
            @Nullable Secret password,
            @Nullable String pullUsername,
            @Nullable Secret pullPassword,
            @Nullable String ca,
            @Nullable String pullAddress,
            @DefaultValue("5080") int port) {
        public Registry {
            address = blankToNull(address);
            username = blankToNull(username);
            password = blankToNull(password);
            pullUsername = blankToNull(pullUsername);
            pullPassword = blankToNull(pullPassword);
            ca = blankToNull(ca);
            pullAddress = blankToNull(pullAddress);
            check(
                    pullUsername == null || pullPassword != null,
                    "slipway.registry.pull-password",
                    "",
                    "the password of slipway.registry.pull-username");
            check(
                    pullPassword == null || pullUsername != null,
                    "slipway.registry.pull-username",
                    "",
                    "the user of slipway.registry.pull-password");
            check(OtherRegistries.certificates(ca), "slipway.registry.ca", ca, OtherRegistries.CERTIFICATES);
            checkPort("slipway.registry.port", port);
            checkAddress("slipway.registry.address", address);
            checkAddress("slipway.registry.pull-address", pullAddress);
        }

        /** {@link #ca} as an absolute path. */
        public @Nullable Path caFile() {
            return ca == null ? null : home(ca);
        }
    }

    /**
     * A registry that images and bases of builds come from, beside Slipway's own. Each environment that uses it gets a Secret to
     * pull with.
     *
     * @param address {@code host[:port]} as in image references; {@code docker.io} is Docker Hub
     * @param mirror {@code host[:port][/path]} that Slipway and builds ask in its place, and nobody else; the login, plain HTTP
     *     and certificates are the mirror's then. Nodes have a setting of their own for that; null: none
     * @param username to sign in with; null: anonymous
     * @param password of that user
     * @param pullUsername clusters sign in with to pull; null: the same as {@code username}
     * @param pullPassword of that user
     * @param insecure whether it is spoken to by plain HTTP; the nodes have a setting of their own for that; default false
     * @param ca file of PEM certificates that may have signed the registry's, beside the usual ones; null: none
     */
    public record OtherRegistry(
            @DefaultValue("") String address,
            @Nullable String mirror,
            @Nullable String username,
            @Nullable Secret password,
            @Nullable String pullUsername,
            @Nullable Secret pullPassword,
            @DefaultValue("false") boolean insecure,
            @Nullable String ca) {
        private static final Set<String> DOCKER_HUB = Set.of("docker.io", "index.docker.io", "registry-1.docker.io");

        public OtherRegistry {
            address = address.strip().toLowerCase(Locale.ROOT);
            address = DOCKER_HUB.contains(address) ? "docker.io" : address;
            mirror = blankToNull(mirror);
            username = blankToNull(username);
            password = blankToNull(password);
            pullUsername = blankToNull(pullUsername);
            pullPassword = blankToNull(pullPassword);
            ca = blankToNull(ca);
        }

        /** {@link #ca} as an absolute path. */
        public @Nullable Path caFile() {
            return ca == null ? null : home(ca);
        }
    }

    /** What is wrong with the registries, all at once: there may be many, and passwords come from elsewhere. */
    private static final class OtherRegistries {
        private static final String CERTIFICATES = "a file of certificates in PEM";

        private final List<Problem> problems = new ArrayList<>();

        static void check(List<OtherRegistry> registries, @Nullable String own) {
            OtherRegistries checked = new OtherRegistries();
            Set<String> names = new HashSet<>();
            for (int i = 0; i < registries.size(); i++) {
                OtherRegistry one = registries.get(i);
                String key = "slipway.registries[" + i + "]";
                checked.require(
                        !one.address().isEmpty() && isAddress(one.address()),
                        key + ".address",
                        one.address(),
                        "registry.example:5000, or docker.io");
                checked.require(
                        !one.address().equals(own) && !one.address().equals(ImageReference.OWN_REGISTRY),
                        key + ".address",
                        one.address(),
                        "another registry than Slipway's own, whose login is in slipway.registry");
                checked.require(
                        names.add(PullSecret.name(one.address())),
                        key + ".address",
                        one.address(),
                        "a registry that no other entry has");
                checked.require(
                        one.mirror() == null || isMirror(one.mirror()),
                        key + ".mirror",
                        one.mirror(),
                        "mirror.example:5000 or mirror.example/hub");
                checked.require(
                        one.mirror() == null || one.pullUsername() == null,
                        key + ".pull-username",
                        one.pullUsername(),
                        "nothing beside a mirror: nodes sign in to theirs by their own configuration");
                checked.login(key + ".", "username", one.username(), "password", one.password());
                checked.login(key + ".", "pull-username", one.pullUsername(), "pull-password", one.pullPassword());
                checked.require(certificates(one.ca()), key + ".ca", one.ca(), CERTIFICATES);
            }
            if (!checked.problems.isEmpty()) {
                throw new ProblemException(checked.problems);
            }
        }

        private void login(
                String prefix, String user, @Nullable String username, String word, @Nullable Secret password) {
            require(username == null || password != null, prefix + word, "", "the password of " + prefix + user);
            require(password == null || username != null, prefix + user, "", "the user of " + prefix + word);
        }

        private void require(boolean holds, String key, @Nullable String value, String expected) {
            if (!holds) {
                problems.add(Problem.of(
                        ProblemCode.START_SETTING, key, "value", value == null ? "" : value, "expected", expected));
            }
        }

        static boolean certificates(@Nullable String file) {
            try {
                return file == null || !Trust.read(home(file)).isEmpty();
            } catch (IOException notCertificates) {
                return false;
            }
        }
    }

    /**
     * Building Dockerfiles, in the clusters that are deployed to.
     *
     * @param image of Kaniko's executor, as image references are written; default the maintained fork
     * @param flavour whose Kaniko that is: {@code osscontainertools} (default) or {@code google}, the archived original
     * @param flags added to those of each build; default none
     * @param namespace that builds run in; default {@code slipway-builds}
     * @param atOnce most builds at the same time on one cluster; default 4
     * @param deadline of one build; default 30 min
     * @param memory most that one build may use, as Kubernetes writes it; default 4Gi
     * @param storage most of a node's disk that one build may use; default 20Gi
     * @param keepLogs the logs of so many of the newest builds are kept; default 500
     * @param keepLogsFor and of no build that ended longer ago; default 90 days
     * @param bases images that generated Dockerfiles begin with, {@code slipway.builds.bases.jre} and so on
     */
    public record Builds(
            @DefaultValue("docker.io/martizih/kaniko:v1.28.3")
            String image,

            @DefaultValue("osscontainertools") KanikoProfile.Flavour flavour,
            @DefaultValue List<String> flags,
            @DefaultValue("slipway-builds") String namespace,
            @DefaultValue("4") int atOnce,
            @DefaultValue("30m") Duration deadline,
            @DefaultValue("4Gi") String memory,
            @DefaultValue("20Gi") String storage,
            @DefaultValue("500") int keepLogs,
            @DefaultValue("90d") Duration keepLogsFor,
            @DefaultValue Bases bases) {
        public Builds {
            flags = List.copyOf(flags);
            check(isImage(image), "slipway.builds.image", image, "registry.example/kaniko:1.28");
            check(CLUSTER_NAME.matcher(namespace).matches(), "slipway.builds.namespace", namespace, "slipway-builds");
            check(atOnce > 0, "slipway.builds.at-once", Integer.toString(atOnce), "a number of at least 1");
            check(
                    deadline.toSeconds() >= 60 && deadline.toHours() < 24,
                    "slipway.builds.deadline",
                    deadline.toString(),
                    "30m");
            check(QUANTITY.matcher(memory).matches(), "slipway.builds.memory", memory, "4Gi");
            check(QUANTITY.matcher(storage).matches(), "slipway.builds.storage", storage, "20Gi");
            check(keepLogs >= 0, "slipway.builds.keep-logs", Integer.toString(keepLogs), "500");
            check(!keepLogsFor.isNegative(), "slipway.builds.keep-logs-for", keepLogsFor.toString(), "90d");
            bases.all()
                    .forEach((name, base) -> check(
                            isImage(base), "slipway.builds.bases." + name, base, "registry.example/library/image:1"));
        }

        /** As the builder wants it. */
        public KanikoProfile profile() {
            return new KanikoProfile(image, flavour, flags, namespace, atOnce, deadline, memory, storage);
        }
    }

    /**
     * Pushes that git providers tell of.
     *
     * @param largest body of a delivery, 64 KB to 25 MB, which is what GitHub and GitLab send at most; default 5 MB
     * @param keep so many of the newest deliveries of each hook are kept; default 1000
     * @param keepFor and none that is older; default 30 days
     */
    public record Hooks(
            @DefaultValue("5MB") DataSize largest,
            @DefaultValue("1000") int keep,
            @DefaultValue("30d") Duration keepFor) {
        public Hooks {
            check(
                    largest.toKilobytes() >= 64 && largest.toMegabytes() <= 25,
                    "slipway.hooks.largest",
                    largest.toString(),
                    "5MB");
            check(keep > 0, "slipway.hooks.keep", Integer.toString(keep), "1000");
            check(!keepFor.isNegative() && !keepFor.isZero(), "slipway.hooks.keep-for", keepFor.toString(), "30d");
        }
    }

    private static boolean isImage(String image) {
        try {
            return !ImageReference.parse(image).repository().isEmpty();
        } catch (ProblemException notAnImage) {
            return false;
        }
    }

    /**
     * Where git repositories may be, and how much of them is kept.
     *
     * @param localFolders folders of this machine below which repositories may lie; default none: URLs only
     * @param ca file of certificates in PEM that https servers are believed by, beside the usual ones
     * @param largestRepository default 2 GB
     * @param cache for all fetched repositories together; default 10 GB
     */
    public record Git(
            @DefaultValue List<Path> localFolders,
            @Nullable String ca,
            @DefaultValue("2GB") DataSize largestRepository,
            @DefaultValue("10GB") DataSize cache) {
        public Git {
            localFolders = List.copyOf(localFolders);
            ca = blankToNull(ca);
            check(OtherRegistries.certificates(ca), "slipway.git.ca", ca, "a file of certificates in PEM");
            check(
                    largestRepository.toBytes() > 0,
                    "slipway.git.largest-repository",
                    largestRepository.toString(),
                    "a size such as 2GB");
            check(
                    cache.compareTo(largestRepository) >= 0,
                    "slipway.git.cache",
                    cache.toString(),
                    "at least slipway.git.largest-repository");
        }

        /** {@link #ca} as an absolute path. */
        public @Nullable Path caFile() {
            return ca == null ? null : home(ca);
        }
    }

    /**
     * How components are deployed.
     *
     * @param deadline how long a step of a run waits for a component that has no {@code deadline} of its own in its document;
     *     10 seconds to 24 hours; default 10 minutes. The time of the component's startup probe is added
     */
    public record Deploy(@DefaultValue("10m") Duration deadline) {
        public Deploy {
            check(
                    deadline.compareTo(Duration.ofSeconds(10)) >= 0 && deadline.compareTo(Duration.ofHours(24)) <= 0,
                    "slipway.deploy.deadline",
                    deadline.toString(),
                    "10s to 24h, such as 15m");
        }
    }

    /**
     * How often a token, a person or an address may ask the API, in requests a minute, each kind counted apart in every
     * process; who was quiet may use a minute's worth at once.
     *
     * @param reads default 30000: a page of a dashboard for each of many people behind one token
     * @param writes default 1200
     * @param costly plans, checks, drafts, questions to repositories and clusters; default 300
     * @param anonymous of an address that says not who it is, all of which are refused; default 600
     */
    public record Api(
            @DefaultValue("30000") int reads,
            @DefaultValue("1200") int writes,
            @DefaultValue("300") int costly,
            @DefaultValue("600") int anonymous) {
        private static final int MOST = 10_000_000;

        public Api {
            checkRate("reads", reads);
            checkRate("writes", writes);
            checkRate("costly", costly);
            checkRate("anonymous", anonymous);
        }

        private static void checkRate(String key, int rate) {
            check(rate >= 1 && rate <= MOST, "slipway.api." + key, Integer.toString(rate), "1 to " + MOST);
        }
    }

    /**
     * A Kubernetes cluster. None configured: a simulated one.
     *
     * @param name what people call it; lower case letters, digits and dashes, at most 40
     * @param kubeconfig the file that says how to reach it; null: the service account of the pod Slipway runs in
     * @param context in that file; null: its current one
     * @param registryAddress how this cluster reaches the registry where that differs
     */
    public record Cluster(
            @DefaultValue("") String name,
            @Nullable String kubeconfig,
            @Nullable String context,
            @Nullable String registryAddress) {
        public Cluster {
            kubeconfig = blankToNull(kubeconfig);
            context = blankToNull(context);
            registryAddress = blankToNull(registryAddress);
            String key = "slipway.clusters[]";
            check(CLUSTER_NAME.matcher(name).matches(), key + ".name", name, "a name such as staging-1");
            check(
                    kubeconfig == null || Files.isReadable(home(kubeconfig)),
                    key + ".kubeconfig",
                    kubeconfig,
                    "a file that can be read");
            checkAddress(key + ".registry-address", registryAddress);
        }

        /** The kubeconfig as an absolute path, {@code ~} put in; {@code null}: none is named. */
        public @Nullable Path kubeconfigFile() {
            return kubeconfig == null ? null : home(kubeconfig);
        }
    }

    /**
     * Where Slipway connects to when others chose the address: git servers, registries that only an image names, webhooks, commit
     * states, chats. Public addresses are open over encrypted protocols; what the settings name elsewhere ({@code
     * slipway.registry}, {@code slipway.registries}) is open without being named here.
     *
     * @param allow private networks, addresses and hosts that are open too: {@code 10.0.0.0/8}, {@code 192.168.1.7}, {@code
     *     git.corp.example}, {@code *.corp.example}; unencrypted protocols go only to hosts that are named here or to addresses of a
     *     network named here; default none
     * @param ca file of certificates in PEM that receivers of messages are believed by, beside the usual ones; for git there is
     *     {@code slipway.git.ca}
     */
    public record Outbound(
            @DefaultValue List<String> allow, @Nullable String ca) {
        public Outbound {
            allow = List.copyOf(allow);
            ca = blankToNull(ca);
            check(OtherRegistries.certificates(ca), "slipway.outbound.ca", ca, OtherRegistries.CERTIFICATES);
            for (int i = 0; i < allow.size(); i++) {
                check(
                        isAllowable(allow.get(i)),
                        "slipway.outbound.allow[" + i + "]",
                        allow.get(i),
                        "10.0.0.0/8, 192.168.1.7, git.corp.example or *.corp.example");
            }
        }

        private static boolean isAllowable(String entry) {
            try {
                OutboundGuard.of(List.of(entry));
                return true;
            } catch (IllegalArgumentException neither) {
                return false;
            }
        }

        /** {@link #ca} as an absolute path. */
        public @Nullable Path caFile() {
            return ca == null ? null : home(ca);
        }

        /** As connections are checked by. */
        public OutboundGuard guard() {
            return OutboundGuard.of(allow);
        }
    }

    /**
     * Who may come in, and what secrets are sealed with.
     *
     * @param bootstrapToken an admin token for automation, at least 16 characters; also {@code SLIPWAY_BOOTSTRAP_TOKEN}; null:
     *     none
     * @param setupFrom addresses ({@code 172.16.0.0/12}) from which Slipway is answered before an administrator has a password,
     *     beside this machine: a container sees its own host as a stranger; default none
     * @param masterKey 32 bytes in base64 ({@code openssl rand -base64 32}); also {@code SLIPWAY_MASTER_KEY}; null: a file in the
     *     data folder
     * @param oldMasterKeys open what they sealed until it is sealed anew; also {@code SLIPWAY_MASTER_KEY_OLD}, with commas between
     *     several; default none
     */
    public record Security(
            @Nullable Secret bootstrapToken,
            @Nullable Secret masterKey,
            @DefaultValue List<String> setupFrom,
            @DefaultValue List<Secret> oldMasterKeys) {
        private static final Pattern ADDRESSES = Pattern.compile("[0-9a-fA-F.:]+(?:/\\d{1,3})?");

        public Security {
            setupFrom = List.copyOf(setupFrom);
            for (String from : setupFrom) {
                check(ADDRESSES.matcher(from).matches(), "slipway.security.setup-from", from, "172.16.0.0/12");
            }
            oldMasterKeys = oldMasterKeys.stream().filter(key -> !key.isBlank()).toList();
            bootstrapToken = blankToNull(bootstrapToken);
            masterKey = blankToNull(masterKey);
            check(
                    bootstrapToken == null || bootstrapToken.reveal().length() >= 16,
                    "slipway.security.bootstrap-token",
                    "***",
                    "at least 16 characters");
            check(
                    masterKey == null || isKey(masterKey),
                    "slipway.security.master-key",
                    "***",
                    "32 bytes in base64, as `openssl rand -base64 32` prints them");
            check(
                    oldMasterKeys.stream().allMatch(Security::isKey),
                    "slipway.security.old-master-keys",
                    "***",
                    "32 bytes in base64 each, commas between");
        }

        private static boolean isKey(Secret candidate) {
            try {
                SecretBox.ofBase64(candidate);
                return true;
            } catch (IllegalArgumentException notAKey) {
                return false;
            }
        }
    }

    /**
     * TLS of pages and API. Without it whatever stands before Slipway has to do it.
     *
     * @param certificate file in PEM: the server's own, then those that signed it; null: no TLS
     * @param key file in PEM, without passphrase
     */
    public record Tls(
            @Nullable String certificate, @Nullable String key) {
        public Tls {
            certificate = blankToNull(certificate);
            key = blankToNull(key);
            check((certificate == null) == (key == null), "slipway.tls", "", "both certificate and key, or neither");
            check(
                    certificate == null || Files.isReadable(home(certificate)),
                    "slipway.tls.certificate",
                    certificate,
                    "a file that can be read");
            check(key == null || Files.isReadable(home(key)), "slipway.tls.key", key, "a file that can be read");
        }

        public boolean isOn() {
            return certificate != null;
        }

        /** As an absolute path; only where TLS is on. */
        public Path certificateFile() {
            return home(Objects.requireNonNull(certificate));
        }

        /** As an absolute path; only where TLS is on. */
        public Path keyFile() {
            return home(Objects.requireNonNull(key));
        }
    }

    private static Path home(String folder) {
        String path = folder.equals("~") || folder.startsWith("~/")
                ? System.getProperty("user.home") + folder.substring(1)
                : folder;
        return Path.of(path).toAbsolutePath().normalize();
    }

    private static @Nullable String blankToNull(@Nullable String text) {
        return text == null || text.isBlank() ? null : text.strip();
    }

    private static @Nullable Secret blankToNull(@Nullable Secret secret) {
        return secret == null || secret.isBlank() ? null : secret;
    }

    private static @Nullable String withoutQuery(@Nullable String url) {
        return url == null ? null : url.replaceFirst("\\?.*", "?…").replaceFirst("//[^/]*@", "//…@");
    }

    private static void checkPort(String key, int port) {
        check(port >= 0 && port <= 65535, key, Integer.toString(port), "a port from 1 to 65535, or 0 for a free one");
    }

    private static void checkAddress(String key, @Nullable String address) {
        check(address == null || isAddress(address), key, address, "registry.example:5000");
    }

    private static boolean isAddress(String address) {
        try {
            return !address.contains("/") && URI.create("oci://" + address).getHost() != null;
        } catch (IllegalArgumentException notAnAddress) {
            return false;
        }
    }

    private static boolean isUrl(String url) {
        try {
            URI uri = URI.create(url);
            return Set.of("http", "https").contains(String.valueOf(uri.getScheme()))
                    && uri.getHost() != null
                    && uri.getRawUserInfo() == null
                    && uri.getRawQuery() == null
                    && uri.getRawFragment() == null;
        } catch (IllegalArgumentException notAnAddress) {
            return false;
        }
    }

    private static boolean isMirror(String mirror) {
        String[] parts = mirror.split("/", 2);
        return isAddress(parts[0])
                && (parts.length == 1 || MIRROR_PATH.matcher(parts[1]).matches());
    }

    private static void check(boolean holds, String key, @Nullable String value, String expected) {
        if (!holds) {
            throw new ProblemException(Problem.of(
                    ProblemCode.START_SETTING, key, "value", value == null ? "" : value, "expected", expected));
        }
    }
}
