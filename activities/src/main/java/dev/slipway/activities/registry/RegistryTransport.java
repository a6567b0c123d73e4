package dev.slipway.activities.registry;

import dev.slipway.activities.outbound.OutboundGuard;
import dev.slipway.workflows.problem.ProblemCode;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import javax.net.ssl.SSLException;

/**
 * Sends requests to one registry: authorisation, redirects, retries, stalls. HTTP/1.1, because registries behind proxies are most
 * at home there. Another host than the registry's never sees the authorisation. Every host is checked by the guard before it is asked;
 * what it proves by its certificate is who it is under that name (ADR 37).
 */
final class RegistryTransport {
    private static final HttpClient HTTP = client().build();
    private static final long[] PAUSES_MS = {200, 600, 1500};
    private static final Duration ANSWER = Duration.ofSeconds(30);
    private static final Duration STALL = Duration.ofSeconds(60);
    private static final int REDIRECTS = 5;
    private static final int LARGEST_ERROR = 64 * 1024;

    private final RegistrySettings settings;
    private final OutboundGuard guard;
    private final URI root;
    private final HttpClient http;
    private final Authorization authorization;

    /** @param guard of all but what the settings name: where images come from is written in documents */
    RegistryTransport(RegistrySettings settings, OutboundGuard guard) {
        this.settings = settings;
        this.guard = guard;
        this.root = URI.create(settings.scheme() + "://" + settings.host() + "/");
        this.http = settings.trusted().isEmpty()
                ? HTTP
                : client().sslContext(Trust.with(settings.trusted())).build();
        this.authorization = new Authorization(settings, guard, http);
    }

    private static HttpClient.Builder client() {
        return HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .followRedirects(HttpClient.Redirect.NEVER)
                .connectTimeout(Duration.ofSeconds(10));
    }

    /** One request, as data, so that it can be sent again. */
    record Call(String method, String path, String scope, Map<String, String> headers, Body body) {
        static Call of(String method, String path, String scope) {
            return new Call(method, path, scope, Map.of(), Body.NONE);
        }

        Call with(String header, String value) {
            Map<String, String> more = new java.util.TreeMap<>(headers);
            more.put(header, value);
            return new Call(method, path, scope, more, body);
        }

        Call with(Body newBody) {
            return new Call(method, path, scope, headers, newBody);
        }
    }

    /** A body of known length; {@code moved} counts what went out, for the stall guard and for progress. */
    record Body(BlobSource source, long length, AtomicLong moved) {
        static final Body NONE = new Body(InputStream::nullInputStream, 0, new AtomicLong());

        static Body of(byte[] bytes) {
            return new Body(() -> new ByteArrayInputStream(bytes), bytes.length, new AtomicLong());
        }
    }

    /** Sends, and again on trouble that may pass, for a few seconds. The caller closes the answer's body. */
    HttpResponse<InputStream> send(Call call) {
        return send(() -> call);
    }

    /** As {@link #send(Call)}, with a new call for every attempt: a broken upload cannot go on in its old session. */
    HttpResponse<InputStream> send(Supplier<Call> calls) {
        for (int attempt = 0; ; attempt++) {
            Call call = calls.get();
            try {
                HttpResponse<InputStream> answer = authorized(call);
                if (attempt == PAUSES_MS.length || !passing(answer.statusCode())) {
                    return answer;
                }
                answer.body().close();
            } catch (IOException e) {
                if (attempt == PAUSES_MS.length || !mayPass(e)) {
                    throw RegistryProblems.unreachable(where(call), e);
                }
            }
            pause(PAUSES_MS[attempt], call);
        }
    }

    /** A token for these scopes alone; empty: there is none to be had that lasts so long. */
    Optional<String> token(List<String> scopes, Duration life) {
        Call call = Call.of("GET", "/v2/", "");
        try {
            guard.check(root);
            HttpResponse<InputStream> answer = await(
                    http.sendAsync(
                            HttpRequest.newBuilder(root.resolve(call.path())).build(),
                            HttpResponse.BodyHandlers.ofInputStream()),
                    call.body());
            answer.body().close();
            return answer.statusCode() == 401
                    ? authorization.token(answer.headers().allValues("WWW-Authenticate"), scopes, life)
                    : Optional.empty();
        } catch (IOException e) {
            throw RegistryProblems.unreachable(where(call), e);
        } catch (InterruptedException e) {
            throw RegistryProblems.unreachable(where(call), interrupted());
        }
    }

    /** The whole body of an answer, at most {@code limit} bytes. */
    byte[] read(HttpResponse<InputStream> answer, Call call, int limit) {
        try (InputStream in = answer.body()) {
            byte[] bytes = in.readNBytes(limit + 1);
            if (bytes.length > limit) {
                throw RegistryProblems.of(
                        ProblemCode.REGISTRY_ANSWER, where(call), "more than " + limit + " bytes", null);
            }
            return bytes;
        } catch (IOException e) {
            throw RegistryProblems.unreachable(where(call), e);
        }
    }

