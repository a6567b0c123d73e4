package dev.slipway.activities.detect;

import dev.slipway.activities.detect.Project.Alternative;
import dev.slipway.activities.detect.Project.Kind;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A whole application, proposed from what a repository holds. Nothing is kept: a person looks, changes, and creates it.
 *
 * @param document {@code slipway.yaml}, fine by {@code ApplicationCheck}
 * @param parts one per component, in the document's order
 * @param remarks about the whole; among them what of a compose file is left out
 */
public record Draft(String document, List<Part> parts, List<Remark> remarks) {
    /**
     * How a component came into the proposal.
     *
     * @param component its name
     * @param folder in the repository; empty: its root, or none at all
     * @param kind {@code null}: an image that exists already
     * @param dockerfile the text of a Dockerfile that is generated for it; {@code null}: it needs none
     * @param remarks what to know of it; among them what is left out
     */
    public record Part(
            String component,
            String folder,
            @Nullable Kind kind,
            List<Seen> saw,
            Remark chosen,
            List<Alternative> alternatives,
            @Nullable String dockerfile,
            List<Remark> remarks) {
        public Part {
            saw = List.copyOf(saw);
            alternatives = List.copyOf(alternatives);
            remarks = List.copyOf(remarks);
        }

        Part with(List<Remark> more) {
            return new Part(
                    component, folder, kind, saw, chosen, alternatives, dockerfile, Project.both(remarks, more));
        }
    }

    public Draft {
        parts = List.copyOf(parts);
        remarks = List.copyOf(remarks);
    }
}
