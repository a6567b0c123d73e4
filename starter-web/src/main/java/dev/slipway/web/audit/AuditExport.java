package dev.slipway.web.audit;

import dev.slipway.activities.store.audit.AuditQuery;
import dev.slipway.activities.store.audit.AuditRow;
import dev.slipway.activities.store.audit.AuditStore;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.springframework.stereotype.Component;
import tools.jackson.databind.json.JsonMapper;

/** Writes rows, newest first, as JSON lines or CSV, some at a time: an export of millions needs no more memory than one of ten. */
@Component
final class AuditExport {
    /** How it is written. */
    enum Format {
        JSONL,
        CSV
    }

    private static final int CHUNK = 1_000;
    private static final String HEADINGS =
            "seq,at,act,request,outcome,who,userId,tokenId,door,address,action,kind,name,subjectId,detail,problem,times,hash";

    private final AuditStore store;
    private final JsonMapper json;

    AuditExport(AuditStore store, JsonMapper json) {
        this.store = store;
        this.json = json;
    }

    void write(AuditQuery asked, Format format, OutputStream out) throws IOException {
        Writer writer = new BufferedWriter(new OutputStreamWriter(out, StandardCharsets.UTF_8));
        if (format == Format.CSV) {
            writer.write(HEADINGS + "\r\n");
        }
        AuditQuery query = asked;
        for (List<AuditRow> rows = store.search(query, CHUNK); !rows.isEmpty(); rows = store.search(query, CHUNK)) {
            for (AuditRow row : rows) {
                AuditView view = AuditView.of(row);
                writer.write(format == Format.CSV ? csv(view) + "\r\n" : json.writeValueAsString(view) + "\n");
            }
            query = query.before(rows.get(rows.size() - 1).seq());
        }
        writer.flush();
    }

    static String csv(AuditView row) {
        return Stream.of(
                        Long.toString(row.seq()),
                        row.at().toString(),
                        row.act(),
                        row.request(),
                        row.outcome(),
                        row.who(),
                        row.userId(),
                        row.tokenId(),
                        row.door(),
                        row.address(),
                        row.action(),
                        row.kind(),
                        row.name(),
                        row.subjectId(),
                        row.detail(),
                        row.problem(),
                        Long.toString(row.times()),
                        row.hash())
                .map(AuditExport::cell)
                .collect(Collectors.joining(","));
    }

    /** A spreadsheet would calculate what begins like a formula: an apostrophe makes it text. */
    private static String cell(String text) {
        String safe =
                !text.isEmpty() && "=+-@\t\r\uFF1D\uFF0B\uFF0D\uFF20".indexOf(text.charAt(0)) >= 0 ? "'" + text : text;
        return safe.matches("[A-Za-z0-9._:/ -]*") ? safe : "\"" + safe.replace("\"", "\"\"") + "\"";
    }
}
