package dev.slipway.web.hooks;

import dev.slipway.activities.store.DeliveryStore.Accepted;
import dev.slipway.activities.store.DeliveryStore.State;
import dev.slipway.activities.store.DeliveryStore.StoredDelivery;
import dev.slipway.activities.store.HookStore;
import dev.slipway.web.access.OpenToAll;
import dev.slipway.web.security.SignedBody;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.parameters.RequestBody;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.servlet.http.HttpServletRequest;
import java.net.URI;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RestController;

/** Where git providers call. */
@RestController
@OpenToAll("a delivery is let in by its signature")
@Tag(name = "hooks")
final class HookEndpoint {
    /** Where providers call; the rest of {@code /api/v1/hooks} is for people. */
    private static final String PATH = "/api/v1/hooks/{provider:github|gitlab|gitea|forgejo|gitee}/{hook}";

    private final Deliveries deliveries;

    HookEndpoint(Deliveries deliveries) {
        this.deliveries = deliveries;
    }

    /**
     * What the provider is told.
     *
     * @param state {@code waiting}: the rules will be asked; {@code done}
     * @param repeated it came before: this is what came of it then
     * @param reason a word for why nothing comes of it; {@code null}: see its results
     */
    record Receipt(
            String id,
            String state,
            boolean repeated,
            @Nullable String reason,
            List<Result> results) {
        /** @param run {@code null}: none was started */
        record Result(
                String environment, String state, @Nullable String run) {}
    }

    /** Nothing but recording happens here: a provider that has to wait gives up. */
    @PostMapping(PATH)
    @Operation(
            summary = "A git provider tells of a push; signed as the provider documents it",
            requestBody =
                    @RequestBody(
                            required = true,
                            content = {
                                @Content(mediaType = "application/json", schema = @Schema(type = "object")),
                                @Content(
                                        mediaType = "application/x-www-form-urlencoded",
                                        schema = @Schema(type = "object"))
                            }))
    ResponseEntity<Receipt> deliver(
            @PathVariable("provider") String word, @PathVariable("hook") String hook, HttpServletRequest request) {
        Provider provider = Provider.of(word).orElseThrow(() -> HookStore.unknown(hook));
        Accepted accepted =
                deliveries.receive(provider, hook, request::getHeader, SignedBody.of(request), request.getRemoteAddr());
        StoredDelivery delivery = accepted.delivery();
        List<Receipt.Result> results = accepted.repeated()
                ? deliveries.results(delivery).stream()
                        .map(result -> new Receipt.Result(
                                result.environmentName(), result.state().word(), result.runId()))
                        .toList()
                : List.of();
        Receipt receipt = new Receipt(
                delivery.id(),
                delivery.state().word(),
                accepted.repeated(),
                delivery.reason() == null ? null : delivery.reason().code(),
                results);
        return ResponseEntity.status(delivery.state() == State.WAITING ? HttpStatus.ACCEPTED : HttpStatus.OK)
                .location(URI.create("/api/v1/deliveries/" + delivery.id()))
                .body(receipt);
    }
}
