package dev.slipway.workflows.application;

import static org.assertj.core.api.Assertions.assertThat;

import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;

class ApplicationSchemaTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Schema SCHEMA = SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
            .getSchema((JsonNode) JSON.valueToTree(ApplicationSchema.schema()));

    @Test
    @DisplayName("every application that can be written fits the schema, whatever its fields")
    void acceptsWhatIsWritten() {
        GeneratedApplications generated = new GeneratedApplications(11);
        for (int i = 0; i < 300; i++) {
            JsonNode document = JSON.valueToTree(ApplicationWriter.tree(generated.next()));

            assertThat(SCHEMA.validate(document)).as(document.toString()).isEmpty();
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '~',
            value = {
                "'name': 'web'~'nme': 'web'",
                "'port': 80~'port': 70000",
                "'port': 80~'port': '80'",
                "'image': 'a'~'image': 'a', 'git': '.'",
                "'kind': 'job'~'kind': 'jobb'",
                "'env': {}~'env': []",
                "slipway.dev/v1~slipway.dev/v2",
                "'replicas': 1~'replicas': -1",
                "'deadline': '15m'~'deadline': '15 min'",
                "'deadline': '15m'~'deadline': 900"
            },
            quoteCharacter = '\0')
    @DisplayName("what the reader refuses for its shape, the schema refuses too")
    void refuses(String from, String to) {
        String valid = "{'apiVersion': 'slipway.dev/v1', 'kind': 'Application', 'metadata': {'name': 'a'}, 'spec':"
                + " {'components': [{'name': 'web', 'kind': 'job', 'source': {'image': 'a'}, 'env': {}, 'replicas': 1, 'deadline': '15m',"
                + " 'ports': [{'name': 'http', 'port': 80}]}]}}";
        assertThat(valid).contains(from);

        assertThat(SCHEMA.validate(json(valid))).isEmpty();
        assertThat(SCHEMA.validate(json(valid.replace(from, to)))).isNotEmpty();
    }

    private static JsonNode json(String text) {
        return JSON.readTree(text.replace('\'', '"'));
    }
}
