package dev.slipway.web.applications;

import dev.slipway.activities.detect.Draft;
import dev.slipway.activities.detect.Remark;
import dev.slipway.activities.detect.Seen;
import dev.slipway.web.shell.Wording;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A proposal as pages and API show it; nothing is created.
 *
 * @param document {@code slipway.yaml}
 * @param remarks about the whole, in the reader's language
 */
public record DraftView(String document, List<PartView> components, List<String> remarks) {
    /**
     * @param kind {@code null}: an image that exists already
     * @param saw file and what of it
     * @param chosen how it is built, and why
     * @param dockerfile generated text; {@code null}: none is needed
     */
    public record PartView(
            String name,
            String path,
            @Nullable String kind,
            List<String> saw,
            String chosen,
            List<String> alternatives,
            @Nullable String dockerfile,
            List<String> remarks) {}

    static DraftView of(Draft draft, Wording words) {
        return new DraftView(
                draft.document(),
                draft.parts().stream().map(part -> part(part, words)).toList(),
                texts(draft.remarks(), words));
    }

    private static PartView part(Draft.Part part, Wording words) {
        return new PartView(
                part.component(),
                part.folder(),
                part.kind() == null ? null : part.kind().word(),
                part.saw().stream().map(Seen::toString).toList(),
                text(part.chosen(), words),
                part.alternatives().stream()
                        .map(other -> other.kind().word() + ": " + other.file())
                        .toList(),
                part.dockerfile(),
                texts(part.remarks(), words));
    }

    private static List<String> texts(List<Remark> remarks, Wording words) {
        return remarks.stream().map(remark -> text(remark, words)).toList();
    }

    private static String text(Remark remark, Wording words) {
        return words.say(remark.code().key(), remark.arguments().toArray());
    }
}
