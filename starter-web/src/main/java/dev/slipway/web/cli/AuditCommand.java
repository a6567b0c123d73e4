package dev.slipway.web.cli;

import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Whether every row of the audit is as it was written, and none is missing. */
@Command(name = "audit-verify")
final class AuditCommand implements Callable<Integer> {
    @ParentCommand
    private @Nullable SlipwayCommand root;

    @Parameters(arity = "0..*", paramLabel = "NUMBER:HASH", descriptionKey = "parameter.heads")
    private @Nullable List<String> heads;

    @Override
    public Integer call() {
        SlipwayCommand here = Objects.requireNonNull(root);
        ObjectNode known = here.json().createObjectNode();
        if (heads != null) {
            ArrayNode told = known.putArray("heads");
            heads.forEach(told::add);
        }
        JsonNode proof =
                here.api().post("/audit:verify", known, UUID.randomUUID().toString());
        here.show(proof, found -> () -> print(found, here.screen(), here.words()));
        return proof.path("whole").asBoolean(false) ? Exit.DONE : Exit.FAILED;
    }

    private static void print(JsonNode proof, Screen screen, Words words) {
        String rows = Long.toString(proof.path("rows").asLong(0));
        String head = proof.path("head").asString("");
        screen.line(
                proof.path("whole").asBoolean(false)
                        ? words.text("audit.whole", rows, head)
                        : words.text(
                                "audit.broken",
                                Long.toString(proof.path("at").asLong(0)),
                                proof.path("broken").asString(""),
                                rows));
    }
}
