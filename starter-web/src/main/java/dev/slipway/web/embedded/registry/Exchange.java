package dev.slipway.web.embedded.registry;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/** One request and its answer, with the few words the endpoints need. */
record Exchange(HttpServletRequest request, HttpServletResponse response) {
    static final JsonMapper JSON = JsonMapper.shared();
    private static final String DIGEST_HEADER = "Docker-Content-Digest";

    String method() {
        return request.getMethod();
    }

    boolean reads() {
        return method().equals("GET") || method().equals("HEAD");
    }

    @Nullable
    String parameter(String name) {
        return QueryString.first(request.getQueryString(), name);
    }

    InputStream body() throws IOException {
        return request.getInputStream();
    }

    void header(String name, String value) {
        response.setHeader(name, value);
    }

    void digest(Digest digest) {
        header(DIGEST_HEADER, digest.toString());
    }

    /** An answer without a body. */
    void empty(int status) {
        response.setStatus(status);
        response.setContentLength(0);
    }

    void created(String location, Digest digest) {
        header("Location", location);
        digest(digest);
        empty(201);
    }

    void json(int status, String type, Object value) throws IOException {
        bytes(status, type, JSON.writeValueAsBytes(value));
    }

    /** A whole body, left out for HEAD. */
    void bytes(int status, String type, byte[] content) throws IOException {
        response.setStatus(status);
        response.setContentType(type);
        response.setContentLength(content.length);
        if (!method().equals("HEAD")) {
            response.getOutputStream().write(content);
        }
    }

    OutputStream stream(int status, String type, long length) throws IOException {
        response.setStatus(status);
        response.setContentType(type);
        response.setContentLengthLong(length);
        return response.getOutputStream();
    }

    void error(int status, String code, String message) throws IOException {
        if (!response.isCommitted()) {
            response.resetBuffer();
            json(status, "application/json", Map.of("errors", List.of(Map.of("code", code, "message", message))));
        }
    }
}
