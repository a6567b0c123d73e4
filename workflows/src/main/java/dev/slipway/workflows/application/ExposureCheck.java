package dev.slipway.workflows.application;

import static dev.slipway.workflows.problem.ProblemCode.*;

import dev.slipway.workflows.application.yaml.Notes;
import dev.slipway.workflows.application.yaml.Words;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/** What is wrong with ports, and with the addresses that lead to them from outside. */
final class ExposureCheck {
    private final Remarks remarks;
    private final Application application;
    private final Notes notes;
    private final LookupCheck lookups;

    ExposureCheck(Remarks remarks, LookupCheck lookups) {
        this.remarks = remarks;
        this.application = remarks.application();
        this.notes = remarks.notes();
        this.lookups = lookups;
    }

    void ports(String path, Component c) {
        remarks.unique(path + ".ports", c.ports().stream().map(Port::name).toList(), "name");
        Set<String> numbers = new HashSet<>();
        for (int i = 0; i < c.ports().size(); i++) {
            Port port = c.ports().get(i);
            String at = path + ".ports[" + i + "]";
            remarks.name(at + ".name", port.name(), Formats.PORT_NAME, Formats.PORT_NAME_LENGTH, "http");
            remarks.valueIf(port.port() < 1 || port.port() > 65_535, at + ".port", "" + port.port(), "1..65535");
            // A number may serve TCP and UDP at once, as DNS does.
            String number = port.port() + (port.protocol() == Port.Protocol.UDP ? "/udp" : "/tcp");
            if (!numbers.add(number)) {
                notes.note(DOC_DUPLICATE, at + ".port", "name", "" + port.port(), "first", path + ".ports");
            }
            Port.Expose expose = port.expose();
            if (expose != null) {
                expose(at, c, port, expose);
            }
        }
    }

    private void expose(String at, Component c, Port port, Port.Expose expose) {
        boolean spoken = port.protocol() == Port.Protocol.HTTP || port.protocol() == Port.Protocol.GRPC;
        remarks.conflictIf(!spoken, at + ".expose", "expose", "protocol: " + Words.word(port.protocol()));
        boolean serves = c.kind() != Component.Kind.JOB && c.kind() != Component.Kind.CRON;
        remarks.conflictIf(!serves, at + ".expose", "expose", "kind: " + Words.word(c.kind()));
        remarks.valueIf(!Formats.isRoutePath(expose.path()), at + ".expose.path", expose.path(), "/ | /orders");
        lookups.text(at + ".expose.host", expose.host(), c, false);
        // What a look-up yields is known when it is rendered; every one of them can stand in a name.
        String host = expose.host().replaceAll("\\$\\{[^}]*}", "x");
        remarks.valueIf(
                !Formats.isRouteHost(host), at + ".expose.host", expose.host(), "orders.example | *.shop.example");
        String tls = expose.tls();
        remarks.valueIf(tls != null && !Formats.isRouteHost(tls), at + ".expose.tls", tls, "orders-tls");
    }

    /** One address leads to one place. */
    void routes() {
        Map<String, String> firsts = new HashMap<>();
        for (int i = 0; i < application.components().size(); i++) {
            Component c = application.components().get(i);
            for (int j = 0; j < c.ports().size(); j++) {
                Port.Expose expose = c.ports().get(j).expose();
                String at = "spec.components[" + i + "].ports[" + j + "].expose";
                String first = expose == null ? null : firsts.putIfAbsent(expose.host() + expose.path(), at);
                if (expose != null && first != null) {
                    notes.note(
                            DOC_DUPLICATE,
                            at + ".host",
                            "name",
                            Words.shown(expose.host() + expose.path()),
                            "first",
                            notes.lines().where(first + ".host"));
                }
            }
        }
    }
}
