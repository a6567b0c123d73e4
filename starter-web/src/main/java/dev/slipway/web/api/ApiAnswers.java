package dev.slipway.web.api;

import dev.slipway.web.access.OpenToAll;
import dev.slipway.web.problems.ProblemAnswer;
import dev.slipway.web.shell.Page;
import io.swagger.v3.core.converter.ModelConverters;
import io.swagger.v3.oas.models.Components;
import io.swagger.v3.oas.models.OpenAPI;
import io.swagger.v3.oas.models.Operation;
import io.swagger.v3.oas.models.PathItem;
import io.swagger.v3.oas.models.PathItem.HttpMethod;
import io.swagger.v3.oas.models.headers.Header;
import io.swagger.v3.oas.models.media.Content;
import io.swagger.v3.oas.models.media.IntegerSchema;
import io.swagger.v3.oas.models.media.MediaType;
import io.swagger.v3.oas.models.media.Schema;
import io.swagger.v3.oas.models.media.StringSchema;
import io.swagger.v3.oas.models.parameters.Parameter;
import io.swagger.v3.oas.models.responses.ApiResponse;
import java.math.BigDecimal;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.springdoc.core.customizers.GlobalOpenApiCustomizer;
import org.springdoc.core.customizers.GlobalOperationCustomizer;
import org.springframework.web.method.HandlerMethod;
import org.springframework.web.servlet.mvc.method.annotation.ResponseBodyEmitter;
import org.springframework.web.servlet.mvc.method.annotation.SseEmitter;

/** What all operations have in common, said once: refusals and their shape, limits of parameters, headers. */
final class ApiAnswers implements GlobalOpenApiCustomizer, GlobalOperationCustomizer {
    private static final String PROBLEM = "Problem";
    private static final String JSON = "application/json";
    private static final String EVENTS = "text/event-stream";
    private static final String YAML = "application/yaml";
    /** What is read to be changed. */
    private static final Set<String> TAGGED = Set.of("application-one", "environment-one", "environment-overrides");

    private static final Map<Integer, String> EVERYWHERE = Map.of(
            400, "The request cannot be understood",
            401, "Nobody is signed in, or the token is not known",
            403, "Who asks may not do this",
            404, "What is named is not there, or not for who asks",
            406, "Accept leaves out what there is",
            421, "Slipway is not to be asked for by this name",
            429, "Asked too often; Retry-After says when to ask again",
            503, "Database or engine do not answer");
    private static final Map<Integer, String> OF_WRITES = Map.of(
            409, "What is there stands against it, or the first request with this key is still being answered",
            422, "Understood, and cannot be done: every reason is named");
    private static final Map<Integer, String> OF_BODIES =
            Map.of(413, "The body is too large", 415, "A body of this Content-Type is not understood here");
    private static final Map<Integer, String> OF_DOCUMENTS =
            Map.of(412, "Somebody else changed it since", 428, "If-Match is missing");

    /** Names and content types, by what the code of the route says. */
    @Override
    public Operation customize(Operation operation, HandlerMethod route) {
        String room = route.getBeanType().getSimpleName().replaceFirst("Api$", "");
        operation.setOperationId(room.substring(0, 1).toLowerCase(Locale.ROOT) + room.substring(1) + "-"
                + route.getMethod().getName());
        String type = type(route);
        operation.getResponses().forEach((status, response) -> {
            Content content = response.getContent();
            if (content != null && content.get("*/*") != null) {
                MediaType only = content.remove("*/*");
                content.addMediaType(type, type.equals(JSON) ? only : text());
            }
            if (content != null && content.get(EVENTS) != null) {
                content.addMediaType(EVENTS, text());
            }
        });
        if (route.hasMethodAnnotation(Costly.class)) {
            refuse(operation, 422, OF_WRITES.getOrDefault(422, ""));
        }
        if (TAGGED.contains(operation.getOperationId())) {
            operation.addParametersItem(new Parameter()
                    .in("header")
                    .name("If-None-Match")
                    .description("the ETag of what was read before: 304 when it is the same")
                    .schema(new StringSchema()));
            operation.getResponses().addApiResponse("304", new ApiResponse().description("It is what was read before"));
            ApiResponse read = operation.getResponses().get("200");
            if (read != null) {
                read.addHeaderObject("ETag", new Header().schema(new StringSchema()));
            }
        }
        if (isOpen(route)) {
            operation.setSecurity(List.of());
        }
        return operation;
    }

