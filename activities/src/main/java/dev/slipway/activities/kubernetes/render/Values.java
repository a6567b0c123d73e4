package dev.slipway.activities.kubernetes.render;

import dev.slipway.workflows.application.Application;
import dev.slipway.workflows.application.Component;
import dev.slipway.workflows.application.Lookups;
import dev.slipway.workflows.application.Lookups.Segment;
import dev.slipway.workflows.application.Parameter;
import org.jspecify.annotations.Nullable;

/** Puts values in place of {@code ${…}}. A text that uses a secret is a secret. */
final class Values {
    /** @param text what it says; a secret when {@code secret} */
    record Value(String text, boolean secret) {
        @Override
        public String toString() {
            return secret ? "***" : text;
        }
    }

    private final RenderInput input;

    Values(RenderInput input) {
        this.input = input;
    }

    /** @param self whom {@code ${self.…}} means: the component that the text stands in */
    Value resolve(Component self, String text) {
        String resolved = Lookups.resolve(text, segment -> value(self, segment));
        return new Value(resolved, Lookups.usesSecret(text, input.application()));
    }

    /** Of a text that stands in no component. */
    String resolve(String text) {
        return Lookups.resolve(text, segment -> value(null, segment));
    }

    private String value(@Nullable Component self, Segment segment) {
        if (segment instanceof Segment.OfParameter parameter) {
            return parameter(parameter.name());
        }
        if (segment instanceof Segment.OfComponent of) {
            Component target = self != null && of.component().equals(Lookups.SELF)
                    ? self
                    : component(input.application(), of.component());
            return switch (of.attribute()) {
                case HOST -> host(target);
                case NAME -> target.name();
                case PORT -> Integer.toString(port(target, of.port()));
            };
        }
        return input.environmentName();
    }

    private String parameter(String name) {
        var secret = input.secrets().get(name);
        if (secret != null) {
            return secret.reveal();
        }
        String plain = input.parameters().get(name);
        if (plain != null) {
            return plain;
        }
        String byDefault = input.application().parameters().stream()
                .filter(parameter -> parameter.name().equals(name))
                .findFirst()
                .map(Parameter::defaultValue)
                .orElse(null);
        if (byDefault == null) {
            throw unknown("param." + name);
        }
        return byDefault;
    }

    /** The Service of the same name in the same namespace; of an external component, its address. */
    private static String host(Component target) {
        return target.address() == null ? target.name() : target.address();
    }

    private static int port(Component target, @Nullable String name) {
        return (name == null ? target.ports().stream().findFirst() : target.port(name))
                .orElseThrow(() -> unknown(target.name() + ".port"))
                .port();
    }

    static Component component(Application application, String name) {
        return application.component(name).orElseThrow(() -> unknown(name));
    }

    private static IllegalArgumentException unknown(String lookup) {
        return new IllegalArgumentException("the check of the document lets no ${" + lookup + "} without a value pass");
    }
}
