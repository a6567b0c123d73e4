package dev.slipway.web.api;

import io.swagger.v3.core.jackson.ModelResolver;
import io.swagger.v3.core.util.Json31;
import io.swagger.v3.oas.models.Components;
import io.swagger.v3.oas.models.OpenAPI;
import io.swagger.v3.oas.models.info.Info;
import io.swagger.v3.oas.models.info.License;
import io.swagger.v3.oas.models.security.SecurityRequirement;
import io.swagger.v3.oas.models.security.SecurityScheme;
import io.swagger.v3.oas.models.tags.Tag;
import java.util.List;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** What the description of the API says of itself. */
@Configuration(proxyBeanMethods = false)
class ApiDescription {
    private static final String BEARER = "bearer";

    @Bean
    ApiAnswers apiAnswers() {
        return new ApiAnswers();
    }

    @Bean
    ModelResolver schemaNames() {
        return new ModelResolver(Json31.mapper(), new SchemaNames()).openapi31(true);
    }

    @Bean
    RecordSchemas recordSchemas() {
        return new RecordSchemas();
    }

    @Bean
    OpenAPI openApi() {
        return new OpenAPI()
                .info(new Info()
                        .title("Slipway")
                        .version("v1")
                        .description(
                                "Applications, environments, plans and runs. Errors are RFC 9457 problems with code, what,"
                                        + " where and fix. A run is accepted with 202 and goes on by itself; the same"
                                        + " Idempotency-Key gives the same run, and of everything else that is created the same"
                                        + " answer for 24 hours. Lists page by cursor: next goes into after. A document is changed by"
                                        + " naming, as If-Match, the ETag that was read.")
                        .license(new License().name("Apache-2.0")))
                .components(new Components()
                        .addSecuritySchemes(
                                BEARER,
                                new SecurityScheme()
                                        .type(SecurityScheme.Type.HTTP)
                                        .scheme("bearer")))
                .tags(List.of(
                        tag("applications", "What is deployed: documents, their revisions, where they come from"),
                        tag("environments", "Where it runs: state, overrides, releases, logs"),
                        tag("runs", "What is done to an environment: plans, runs, their logs and events"),
                        tag("builds", "Images that were made, and what their builders said"),
                        tag("clusters", "Where environments can be"),
                        tag("git", "Logins and known servers")))
                .addSecurityItem(new SecurityRequirement().addList(BEARER));
    }

    private static Tag tag(String name, String what) {
        return new Tag().name(name).description(what);
    }
}