    private static boolean isOpen(HandlerMethod route) {
        return route.hasMethodAnnotation(OpenToAll.class) || route.getBeanType().isAnnotationPresent(OpenToAll.class);
    }

    private static String type(HandlerMethod route) {
        String returned = route.getMethod().getGenericReturnType().getTypeName();
        if (returned.contains(SseEmitter.class.getName())) {
            return EVENTS;
        }
        boolean text = returned.contains("String>")
                || returned.equals(String.class.getName())
                || returned.contains(ResponseBodyEmitter.class.getName());
        return text && !returned.contains("Map<") ? "text/plain" : JSON;
    }

    private static MediaType text() {
        return new MediaType().schema(new StringSchema());
    }

    @Override
    public void customise(OpenAPI api) {
        Components components = api.getComponents() == null ? new Components() : api.getComponents();
        api.setComponents(components);
        Map<String, Schema> shapes = ModelConverters.getInstance(true).readAll(ProblemAnswer.class);
        shapes.forEach((name, shape) -> components.addSchemas(name.equals("ProblemAnswer") ? PROBLEM : name, shape));
        components.getSchemas().remove("SseEmitter");
        components.getSchemas().remove("ResponseBodyEmitter");
        components.setSchemas(new TreeMap<>(components.getSchemas()));
        if (api.getPaths() == null) {
            return;
        }
        Set<String> requests = new HashSet<>();
        for (PathItem path : api.getPaths().values()) {
            path.readOperationsMap().forEach((method, operation) -> {
                finish(method, operation);
                if (operation.getRequestBody() != null) {
                    operation
                            .getRequestBody()
                            .getContent()
                            .values()
                            .forEach(body -> reach(body.getSchema(), components, requests));
                }
            });
        }
        requests.forEach(name -> strict(components.getSchemas().get(name)));
    }

    /** A document is text to its author and a tree to a parser; what is wrong with it, the answer says. */
    private static void asDocument(@Nullable Content content) {
        if (content != null && content.get(YAML) != null) {
            content.put(YAML, new MediaType().schema(new Schema<>().description("YAML")));
        }
    }

    /** A body that may be missing may be {@code null}. */
    private static void orNothing(MediaType body) {
        if (body.getSchema() != null && body.getSchema().get$ref() != null) {
            body.setSchema(RecordSchemas.orNull(body.getSchema()));
        }
    }

    private static void finish(HttpMethod method, Operation operation) {
        boolean writes = method != HttpMethod.GET && method != HttpMethod.HEAD;
        boolean document = false;
        operation.getResponses().values().forEach(response -> asDocument(response.getContent()));
        if (operation.getRequestBody() != null) {
            if (!Boolean.TRUE.equals(operation.getRequestBody().getRequired())) {
                operation.getRequestBody().getContent().values().forEach(ApiAnswers::orNothing);
            }
            asDocument(operation.getRequestBody().getContent());
        }
        for (Parameter parameter : parameters(operation)) {
            limits(parameter);
            document |= "If-Match".equals(parameter.getName());
        }
        EVERYWHERE.forEach((status, why) -> refuse(operation, status, why));
        if (writes) {
            OF_WRITES.forEach((status, why) -> refuse(operation, status, why));
        }
        if (operation.getRequestBody() != null) {
            OF_BODIES.forEach((status, why) -> refuse(operation, status, why));
        }
        if (document) {
            OF_DOCUMENTS.forEach((status, why) -> refuse(operation, status, why));
        }
        operation.getResponses().forEach((status, response) -> {
            if (status.startsWith("2")) {
                headers(status, response);
            }
        });
        Map<String, ApiResponse> ordered = new TreeMap<>(operation.getResponses());
        operation.getResponses().clear();
        operation.getResponses().putAll(ordered);
    }

