package dev.slipway.tests.architecture;

import static com.tngtech.archunit.lang.conditions.ArchConditions.not;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.AccessTarget.CodeUnitCallTarget;
import com.tngtech.archunit.core.domain.AccessTarget.CodeUnitReferenceTarget;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaPackage;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import com.tngtech.archunit.library.dependencies.SliceAssignment;
import com.tngtech.archunit.library.dependencies.SliceIdentifier;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.NullMarked;

/**
 * The rules of the house for the code under one root package: {@code dev.slipway}, or the root of the planted violations.
 *
 * @param root the package that holds {@code workflows}, {@code activities} and {@code web}
 */
record ArchitectureRules(String root) {
    private static final Set<String> VAGUE = Set.of("util", "utils", "common", "dto", "impl", "manager", "helper");

    /** What a class of {@code workflows} may never see: the world's tools. Byte buffers and character sets are none. */
    private static final String[] TOOLS = {
        "org.springframework..",
        "jakarta..",
        "io.fabric8..",
        "org.eclipse.jgit..",
        "com.google.cloud.tools..",
        "java.sql..",
        "javax.sql..",
        "java.net.http..",
        "java.net",
        "java.nio.file..",
        "java.nio.channels.."
    };

    /** The ways Java has to answer differently when the same workflow code is replayed. */
    private static final Set<String> UNREPEATABLE = Set.of(
            "java.lang.System.currentTimeMillis",
            "java.lang.System.nanoTime",
            "java.lang.System.getenv",
            "java.lang.System.getProperty",
            "java.lang.System.identityHashCode",
            "java.lang.Math.random",
            "java.util.UUID.randomUUID",
            "java.time.Instant.now",
            "java.time.LocalDate.now",
            "java.time.LocalTime.now",
            "java.time.LocalDateTime.now",
            "java.time.OffsetDateTime.now",
            "java.time.ZonedDateTime.now",
            "java.time.ZoneId.systemDefault",
            "java.util.Locale.getDefault",
            "java.util.TimeZone.getDefault",
            "java.util.Collection.parallelStream",
            "java.util.List.parallelStream",
            "java.util.Set.parallelStream",
            "java.util.stream.Collectors.toSet",
            "java.util.stream.Collectors.toMap",
            "java.util.stream.Collectors.groupingBy");

    /** The ways Java tells this machine's time of day, which a cluster does not have. */
    private static final Set<String> WALL_CLOCKS = Set.of(
            "java.lang.System.currentTimeMillis",
            "java.time.Clock.systemUTC",
            "java.time.Clock.systemDefaultZone",
            "java.time.Clock.system",
            "java.time.Instant.now",
            "java.time.LocalDate.now",
            "java.time.LocalTime.now",
            "java.time.LocalDateTime.now",
            "java.time.OffsetDateTime.now",
            "java.time.ZonedDateTime.now",
            "java.util.Date.<init>");

    /** Their order depends on hash codes, which differ from one process to the next for enums and plain objects. */
    private static final Set<String> UNORDERED =
            Set.of("java.util.HashMap", "java.util.HashSet", "java.util.IdentityHashMap", "java.util.WeakHashMap");

    ArchRule workflowsKnowOnlyThemselves() {
        return noClasses()
                .that()
                .resideInAPackage(in("workflows"))
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(in("activities"), in("web"))
                .as("workflows know neither activities nor web");
    }

    ArchRule activitiesDoNotKnowTheWeb() {
        return noClasses()
                .that()
                .resideInAPackage(in("activities"))
                .should()
                .dependOnClassesThat()
                .resideInAPackage(in("web"))
                .as("activities do not know web");
    }

    /** So that it starts at once, and can do nothing that another client could not do. */
    ArchRule commandLineSpeaksOnlyTheApi() {
        DescribedPredicate<JavaClass> server = DescribedPredicate.describe(
                "the server",
                type -> type.getPackageName().startsWith(root)
                        && !type.getPackageName().startsWith(root + ".web.cli"));
        return noClasses()
                .that()
                .resideInAPackage(in("web.cli"))
                .should()
                .dependOnClassesThat(server.or(JavaClass.Predicates.resideInAnyPackage("org.springframework..")))
                .as("the command line speaks only the API: it knows no class of the server, and no Spring");
    }

    ArchRule noToolInWorkflows() {
        DescribedPredicate<JavaClass> files = DescribedPredicate.describe(
                "files",
                type -> type.getName().startsWith("java.io.File")
                        || type.getName().equals("java.io.RandomAccessFile"));
        DescribedPredicate<JavaClass> clocks = DescribedPredicate.describe(
                "clocks",
                type -> type.getName().equals("java.time.Clock")
                        || type.getName().equals("java.time.InstantSource"));
        return noClasses()
                .that()
                .resideInAPackage(in("workflows"))
                .should()
                .dependOnClassesThat(
                        JavaClass.Predicates.resideInAnyPackage(TOOLS).or(files).or(clocks))
                .as(
                        "workflows use no tool: no Spring, Kubernetes, git, image, database, network or file library, no clock");
    }

    /** Code that runs inside a workflow is replayed: it must take the same way each time. */
    ArchRule workflowsAreRepeatable() {
        return classes()
                .that()
                .resideInAPackage(in("workflows"))
                .should(not(callAny("an answer that differs on replay", UNREPEATABLE::contains)))
                .as("workflows ask Temporal for time, chance and surroundings, never Java");
    }

