package dev.slipway.workflows.application;

import dev.slipway.workflows.application.yaml.Reading;
import dev.slipway.workflows.application.yaml.YamlPen;
import dev.slipway.workflows.application.yaml.YamlSurgery;
import dev.slipway.workflows.problem.ProblemException;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Changes an author's document so that it says something else, and touches nothing but the fields that differ: comments,
 * order and writing of the rest stay as they are, character by character.
 */
public final class ApplicationEdit {
    /** Value by value; else by fields of a component, by components, by lists. The first that says what is wanted counts. */
    private static final List<Integer> DEPTHS = List.of(YamlSurgery.ALL_THE_WAY, 4, 3, 1);

    private ApplicationEdit() {}

    /**
     * The document that says {@code wanted}. Written anew as a whole only where nothing less will do.
     *
     * @throws ProblemException when the document as it is cannot be read
     */
    public static String apply(String document, Application wanted) {
        Application now = ApplicationReader.read(document).orElseThrow();
        if (now.equals(wanted)) {
            return document;
        }
        Map<String, @Nullable Object> before = ApplicationWriter.tree(now);
        Map<String, @Nullable Object> after = ApplicationWriter.tree(wanted);
        for (int depth : DEPTHS) {
            String edited = attempt(document, before, after, depth);
            if (edited != null && wanted.equals(ApplicationReader.read(edited).value())) {
                return edited;
            }
        }
        return ApplicationWriter.write(wanted);
    }

    static @Nullable String attempt(
            String document, Map<String, @Nullable Object> before, Map<String, @Nullable Object> after, int depth) {
        try {
            return YamlSurgery.apply(document, before, after, depth);
        } catch (IllegalStateException notAtThisDepth) {
            return null;
        }
    }

    /**
     * Reads an application from plain maps, lists and texts, as they come out of a form.
     *
     * @param tree as {@link ApplicationWriter#tree} makes it; what is wrong in it becomes problems with the path of the field
     */
    public static Reading<Application> read(Map<String, ?> tree) {
        return ApplicationReader.read(YamlPen.write(tree));
    }
}
