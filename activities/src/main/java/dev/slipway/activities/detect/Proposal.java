package dev.slipway.activities.detect;

import dev.slipway.activities.detect.Draft.Part;
import dev.slipway.activities.detect.Remark.Code;
import dev.slipway.workflows.application.Application;
import dev.slipway.workflows.application.ApplicationCheck;
import dev.slipway.workflows.application.ApplicationWriter;
import dev.slipway.workflows.application.Component;
import dev.slipway.workflows.application.Governance;
import dev.slipway.workflows.application.Metadata;
import dev.slipway.workflows.application.Parameter;
import dev.slipway.workflows.problem.Problem;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Components that are put together to one document. What the document cannot say after all goes, and is told. */
final class Proposal {
    private static final Pattern WHERE = Pattern.compile("spec\\.components\\[(\\d+)]\\.([A-Za-z]+).*");
    private static final int MOST_TRIES = 20;

    private final String name;
    private final List<Parameter> parameters;
    private final List<ComponentDraft> components = new ArrayList<>();
    private final List<Part> parts = new ArrayList<>();

    Proposal(String name, List<Parameter> parameters) {
        this.name = name;
        this.parameters = parameters;
    }

    /** @param part to which is added what is to be told of the component */
    void add(ComponentDraft component, Part part) {
        if (component.ports.isEmpty() && component.kind != Component.Kind.JOB) {
            component.remarks.add(Remark.of(Code.NO_PORT));
        }
        components.add(component);
        parts.add(part.with(component.remarks));
    }

    Draft draft(List<Remark> remarks) {
        List<Remark> all = new ArrayList<>(remarks);
        List<Problem> problems = ApplicationCheck.check(application());
        for (int tries = 0; tries < MOST_TRIES && !problems.isEmpty(); tries++) {
            for (Problem problem : problems) {
                Matcher where = WHERE.matcher(problem.where());
                if (where.matches() && where.group(2).equals("source")) {
                    all.add(Remark.of(Code.NO_SOURCE, remove(Integer.parseInt(where.group(1)))));
                    break; // the others are numbered anew
                }
                if (where.matches()) {
                    withdraw(Integer.parseInt(where.group(1)), where.group(2));
                }
            }
            problems = ApplicationCheck.check(application());
        }
        return new Draft(ApplicationWriter.write(application()), parts, all);
    }

    private String remove(int index) {
        ComponentDraft gone = components.remove(index);
        parts.remove(index);
        components.forEach(other -> other.dependsOn.remove(gone.name));
        return gone.name;
    }

    private Application application() {
        return new Application(
                new Metadata(name, null, null, null),
                Governance.KUBERNETES,
                parameters,
                components.stream().map(ComponentDraft::component).toList(),
                List.of());
    }

    private void withdraw(int index, String field) {
        components.get(index).withdraw(field);
        Part part = parts.get(index);
        parts.set(index, part.with(List.of(Remark.of(Code.LEFT_OUT, field))));
    }
}
