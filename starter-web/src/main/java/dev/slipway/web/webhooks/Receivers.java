package dev.slipway.web.webhooks;

import dev.slipway.activities.notify.Announcements;
import dev.slipway.activities.notify.StatusHost;
import dev.slipway.activities.notify.StatusHost.Provider;
import dev.slipway.activities.notify.StatusHostStore;
import dev.slipway.activities.notify.Webhook;
import dev.slipway.activities.notify.Webhook.Event;
import dev.slipway.activities.notify.WebhookStore;
import dev.slipway.activities.outbound.OutboundGuard;
import dev.slipway.activities.store.ApplicationStore;
import dev.slipway.activities.store.EnvironmentStore;
import dev.slipway.activities.store.EnvironmentStore.StoredEnvironment;
import dev.slipway.activities.store.Secret;
import dev.slipway.web.shell.GivenName;
import dev.slipway.workflows.problem.Problem;
import dev.slipway.workflows.problem.ProblemCode;
import dev.slipway.workflows.problem.ProblemException;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** The webhooks and the git servers that are told of runs. */
@Component
final class Receivers {
    private static final int LONGEST_URL = 2_000;
    private static final int LONGEST_TOKEN = 4_000;

    private final WebhookStore webhooks;
    private final StatusHostStore hosts;
    private final Announcements announcements;
    private final ApplicationStore applications;
    private final EnvironmentStore environments;
    private final OutboundGuard guard;

    Receivers(
            WebhookStore webhooks,
            StatusHostStore hosts,
            Announcements announcements,
            ApplicationStore applications,
            EnvironmentStore environments,
            OutboundGuard guard) {
        this.webhooks = webhooks;
        this.hosts = hosts;
        this.announcements = announcements;
        this.applications = applications;
        this.environments = environments;
        this.guard = guard;
    }

    /**
     * A webhook as somebody asked for it.
     *
     * @param application blank: all
     * @param environment blank: all
     */
    record WantedWebhook(
            String name, String url, List<String> events, String application, String environment, boolean enabled) {
        WantedWebhook {
            events = List.copyOf(events);
        }
    }

    /**
     * A git server as somebody asked for it.
     *
     * @param api blank: where such a server usually has it
     */
    record WantedHost(String name, String provider, String address, String api, String token) {
        /** It holds credentials. */
        @Override
        public String toString() {
            return "WantedHost[" + name + "]";
        }
    }

    List<WebhookView> webhooks() {
        return webhooks.list().stream().map(Receivers::view).toList();
    }

    /** @throws ProblemException {@code SLP-WEBHOOK-UNKNOWN} */
    WebhookView webhook(String name) {
        return webhooks.find(name).map(Receivers::view).orElseThrow(() -> unknown(name));
    }

    private static WebhookView view(Webhook webhook) {
        return new WebhookView(
                webhook.name(),
                webhook.address(),
                webhook.events().stream().map(Event::word).toList(),
                webhook.application(),
                webhook.environment(),
                webhook.enabled(),
                webhook.createdBy(),
                webhook.createdAt(),
                webhook.oldSecretUntil());
    }

    /**
     * @return its secret, told once
     * @throws ProblemException with everything that is wrong; then nothing is kept
     */
    Secret add(WantedWebhook wanted, String who) {
        return webhooks.add(checked(wanted), who);
    }

    /** @throws ProblemException with everything that is wrong; then nothing is changed */
    WebhookView change(WantedWebhook wanted) {
        webhook(wanted.name());
        webhooks.change(checked(wanted));
        return webhook(wanted.name());
    }

    /** Switches it on or off. */
    void switchTo(String name, boolean enabled) {
        WebhookView now = webhook(name);
        change(new WantedWebhook(
                name,
                now.url(),
                now.events(),
                Objects.requireNonNullElse(now.application(), ""),
                Objects.requireNonNullElse(now.environment(), ""),
                enabled));
    }

    /** @return the new secret, told once */
    Secret rotate(String name) {
        return webhooks.rotate(name).orElseThrow(() -> unknown(name));
    }

    void ping(String name) {
        if (!announcements.ping(name)) {
            throw unknown(name);
        }
    }

    void remove(String name) {
        if (!webhooks.remove(name)) {
            throw unknown(name);
        }
    }

