package dev.slipway.web.embedded.registry;

import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.Serial;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The OCI distribution protocol 1.1: routes each request to its endpoint and turns errors into the protocol's bodies. A servlet
 * and not MVC controllers, because repository names contain slashes and bodies must stream.
 *
 * @see <a href="https://github.com/opencontainers/distribution-spec/blob/v1.1.0/spec.md">Distribution specification</a>
 */
final class RegistryServlet extends HttpServlet {
    @Serial
    private static final long serialVersionUID = 1;

    private static final Logger LOG = LoggerFactory.getLogger(RegistryServlet.class);
    private static final int LONGEST_PATH = 1024;
    private static final Pattern PATH = Pattern.compile(
            "/v2/(?<name>.+)/(?:blobs/(?<start>uploads/?)"
                    + "|blobs/uploads/(?<upload>[^/]+)|(?<tags>tags/list)|(?<kind>manifests|blobs|referrers)/(?<reference>[^/]+))");

    private final transient BlobEndpoint blobs;
    private final transient UploadEndpoint uploads;
    private final transient ManifestEndpoint manifests;
    private final transient ListEndpoint lists;

    RegistryServlet(RegistryStore store) {
        this.blobs = new BlobEndpoint(store);
        this.uploads = new UploadEndpoint(store, new Uploads(store));
        this.manifests = new ManifestEndpoint(store);
        this.lists = new ListEndpoint(store);
    }

    @Override
    protected void service(HttpServletRequest request, HttpServletResponse response) throws IOException {
        Exchange exchange = new Exchange(request, response);
        exchange.header("Docker-Distribution-Api-Version", "registry/2.0");
        try {
            refuseBrowsers(exchange);
            route(exchange);
        } catch (OciError e) {
            exchange.error(e.status(), e.code(), String.valueOf(e.getMessage()));
        } catch (StorageException e) {
            LOG.warn(
                    "Registry could not store {} {}: {}", request.getMethod(), request.getRequestURI(), e.getMessage());
            if (e.full()) {
                exchange.error(507, "INSUFFICIENT_STORAGE", String.valueOf(e.getMessage()));
            } else {
                exchange.error(500, "UNKNOWN", "the registry could not write to its folder");
            }
        } catch (IOException e) {
            LOG.debug("Registry: {} {} broke off", request.getMethod(), request.getRequestURI(), e);
            exchange.error(500, "UNKNOWN", "the registry could not read or write");
        }
    }

    /** No registry client sends an Origin; a page that writes to a port of this machine does. */
    private static void refuseBrowsers(Exchange exchange) {
        if (!exchange.reads() && exchange.request().getHeader("Origin") != null) {
            throw new OciError(403, "DENIED", "not for browsers");
        }
    }

    private void route(Exchange exchange) throws IOException {
        String path = QueryString.decode(exchange.request().getRequestURI());
        if (path.equals("/v2/") || path.equals("/v2")) {
            exchange.json(200, "application/json", Map.of());
            return;
        }
        Matcher match = PATH.matcher(path);
        if (path.length() > LONGEST_PATH || !match.matches()) {
            throw new OciError(404, "NAME_UNKNOWN", "no such endpoint: " + OciError.quote(path));
        }
        String repository = RepositoryName.check(match.group("name"));
        if (match.group("start") != null) {
            uploads.start(exchange, repository);
        } else if (match.group("upload") != null) {
            uploads.go(exchange, repository, match.group("upload"));
        } else if (match.group("tags") != null) {
            lists.tags(exchange, repository);
        } else {
            content(exchange, repository, match.group("kind"), match.group("reference"));
        }
    }

    private void content(Exchange exchange, String repository, String kind, String reference) throws IOException {
        switch (kind) {
            case "manifests" -> manifests.handle(exchange, repository, reference);
            case "blobs" -> blobs.handle(exchange, repository, Digest.parse(reference));
            default -> lists.referrers(exchange, repository, Digest.parse(reference));
        }
    }
}
