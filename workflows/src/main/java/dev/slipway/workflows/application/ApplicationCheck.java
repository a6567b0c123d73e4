package dev.slipway.workflows.application;

import static dev.slipway.workflows.problem.ProblemCode.*;

import dev.slipway.workflows.application.yaml.Lines;
import dev.slipway.workflows.application.yaml.Notes;
import dev.slipway.workflows.application.yaml.Reading;
import dev.slipway.workflows.application.yaml.YamlText;
import dev.slipway.workflows.problem.Problem;
import java.util.List;

/**
 * Tells everything that is wrong with an application at once: names, references, circles, duplicates, fields that do
 * not go together, forms of values, and what is valid but not run yet ({@code SLP-DOC-UNSUPPORTED}).
 *
 * <p>Rules worth knowing: a look-up of another component needs an edge to it ({@code linked} is enough), for otherwise
 * it would not be told when that component changes. Two dependencies that export the same name collide unless the
 * component's own env decides; the own env always wins. {@code healthy} of a job has no meaning, {@code completed} of
 * anything else neither.
 */
public final class ApplicationCheck {
    private final Application application;
    private final Notes notes;
    private final Remarks remarks;
    private final ParameterCheck parameters;
    private final SourceCheck sources;
    private final WorkloadCheck workloads;
    private final LookupCheck lookups;
    private final ExposureCheck exposure;
    private final VolumeCheck volumes;
    private final EdgeCheck edges;

    private ApplicationCheck(Application application, Notes notes) {
        this.application = application;
        this.notes = notes;
        this.remarks = new Remarks(application, notes);
        this.parameters = new ParameterCheck(remarks);
        this.sources = new SourceCheck(remarks);
        this.workloads = new WorkloadCheck(remarks);
        this.lookups = new LookupCheck(remarks);
        this.exposure = new ExposureCheck(remarks, lookups);
        this.volumes = new VolumeCheck(remarks);
        this.edges = new EdgeCheck(remarks);
    }

    /** Every problem of an application that was not read from a text. */
    public static List<Problem> check(Application application) {
        return check(application, Lines.NONE);
    }

    /** @param lines where its fields stand, from {@link Reading#lines()} */
    public static List<Problem> check(Application application, Lines lines) {
        Notes notes = new Notes(lines);
        new ApplicationCheck(application, notes).all();
        return notes.problems();
    }

    /** Reads and checks: the application, or every problem of shape and sense together. */
    public static Reading<Application> read(String text) {
        Notes notes = new Notes();
        return read(ApplicationReader.draft(YamlText.read(text, notes)), notes);
    }

    /** As {@link #read(String)}; what is not UTF-8 is a problem too. */
    public static Reading<Application> read(byte[] utf8) {
        Notes notes = new Notes();
        return read(ApplicationReader.draft(YamlText.read(utf8, notes)), notes);
    }

    private static Reading<Application> read(Application draft, Notes notes) {
        boolean ofThisKind = !notes.isSettled("kind") && !notes.isSettled("spec");
        if (ofThisKind) {
            new ApplicationCheck(draft, notes).all();
        }
        return Reading.of(draft, notes);
    }

    private void all() {
        remarks.name("metadata.name", application.name(), Formats.NAME, Formats.NAME_LENGTH, "storefront");
        Unsupported.in(application).forEach(remarks::unsupported);
        remarks.unique(
                "spec.parameters",
                application.parameters().stream().map(Parameter::name).toList(),
                "name");
        for (int i = 0; i < application.parameters().size(); i++) {
            parameters.parameter(
                    "spec.parameters[" + i + "]", application.parameters().get(i));
        }
        if (application.components().isEmpty()) {
            notes.note(DOC_MISSING, "spec.components", "field", "components", "example", "[{name: web, …}]");
        }
        if (application.components().size() > Application.MAX_COMPONENTS) {
            notes.note(
                    DOC_TOO_BIG,
                    "spec.components",
                    "actual",
                    "" + application.components().size(),
                    "limit",
                    "" + Application.MAX_COMPONENTS);
        }
        remarks.unique(
                "spec.components",
                application.components().stream().map(Component::name).toList(),
                "name");
        for (int i = 0; i < application.components().size(); i++) {
            component("spec.components[" + i + "]", application.components().get(i));
        }
        ManifestCheck.check(application, notes);
        exposure.routes();
        edges.cycles();
    }

    /** In this order: what is noted first about a place is what is told. */
    private void component(String path, Component c) {
        remarks.name(path + ".name", c.name(), Formats.NAME, Formats.NAME_LENGTH, "orders");
        if (Lookups.RESERVED.contains(c.name())) {
            notes.note(DOC_RESERVED, path + ".name", "name", c.name());
        }
        Unsupported.in(c).forEach((field, says) -> remarks.unsupported(path + field, says));
        workloads.kind(path, c);
        sources.source(path, c);
        if (c.workingDir() != null && !c.workingDir().equals("/") && !Formats.isAbsolutePath(c.workingDir())) {
            remarks.value(path + ".workingDir", c.workingDir(), "/app");
        }
        exposure.ports(path, c);
        volumes.mounts(path, c);
        workloads.settings(path, c);
        edges.dependencies(path, c);
        lookups.texts(path, c);
    }

    /** Whether a value is of the parameter's type; its pattern is left to where the value is used. */
    public static boolean accepts(Parameter parameter, String value) {
        return ParameterCheck.accepts(parameter, value);
    }

    /** The values a parameter takes, as shown to people. */
    public static String allowed(Parameter parameter) {
        return ParameterCheck.allowed(parameter);
    }
}