    private WebhookStore.Wanted checked(WantedWebhook wanted) {
        List<Problem> problems = new ArrayList<>();
        checkName(wanted.name(), "ci", problems);
        checkAddress("url", wanted.url(), problems);
        List<Event> events = new ArrayList<>();
        for (String word : wanted.events()) {
            Event.of(word)
                    .ifPresentOrElse(
                            events::add,
                            () -> problems.add(
                                    invalid("events", GivenName.shown(word) + " is none of run.finished, run.failed")));
        }
        if (wanted.events().isEmpty()) {
            problems.add(invalid("events", "at least one of run.finished, run.failed"));
        }
        String application = null;
        if (!wanted.application().isBlank()) {
            application = applications
                    .byName(wanted.application())
                    .map(ApplicationStore.StoredApplication::id)
                    .orElse(null);
            if (application == null) {
                problems.add(Problem.of(
                        ProblemCode.APPLICATION_UNKNOWN, "application", "name", GivenName.shown(wanted.application())));
            }
        }
        String environment = null;
        if (!wanted.environment().isBlank()) {
            Optional<StoredEnvironment> found = environments.byName(wanted.environment());
            environment = found.map(StoredEnvironment::id).orElse(null);
            if (environment == null) {
                problems.addAll(EnvironmentStore.unknown(GivenName.shown(wanted.environment()))
                        .problems());
            }
        }
        if (!problems.isEmpty()) {
            throw new ProblemException(problems);
        }
        return new WebhookStore.Wanted(
                wanted.name(), Secret.of(wanted.url().strip()), events, application, environment, wanted.enabled());
    }

    List<StatusHostView> hosts() {
        return hosts.list().stream()
                .map(host -> new StatusHostView(
                        host.name(),
                        host.provider().word(),
                        host.address(),
                        host.api(),
                        host.createdBy(),
                        host.createdAt()))
                .toList();
    }

    /** @throws ProblemException with everything that is wrong; then nothing is kept */
    StatusHostView add(WantedHost wanted, String who) {
        List<Problem> problems = new ArrayList<>();
        checkName(wanted.name(), "github", problems);
        Optional<Provider> provider = Provider.of(wanted.provider());
        if (provider.isEmpty()) {
            problems.add(invalid("provider", "one of github, gitlab, gitea"));
        }
        String address = wanted.address().strip().replaceAll("/+$", "");
        checkAddress("address", address, problems);
        String api = wanted.api().isBlank()
                ? provider.map(known -> known.api(address)).orElse("")
                : wanted.api().strip().replaceAll("/+$", "");
        if (!wanted.api().isBlank()) {
            checkAddress("api", api, problems);
        }
        String token = wanted.token().strip();
        if (token.isEmpty() || token.length() > LONGEST_TOKEN || token.chars().anyMatch(c -> c <= ' ' || c > '~')) {
            problems.add(invalid("token", "a token of the git server, in one line"));
        }
        if (!problems.isEmpty()) {
            throw new ProblemException(problems);
        }
        hosts.add(new StatusHost(wanted.name(), provider.orElseThrow(), address, api, who, null), Secret.of(token));
        return hosts().stream()
                .filter(host -> host.name().equals(wanted.name()))
                .findFirst()
                .orElseThrow();
    }

    void removeHost(String name) {
        if (!hosts.remove(name)) {
            throw new ProblemException(
                    Problem.of(ProblemCode.STATUS_HOST_UNKNOWN, name, "name", GivenName.shown(name)));
        }
    }

    private static void checkName(String name, String example, List<Problem> problems) {
        if (!GivenName.isOne(name, GivenName.LONGEST)) {
            problems.add(GivenName.refused("name", name, GivenName.LONGEST, example));
        }
    }

    /** Where it may not go is said now, not when the first message fails. */
    private void checkAddress(String field, String address, List<Problem> problems) {
        String problem = null;
        try {
            URI uri = new URI(address.strip());
            if (address.length() > LONGEST_URL
                    || uri.getScheme() == null
                    || !List.of("http", "https").contains(uri.getScheme().toLowerCase(java.util.Locale.ROOT))
                    || uri.getHost() == null
                    || uri.getRawFragment() != null) {
                problem = "not an address that begins with https://";
            } else if (uri.getRawUserInfo() != null) {
                problem = "a user name or password in it";
            } else {
                guard.check(uri);
            }
        } catch (URISyntaxException notAnAddress) {
            problem = "not an address that begins with https://";
        } catch (UnknownHostException e) {
            problem = "the host name is not known";
        } catch (ProblemException refused) {
            problems.addAll(refused.problems());
        }
        if (problem != null) {
            problems.add(Problem.of(ProblemCode.OUTBOUND_ADDRESS, field, "field", field, "reason", problem));
        }
    }

    private static ProblemException unknown(String name) {
        return new ProblemException(Problem.of(ProblemCode.WEBHOOK_UNKNOWN, name, "name", GivenName.shown(name)));
    }

    private static Problem invalid(String where, @Nullable String reason) {
        return Problem.of(ProblemCode.REQUEST_INVALID, where, "reason", where + ": " + reason);
    }
}