    private static List<Parameter> parameters(Operation operation) {
        return operation.getParameters() == null ? List.of() : operation.getParameters();
    }

    private static void refuse(Operation operation, int status, String why) {
        String key = Integer.toString(status);
        if (operation.getResponses().get(key) != null) {
            return;
        }
        ApiResponse refusal = new ApiResponse()
                .description(why)
                .content(new Content()
                        .addMediaType(
                                "application/problem+json",
                                new MediaType().schema(new Schema<>().$ref("#/components/schemas/" + PROBLEM))));
        if (status == 429) {
            refusal.addHeaderObject(
                    "Retry-After", new Header().description("seconds").schema(new IntegerSchema()));
        }
        if (status == 401) {
            refusal.addHeaderObject("WWW-Authenticate", new Header().schema(new StringSchema()));
        }
        operation.getResponses().addApiResponse(key, refusal);
    }

    private static void headers(String status, ApiResponse response) {
        response.addHeaderObject(
                "RateLimit",
                new Header().description("what is left: \"read\";r=29999;t=1").schema(new StringSchema()));
        response.addHeaderObject(
                "RateLimit-Policy",
                new Header()
                        .description("how many requests in how many seconds: \"read\";q=30000;w=60")
                        .schema(new StringSchema()));
        if (status.equals("202")
                || (status.equals("201") && response.getHeaders().get("Location") == null)) {
            response.addHeaderObject(
                    "Location", new Header().description("where it is").schema(new StringSchema()));
        }
    }

    private static void limits(Parameter parameter) {
        Schema<?> schema = parameter.getSchema();
        if (schema == null) {
            return;
        }
        boolean text = isText(schema);
        switch (parameter.getName()) {
            case "limit" -> {
                schema.setMinimum(BigDecimal.ONE);
                schema.setMaximum(BigDecimal.valueOf(Page.LARGEST));
                describe(parameter, "how many at most");
            }
            case "after" -> {
                // Cursors are what next said, whatever that looks like.
                describe(parameter, "where the page before ended: its next; without it, the first page");
            }
            case "Idempotency-Key" -> {
                schema.setMinLength(1);
                schema.setMaxLength(Repeats.LONGEST_KEY);
                schema.setPattern("^[!-~]([ -~]*[!-~])?$");
                describe(
                        parameter,
                        "of your making: the same key with the same request gives the same answer for 24 hours");
            }
            case "If-Match" -> describe(parameter, "the ETag of what was read; * for whatever there is");
            case "Last-Event-ID" -> describe(parameter, "of the last event that arrived: only what is new is sent");
            default -> {
                if (text && schema.getMaxLength() == null && "query".equals(parameter.getIn())) {
                    schema.setMaxLength(QueryRules.LONGEST);
                }
            }
        }
    }

    private static boolean isText(Schema<?> schema) {
        return "string".equals(schema.getType())
                || (schema.getTypes() != null && schema.getTypes().contains("string"));
    }

    private static void describe(Parameter parameter, String what) {
        if (parameter.getDescription() == null) {
            parameter.setDescription(what);
        }
    }

    private static void reach(@Nullable Schema<?> schema, Components components, Set<String> reached) {
        if (schema == null) {
            return;
        }
        if (schema.get$ref() != null) {
            String name = schema.get$ref().substring(schema.get$ref().lastIndexOf('/') + 1);
            if (reached.add(name)) {
                reach(components.getSchemas().get(name), components, reached);
            }
        }
        if (schema.getProperties() != null) {
            schema.getProperties().values().forEach(property -> reach(property, components, reached));
        }
        reach(schema.getItems(), components, reached);
        if (schema.getAnyOf() != null) {
            schema.getAnyOf().forEach(one -> reach(one, components, reached));
        }
    }

    /** A field that nobody knows is refused, so that a mistyped one is not taken for one that was left out. */
    private static void strict(@Nullable Schema<?> schema) {
        if (schema != null && schema.getProperties() != null) {
            schema.setAdditionalProperties(false);
        }
    }
}
