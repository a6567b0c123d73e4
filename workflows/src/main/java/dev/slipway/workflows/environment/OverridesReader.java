package dev.slipway.workflows.environment;

import dev.slipway.workflows.application.Application;
import dev.slipway.workflows.application.yaml.Fields;
import dev.slipway.workflows.application.yaml.Notes;
import dev.slipway.workflows.application.yaml.Reading;
import dev.slipway.workflows.application.yaml.YamlText;
import dev.slipway.workflows.environment.Overrides.ComponentOverride;

/** Reads documents of kind Overrides, as strictly as applications are read. */
public final class OverridesReader {
    public static final String KIND = "Overrides";

    private OverridesReader() {}

    public static Reading<Overrides> read(String text) {
        Notes notes = new Notes();
        Fields root = YamlText.read(text, notes);
        root.expect("apiVersion", Application.API_VERSION);
        root.expect("kind", KIND);
        Fields spec = root.child("spec");
        Overrides overrides = new Overrides(
                spec.text("branch"),
                spec.children("components", OverridesReader::component),
                spec.textMap("parameters"));
        spec.done();
        root.done();
        return Reading.of(overrides, notes);
    }

    private static ComponentOverride component(Fields fields) {
        return new ComponentOverride(
                fields.text("branch"),
                fields.text("tag"),
                fields.text("commit"),
                fields.text("image"),
                fields.count("replicas", 0, 1_000),
                fields.textMap("env"));
    }
}