    /** Makes a problem of an answer that was not expected. */
    RuntimeException unexpected(HttpResponse<InputStream> answer, Call call) {
        byte[] body = new byte[0];
        try (InputStream in = answer.body()) {
            body = in.readNBytes(LARGEST_ERROR);
        } catch (IOException e) {
            // The status says enough.
        }
        return RegistryProblems.answer(where(call), answer.statusCode(), body, settings.setting());
    }

    String where(Call call) {
        String path = call.path()
                .replaceFirst("^.*?/v2/", "")
                .replaceFirst("\\?.*", "")
                .replaceFirst("/(?:manifests|blobs)/(?=sha)", "@")
                .replaceFirst("/manifests/", ":")
                .replaceFirst("/(?:blobs/uploads|tags/list).*", "");
        String below = path.startsWith(settings.path())
                ? path.substring(settings.path().length())
                : path;
        return settings.name() + (below.isEmpty() ? "" : "/" + below);
    }

    private HttpResponse<InputStream> authorized(Call call) throws IOException {
        HttpResponse<InputStream> answer = redirected(call);
        if (answer.statusCode() != 401) {
            return answer;
        }
        try {
            if (!authorization.learn(call.scope(), answer.headers().allValues("WWW-Authenticate"))) {
                return answer;
            }
        } catch (InterruptedException e) {
            throw interrupted();
        }
        answer.body().close();
        return redirected(call);
    }

    private HttpResponse<InputStream> redirected(Call call) throws IOException {
        URI target = root.resolve(call.path());
        for (int hop = 0; ; hop++) {
            HttpResponse<InputStream> answer = once(call, target);
            int status = answer.statusCode();
            if (hop == REDIRECTS || !(status == 301 || status == 302 || status == 307 || status == 308)) {
                return answer;
            }
            answer.body().close();
            target = next(target, answer.headers().firstValue("Location").orElse(""));
        }
    }

    private URI next(URI from, String location) throws IOException {
        URI target;
        try {
            target = from.resolve(location);
        } catch (IllegalArgumentException e) {
            throw new IOException("redirected to no address", e);
        }
        boolean allowed =
                "https".equals(target.getScheme()) || (settings.insecure() && "http".equals(target.getScheme()));
        if (!allowed || target.getHost() == null) {
            throw new IOException("redirected to an address that is not HTTPS");
        }
        return target;
    }

    private HttpResponse<InputStream> once(Call call, URI target) throws IOException {
        guard.check(target);
        HttpRequest.Builder request = HttpRequest.newBuilder(target).method(call.method(), publisher(call.body()));
        call.headers().forEach(request::header);
        if (sameOrigin(target)) {
            authorization.header(call.scope()).ifPresent(value -> request.header("Authorization", value));
        }
        CompletableFuture<HttpResponse<InputStream>> answer =
                http.sendAsync(request.build(), HttpResponse.BodyHandlers.ofInputStream());
        return await(answer, call.body());
    }

    /** An upload may take as long as it likes while bytes move; an answer must come in time after the last one. */
    private static HttpResponse<InputStream> await(CompletableFuture<HttpResponse<InputStream>> answer, Body body)
            throws IOException {
        long patience = (body.length() > 0 ? STALL : ANSWER).toMillis();
        long seen = -1;
        while (true) {
            try {
                return answer.get(patience, TimeUnit.MILLISECONDS);
            } catch (TimeoutException e) {
                if (body.moved().get() == seen || body.length() == 0) {
                    answer.cancel(true);
                    throw new HttpTimeoutException("no answer in time");
                }
                seen = body.moved().get();
            } catch (ExecutionException e) {
                throw e.getCause() instanceof IOException io ? io : new IOException(e.getCause());
            } catch (InterruptedException e) {
                answer.cancel(true);
                throw interrupted();
            }
        }
    }

    private static BodyPublisher publisher(Body body) {
        if (body.length() == 0) {
            return BodyPublishers.noBody();
        }
        BodyPublisher stream = BodyPublishers.ofInputStream(() -> {
            try {
                return new CountingStream(body.source().open(), body.moved()::addAndGet);
            } catch (IOException e) {
                throw new java.io.UncheckedIOException(e);
            }
        });
        return BodyPublishers.fromPublisher(stream, body.length());
    }

    private boolean sameOrigin(URI target) {
        return root.getScheme().equals(target.getScheme())
                && root.getAuthority().equals(target.getAuthority());
    }

    /** What took its full time already, or cannot get better in two seconds, is not tried again. */
    private static boolean mayPass(IOException e) {
        return !(e instanceof InterruptedIOException || e instanceof HttpTimeoutException || e instanceof SSLException);
    }

    private static boolean passing(int status) {
        return status == 429 || (status >= 500 && status <= 504);
    }

    private void pause(long millis, Call call) {
        try {
            Thread.sleep(millis);
        } catch (InterruptedException e) {
            throw RegistryProblems.unreachable(where(call), interrupted());
        }
    }

    private static InterruptedIOException interrupted() {
        Thread.currentThread().interrupt();
        return new InterruptedIOException("interrupted");
    }
}
