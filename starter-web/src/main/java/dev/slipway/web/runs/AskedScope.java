package dev.slipway.web.runs;

import dev.slipway.workflows.problem.Problem;
import dev.slipway.workflows.problem.ProblemCode;
import dev.slipway.workflows.problem.ProblemException;
import dev.slipway.workflows.run.Operation;
import dev.slipway.workflows.run.Scope;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.web.util.UriComponentsBuilder;

/**
 * What somebody asks to be done, as links and forms of the pages say it.
 *
 * @param operation a word; {@code null}: deploy
 * @param component names; {@code null}: all
 * @param dependencies {@code null}: false
 * @param replicas of each component that is named, for a scaling
 * @param volumes {@code keep} or {@code delete}, for a destruction; {@code null}: keep
 */
record AskedScope(
        @Nullable String operation,
        @Nullable List<String> component,
        @Nullable Boolean dependencies,
        @Nullable Integer replicas,
        @Nullable String volumes) {
    /** @throws ProblemException {@code SLP-RUN-OPERATION-UNSUPPORTED} */
    Scope scope() {
        List<String> components = component == null
                ? List.of()
                : component.stream().filter(name -> !name.isBlank()).toList();
        Map<String, Integer> wanted = new LinkedHashMap<>();
        if (replicas != null) {
            components.forEach(name -> wanted.put(name, replicas));
        }
        return new Scope(operation(operation), components, Boolean.TRUE.equals(dependencies), wanted, deletes(volumes));
    }

    /** @throws ProblemException {@code SLP-REQUEST-INVALID} for any other word than keep and delete */
    static boolean deletes(@Nullable String volumes) {
        if (volumes == null || volumes.isBlank() || volumes.equals("keep")) {
            return false;
        }
        if (volumes.equals("delete")) {
            return true;
        }
        throw new ProblemException(
                Problem.of(ProblemCode.REQUEST_INVALID, "volumes", "reason", "volumes: keep, delete"));
    }

    static Operation operation(@Nullable String word) {
        return word == null || word.isBlank()
                ? Operation.DEPLOY
                : Arrays.stream(Operation.values())
                        .filter(known -> known.word().equals(word))
                        .findFirst()
                        .orElseThrow(() -> new ProblemException(
                                Problem.of(ProblemCode.RUN_OPERATION_UNSUPPORTED, "operation", "operation", word)));
    }

    /** The address of the plan page that asks the same. */
    static String link(String environment, Scope scope) {
        UriComponentsBuilder link = UriComponentsBuilder.fromPath("/environments/{name}/plan");
        if (scope.operation() != Operation.DEPLOY) {
            link.queryParam("operation", scope.operation().word());
        }
        scope.components().forEach(component -> link.queryParam("component", component));
        if (scope.withDependencies()) {
            link.queryParam("dependencies", true);
        }
        scope.replicas().values().stream()
                .filter(Objects::nonNull)
                .findFirst()
                .ifPresent(number -> link.queryParam("replicas", number));
        if (scope.deleteVolumes()) {
            link.queryParam("volumes", "delete");
        }
        return link.encode().buildAndExpand(environment).toUriString();
    }
}