    ArchRule noThreadsInWorkflows() {
        DescribedPredicate<JavaClass> threads = DescribedPredicate.describe(
                "threads, locks and chance",
                type -> type.getName().equals("java.lang.Thread")
                        || type.getName().equals("java.lang.ThreadLocal")
                        || type.getName().equals("java.util.Random")
                        || type.getName().equals("java.util.SplittableRandom")
                        || type.getName().equals("java.security.SecureRandom")
                        || type.getName().equals("java.util.Timer")
                        || type.getPackageName().startsWith("java.util.concurrent")
                                && !type.getName().equals("java.util.concurrent.TimeUnit"));
        return noClasses()
                .that()
                .resideInAPackage(in("workflows"))
                .should()
                .dependOnClassesThat(threads)
                .as("workflows start no thread, take no lock and throw no dice");
    }

    ArchRule workflowsKeepOrder() {
        DescribedPredicate<JavaClass> insideWorkflows = DescribedPredicate.describe(
                "run inside workflows",
                type -> Stream.of("run", "deploy", "environment", "build")
                                .map(name -> root + ".workflows." + name)
                                .anyMatch(type.getPackageName()::startsWith)
                        || type.getPackageName().startsWith(root + ".workflows")
                                && type.getName().contains("WorkflowImpl"));
        return classes()
                .that(insideWorkflows)
                .should(not(callAny(
                        "a collection without an order",
                        call -> UNORDERED.stream().anyMatch(type -> call.equals(type + ".<init>")))))
                .as("code inside workflows walks collections in a given order");
    }

    /** What a cluster writes has the cluster's time: it is compared with no other. */
    ArchRule clustersHaveTheirOwnTime() {
        return classes()
                .that()
                .resideInAPackage(in("activities.kubernetes"))
                .and()
                .doNotHaveSimpleName("ClusterTime")
                .should(not(callAny("a wall clock", WALL_CLOCKS::contains)))
                .as("what talks to clusters asks ClusterTime for the time, never Java");
    }

    /** A package is the unit: within a module none may depend on itself by way of others. */
    ArchRule noCycles(String module) {
        return slices().assignedFrom(new SliceAssignment() {
                    @Override
                    public SliceIdentifier getIdentifierOf(JavaClass type) {
                        String name = type.getPackageName();
                        boolean inside = name.equals(root + "." + module) || name.startsWith(root + "." + module + ".");
                        return inside ? SliceIdentifier.of(name) : SliceIdentifier.ignore();
                    }

                    @Override
                    public String getDescription() {
                        return "packages of " + module;
                    }
                })
                .should()
                .beFreeOfCycles()
                .as("the packages of " + module + " are free of cycles");
    }

    ArchRule noVagueNames() {
        return classes()
                .that()
                .resideInAPackage(root + "..")
                .should(check(
                        "live in a package that says what it holds",
                        type -> Stream.of(type.getPackageName().split("\\.")).noneMatch(VAGUE::contains)))
                .as("no package is called "
                        + String.join(", ", VAGUE.stream().sorted().toList()));
    }

    ArchRule noContainerInActivities() {
        return noClasses()
                .that()
                .resideInAPackage(in("activities"))
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "org.springframework.stereotype..",
                        "org.springframework.context..",
                        "org.springframework.boot..",
                        "org.springframework.beans..",
                        "org.springframework.web..")
                .as("activities are plain objects: no Spring container");
    }

    ArchRule everyPackageSaysWhatItHolds() {
        return classes()
                .that()
                .resideInAPackage(root + "..")
                .should(check("have a package-info.java with @NullMarked", type -> isNullMarked(type.getPackage())))
                .as("every package has a package-info.java with @NullMarked");
    }

    private String in(String module) {
        return root + "." + module + "..";
    }

    private static boolean isNullMarked(JavaPackage javaPackage) {
        return javaPackage.tryGetPackageInfo().isPresent() && javaPackage.isAnnotatedWith(NullMarked.class);
    }

    /** @param forbidden told {@code java.lang.System.nanoTime}, or {@code java.util.HashMap.<init>} for a constructor */
    private static ArchCondition<JavaClass> callAny(String what, Predicate<String> forbidden) {
        return new ArchCondition<>("call " + what) {
            @Override
            public void check(JavaClass type, ConditionEvents events) {
                Stream<JavaAccess<?>> accesses = Stream.concat(
                        type.getAccessesFromSelf().stream(), type.getCodeUnitReferencesFromSelf().stream());
                accesses.filter(access -> access.getTarget() instanceof CodeUnitCallTarget
                                || access.getTarget() instanceof CodeUnitReferenceTarget)
                        .filter(access -> forbidden.test(access.getTargetOwner().getName() + "."
                                + access.getTarget().getName()))
                        .forEach(access -> events.add(SimpleConditionEvent.satisfied(access, access.getDescription())));
            }
        };
    }

    private static ArchCondition<JavaClass> check(String description, Predicate<JavaClass> holds) {
        return new ArchCondition<>(description) {
            @Override
            public void check(JavaClass type, ConditionEvents events) {
                if (!holds.test(type)) {
                    events.add(SimpleConditionEvent.violated(
                            type, type.getName() + " does not " + description + " in " + type.getSourceCodeLocation()));
                }
            }
        };
    }
}
