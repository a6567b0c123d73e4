package dev.slipway.web.applications;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.workflows.application.Component;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class FormShapesTest {
    @Test
    @DisplayName(
            "the form has every field of a component but its name, which stays, and its origin, which an install sets")
    void everyField() {
        List<String> fields = Arrays.stream(Component.class.getRecordComponents())
                .map(field -> field.getName())
                .filter(name -> !name.equals("name") && !name.equals("origin"))
                .toList();

        assertThat(FormValues.fields(FormShapes.component(List.of())).stream()
                        .map(field -> field.path().replaceFirst("[.].*", ""))
                        .collect(Collectors.toSet()))
                .containsExactlyInAnyOrderElementsOf(fields);
    }

    @Test
    @DisplayName("a deadline goes into the document as it was written, and out of it when its field is emptied")
    void deadline() {
        var shape = FormShapes.component(List.of());
        Map<String, Object> before = Map.of("deadline", "15m");

        assertThat(FormValues.of(shape, before).value("deadline")).isEqualTo("15m");
        assertThat(sent(" 1h30m ").tree(shape, before, new ArrayList<>())).isEqualTo(Map.of("deadline", "1h30m"));
        assertThat(sent("").tree(shape, before, new ArrayList<>())).isEmpty();
    }

    private static FormValues sent(String deadline) {
        return FormValues.sent(Map.of("deadline", new String[] {deadline}));
    }
}
