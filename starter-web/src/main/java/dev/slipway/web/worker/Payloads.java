package dev.slipway.web.worker;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.slipway.activities.store.SecretBox;
import io.temporal.common.converter.CodecDataConverter;
import io.temporal.common.converter.DataConverter;
import io.temporal.common.converter.DefaultDataConverter;
import io.temporal.common.converter.JacksonJsonPayloadConverter;
import java.util.List;

/**
 * How everything that passes through the engine is written: JSON that forgives fields of a later version, never above 256 KiB,
 * sealed with the master key; messages of failures too.
 */
public final class Payloads {
    private Payloads() {}

    public static DataConverter converter(SecretBox box) {
        ObjectMapper json = JacksonJsonPayloadConverter.newDefaultObjectMapper()
                .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES);
        return new CodecDataConverter(
                DefaultDataConverter.newDefaultInstance()
                        .withPayloadConverterOverrides(new JacksonJsonPayloadConverter(json)),
                // Encoded from the last to the first: measured in clear, then sealed.
                List.of(new EncryptionCodec(box), new SizeGuardCodec()),
                true);
    }
}
