package dev.slipway.web.hooks;

import dev.slipway.activities.store.PushRule;
import dev.slipway.activities.store.PushRule.Part;
import dev.slipway.web.shell.GivenName;
import dev.slipway.workflows.application.Application;
import dev.slipway.workflows.problem.Problem;
import dev.slipway.workflows.problem.ProblemCode;
import dev.slipway.workflows.problem.ProblemException;
import dev.slipway.workflows.run.Operation;
import dev.slipway.workflows.run.Scope;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A rule as somebody wishes it; what is not given is as {@link PushRule#usual} has it.
 *
 * @param repository the only one that it is about; empty: any that the environment is made from
 * @param branches patterns; none: every branch that the environment follows
 * @param tags patterns of tags that start it; none: no tag does
 * @param paths patterns of which one has to match a pushed file; none: any push
 * @param debounceSeconds 0 to 3600: how long it is waited for further pushes
 * @param replace whether a newer push ends runs of older ones that have not begun
 * @param operation {@code deploy} or {@code build}
 * @param part {@code repository}: the components that come from it; {@code all}; {@code named}
 * @param components for {@code named}
 */
record WantedRule(
        @Nullable Boolean enabled,
        @Nullable String repository,
        @Nullable List<String> branches,
        @Nullable List<String> tags,
        @Nullable List<String> paths,
        @Nullable Integer debounceSeconds,
        @Nullable Boolean replace,
        @Nullable String operation,
        @Nullable String part,
        @Nullable List<String> components) {
    static final int LONGEST_DEBOUNCE = 3_600;
    private static final List<Operation> OPERATIONS = List.of(Operation.DEPLOY, Operation.BUILD);

    /**
     * @param application of the environment; {@code null}: its document cannot be read, its components are not checked
     * @throws ProblemException with everything that is wrong
     */
    PushRule checked(@Nullable Application application) {
        PushRule usual = PushRule.usual();
        List<Problem> problems = new ArrayList<>();
        String place = repository == null ? "" : repository.strip();
        if (!place.isEmpty()
                && RepositoryAddress.of(place)
                        .filter(address -> !address.path().isEmpty())
                        .isEmpty()) {
            problems.add(Problem.of(
                    ProblemCode.HOOK_ADDRESS, "repository", "address", GivenName.shown(Payloads.shown(place))));
        }
        patterns("branches", branches, problems);
        patterns("tags", tags, problems);
        patterns("paths", paths, problems);
        int debounce = debounceSeconds == null ? usual.debounceSeconds() : debounceSeconds;
        if (debounce < 0 || debounce > LONGEST_DEBOUNCE) {
            problems.add(invalid("debounceSeconds", "0 … " + LONGEST_DEBOUNCE));
        }
        Operation starts = OPERATIONS.stream()
                .filter(known -> operation == null || known.word().equals(operation))
                .findFirst()
                .orElse(null);
        if (starts == null) {
            problems.add(invalid("operation", "deploy | build"));
        }
        Part of = Arrays.stream(Part.values())
                .filter(known -> part == null || known.word().equals(part))
                .findFirst()
                .orElse(null);
        if (of == null) {
            problems.add(invalid("part", "repository | all | named"));
        }
        List<String> names = strings(components);
        if (of == Part.NAMED && names.isEmpty() || of != null && of != Part.NAMED && !names.isEmpty()) {
            problems.add(invalid("components", "part: named"));
        } else if (of == Part.NAMED && application != null) {
            try {
                var unused = new Scope(Operation.DEPLOY, names, false, Map.of()).of(application);
            } catch (ProblemException unknown) {
                problems.addAll(unknown.problems());
            }
        }
        if (!problems.isEmpty() || starts == null || of == null) {
            throw new ProblemException(problems);
        }
        return new PushRule(
                enabled == null || enabled,
                place,
                strings(branches),
                strings(tags),
                strings(paths),
                debounce,
                replace == null || replace,
                starts,
                of,
                names);
    }

    /** Of a rule that is there. */
    static WantedRule of(PushRule rule) {
        return new WantedRule(
                rule.enabled(),
                rule.repository(),
                rule.branches(),
                rule.tags(),
                rule.paths(),
                rule.debounceSeconds(),
                rule.replace(),
                rule.operation().word(),
                rule.part().word(),
                rule.components());
    }

    private static void patterns(String field, @Nullable List<String> given, List<Problem> problems) {
        List<String> patterns = given == null
                ? List.of()
                : given.stream().map(pattern -> pattern == null ? "" : pattern).toList();
        Stream<String> wrong = patterns.size() > Globs.MOST
                ? Stream.of(patterns.size() + " > " + Globs.MOST)
                : Globs.wrong(patterns).stream();
        wrong.forEach(pattern -> problems.add(Problem.of(
                ProblemCode.HOOK_PATTERN,
                field,
                "pattern",
                GivenName.shown(Payloads.shown(pattern)),
                "limit",
                Integer.toString(Globs.LONGEST))));
    }

    private static List<String> strings(@Nullable List<String> given) {
        return given == null
                ? List.of()
                : given.stream()
                        .filter(text -> text != null)
                        .map(String::strip)
                        .distinct()
                        .toList();
    }

    private static Problem invalid(String field, String expected) {
        return Problem.of(ProblemCode.REQUEST_INVALID, field, "reason", field + ": " + expected);
    }
}
