package dev.slipway.web.clusters;

import dev.slipway.web.access.Caller;
import dev.slipway.web.access.Needs;
import dev.slipway.web.access.Needs.At;
import dev.slipway.web.api.Costly;
import dev.slipway.web.api.Repeats;
import dev.slipway.web.shell.Page;
import dev.slipway.workflows.people.Permission;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.media.Schema.RequiredMode;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.net.URI;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/** Clusters over the API. */
@RestController
@Needs(value = Permission.CONFIGURE, at = At.EVERYWHERE)
@RequestMapping("/api/v1/clusters")
@Tag(name = "clusters")
final class ClusterApi {
    private final Clusters clusters;
    private final Repeats repeats;

    ClusterApi(Clusters clusters, Repeats repeats) {
        this.clusters = clusters;
        this.repeats = repeats;
    }

    /**
     * A cluster to add.
     *
     * @param kubeconfig its text, with everything inside: no files, no programs
     * @param context {@code null}: its current one
     * @param registryAddress how the cluster reaches the registry where that differs
     */
    record NewCluster(
            @Schema(requiredMode = RequiredMode.REQUIRED) @Nullable
            String name,

            @Schema(requiredMode = RequiredMode.REQUIRED) @Nullable
            String kubeconfig,

            @Nullable String context,
            @Nullable String registryAddress) {
        /** It holds credentials. */
        @Override
        public String toString() {
            return "NewCluster[" + name + "]";
        }
    }

    @GetMapping
    @Operation(summary = "All clusters, those of the settings first")
    @Needs(value = Permission.VIEW, at = At.EVERYWHERE)
    Page<ClusterView> list(Locale locale) {
        return new Page<>(clusters.all(locale), null);
    }

    @GetMapping("/{cluster}")
    @Needs(value = Permission.VIEW, at = At.EVERYWHERE)
    ClusterView one(@PathVariable("cluster") String name, Locale locale) {
        return clusters.one(name, locale);
    }

    @Costly
    @PostMapping
    @Operation(summary = "Adds a cluster after looking at it; at hand without a restart")
    @ApiResponse(responseCode = "201", description = "Created; Location says where it is")
    ResponseEntity<ClusterView> add(
            @RequestBody NewCluster wanted,
            @RequestHeader(name = Repeats.HEADER, required = false) @Nullable String key,
            Caller caller,
            Locale locale) {
        Page.allRequired("name", wanted.name(), "kubeconfig", wanted.kubeconfig());
        return repeats.once(caller, key, "POST clusters", wanted, ClusterView.class, () -> added(wanted, locale));
    }

    private ResponseEntity<ClusterView> added(NewCluster wanted, Locale locale) {
        String name = Page.required("name", wanted.name());
        clusters.add(
                name, Page.required("kubeconfig", wanted.kubeconfig()), wanted.context(), wanted.registryAddress());
        return ResponseEntity.created(URI.create("/api/v1/clusters/" + name)).body(clusters.one(name, locale));
    }

    @Costly
    @PostMapping("/{cluster}/test")
    @Operation(summary = "Looks at a cluster now")
    ClusterView test(@PathVariable("cluster") String name, Locale locale) {
        clusters.test(name);
        return clusters.one(name, locale);
    }

    @DeleteMapping("/{cluster}")
    @ResponseStatus(HttpStatus.NO_CONTENT)
    @Operation(summary = "Forgets a cluster that no environment is on; nothing in it is changed")
    void remove(@PathVariable("cluster") String name) {
        clusters.remove(name);
    }
}
