package dev.slipway.tests.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ArchitectureTest {
    private static final String VIOLATIONS = "dev.slipway.tests.architecture.violations";

    private static final JavaClasses HOUSE = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("dev.slipway.workflows", "dev.slipway.activities", "dev.slipway.web");
    private static final JavaClasses PLANTED = new ClassFileImporter().importPackages(VIOLATIONS);

    /** @param planted parts of the messages that the planted violations must lead to */
    record Checked(ArchRule rule, ArchRule onViolations, List<String> planted) {
        @Override
        public String toString() {
            return rule.getDescription();
        }
    }

    static Stream<Checked> rules() {
        ArchitectureRules house = new ArchitectureRules("dev.slipway");
        ArchitectureRules bad = new ArchitectureRules(VIOLATIONS);
        return Stream.of(
                new Checked(
                        house.workflowsKnowOnlyThemselves(),
                        bad.workflowsKnowOnlyThemselves(),
                        List.of("KnowsActivities", "KnowsWeb")),
                new Checked(
                        house.activitiesDoNotKnowTheWeb(),
                        bad.activitiesDoNotKnowTheWeb(),
                        List.of("ActivityKnowsWeb")),
                new Checked(
                        house.commandLineSpeaksOnlyTheApi(),
                        bad.commandLineSpeaksOnlyTheApi(),
                        List.of("KnowsThePage")),
                new Checked(
                        house.noToolInWorkflows(),
                        bad.noToolInWorkflows(),
                        List.of(
                                "java.nio.file.Path",
                                "java.io.FileInputStream",
                                "java.net.http.HttpClient",
                                "java.sql.Connection",
                                "java.time.Clock",
                                "org.springframework.stereotype.Component",
                                "io.fabric8.kubernetes.client.KubernetesClient",
                                "org.eclipse.jgit.lib.ObjectId",
                                "com.google.cloud.tools.jib.api.Jib")),
                new Checked(
                        house.workflowsAreRepeatable(),
                        bad.workflowsAreRepeatable(),
                        List.of(
                                "System.currentTimeMillis",
                                "System.nanoTime",
                                "System.getenv",
                                "System.getProperty",
                                "Math.random",
                                "UUID.randomUUID",
                                "Instant.now",
                                "Collectors.toSet")),
                new Checked(
                        house.noThreadsInWorkflows(),
                        bad.noThreadsInWorkflows(),
                        List.of("java.lang.Thread", "java.util.Random", "ConcurrentHashMap")),
                new Checked(
                        house.workflowsKeepOrder(),
                        bad.workflowsKeepOrder(),
                        List.of("java.util.HashMap.<init>", "java.util.HashSet.<init>", "BadWorkflowImpl")),
                new Checked(
                        house.clustersHaveTheirOwnTime(),
                        bad.clustersHaveTheirOwnTime(),
                        List.of("Instant.now", "System.currentTimeMillis", "Clock.systemUTC")),
                new Checked(
                        house.noCycles("workflows"), bad.noCycles("workflows"), List.of("circle.one", "circle.two")),
                new Checked(
                        house.noCycles("activities"), bad.noCycles("activities"), List.of("circle.one", "circle.two")),
                new Checked(house.noCycles("web"), bad.noCycles("web"), List.of("circle.one", "circle.two")),
                new Checked(house.noVagueNames(), bad.noVagueNames(), List.of("web.util.Vague")),
                new Checked(
                        house.noContainerInActivities(),
                        bad.noContainerInActivities(),
                        List.of("org.springframework.stereotype.Component")),
                new Checked(
                        house.everyPackageSaysWhatItHolds(),
                        bad.everyPackageSaysWhatItHolds(),
                        List.of("unsaid.WithoutPackageInfo", "unmarked.WithoutNullMarked")));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("rules")
    @DisplayName("the house keeps its rules")
    void kept(Checked checked) {
        checked.rule().check(HOUSE);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("rules")
    @DisplayName("each rule finds what is planted against it")
    void seenToFail(Checked checked) {
        String report = String.join(
                "\n",
                checked.onViolations().evaluate(PLANTED).getFailureReport().getDetails());

        assertThat(report).contains(checked.planted());
    }

    @Test
    @DisplayName("the rules look at all three modules and at no test")
    void looksAtEverything() {
        assertThat(Stream.of("workflows", "activities", "web").map(ArchitectureTest::size))
                .allSatisfy(size -> assertThat(size).isGreaterThan(40));
        assertThat(HOUSE.stream().map(JavaClass::getSimpleName)).noneMatch(name -> name.endsWith("Test"));
    }

    private static long size(String module) {
        return HOUSE.stream()
                .filter(type -> type.getPackageName().startsWith("dev.slipway." + module))
                .count();
    }
}
