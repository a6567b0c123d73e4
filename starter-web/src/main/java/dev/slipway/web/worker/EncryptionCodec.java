package dev.slipway.web.worker;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.slipway.activities.store.SecretBox;
import io.temporal.api.common.v1.Payload;
import io.temporal.common.converter.DataConverterException;
import io.temporal.payload.codec.PayloadCodec;
import java.util.List;

/** Seals every payload with the master key, so that histories hold nothing in clear. The key's id stands in the metadata. */
final class EncryptionCodec implements PayloadCodec {
    private static final String ENCODING = "encoding";
    private static final ByteString SEALED = ByteString.copyFromUtf8("binary/encrypted");
    private static final String CONTEXT = "temporal payload";

    private final SecretBox box;

    EncryptionCodec(SecretBox box) {
        this.box = box;
    }

    @Override
    public List<Payload> encode(List<Payload> payloads) {
        return payloads.stream().map(this::seal).toList();
    }

    @Override
    public List<Payload> decode(List<Payload> payloads) {
        return payloads.stream().map(this::open).toList();
    }

    private Payload seal(Payload payload) {
        return Payload.newBuilder()
                .putMetadata(ENCODING, SEALED)
                .putMetadata("encryption-key-id", ByteString.copyFromUtf8(box.keyId()))
                .setData(ByteString.copyFrom(box.seal(payload.toByteArray(), CONTEXT)))
                .build();
    }

    /** A payload that is not sealed passes: the engine makes some of its own. */
    private Payload open(Payload payload) {
        if (!SEALED.equals(payload.getMetadataMap().get(ENCODING))) {
            return payload;
        }
        try {
            return Payload.parseFrom(box.open(payload.getData().toByteArray(), CONTEXT));
        } catch (InvalidProtocolBufferException e) {
            throw new DataConverterException("a sealed payload holds no payload", e);
        }
    }
}
