package dev.slipway.web.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.swagger.v3.core.converter.AnnotatedType;
import io.swagger.v3.core.converter.ModelConverter;
import io.swagger.v3.core.converter.ModelConverterContext;
import io.swagger.v3.core.util.Json31;
import io.swagger.v3.oas.models.media.JsonSchema;
import io.swagger.v3.oas.models.media.Schema;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Says of every record of ours what its code says: what is marked {@code @Nullable} may be {@code null}, all else is always
 * there.
 */
final class RecordSchemas implements ModelConverter {
    private final Map<String, Class<?>> names = new ConcurrentHashMap<>();

    @Override
    @SuppressWarnings("rawtypes")
    public @Nullable Schema resolve(AnnotatedType type, ModelConverterContext context, Iterator<ModelConverter> chain) {
        Schema<?> resolved = chain.hasNext() ? chain.next().resolve(type, context, chain) : null;
        Class<?> raw = raw(type);
        if (resolved != null && raw != null && raw.isRecord() && raw.getName().startsWith("dev.slipway.")) {
            String reference = resolved.get$ref();
            String name = reference == null ? resolved.getName() : reference.substring(reference.lastIndexOf('/') + 1);
            Schema<?> model = name == null ? null : context.getDefinedModels().get(name);
            if (model != null && model.getProperties() != null) {
                refine(name, model, raw);
            }
        }
        return resolved;
    }

    private void refine(String name, Schema<?> model, Class<?> type) {
        Class<?> other = names.putIfAbsent(name, type);
        if (other == type) {
            return;
        }
        if (other != null && !name.startsWith("Page")) {
            throw new IllegalStateException(name + " is the name of " + other + " and of " + type);
        }
        boolean asked = model.getRequired() != null;
        for (RecordComponent component : type.getRecordComponents()) {
            Schema<?> property = model.getProperties().get(component.getName());
            if (property == null) {
                continue;
            }
            boolean nullable = component.getAnnotatedType().isAnnotationPresent(Nullable.class);
            boolean required = asked && model.getRequired().contains(component.getName());
            if (nullable && !required) {
                model.getProperties().put(component.getName(), orNull(property));
            } else if (!nullable && !mayBeLeftOut(component) && !required) {
                model.addRequiredItem(component.getName());
            }
        }
    }

    private static boolean mayBeLeftOut(RecordComponent component) {
        JsonInclude include = component.getAccessor().getAnnotation(JsonInclude.class);
        return include != null && include.value() != JsonInclude.Include.ALWAYS;
    }

    static Schema<?> orNull(Schema<?> property) {
        if (property.get$ref() != null) {
            Schema<?> nothing = new JsonSchema();
            nothing.addType("null");
            Schema<Object> either = new JsonSchema();
            List<Schema> both = new ArrayList<>(List.of(new Schema<>().$ref(property.get$ref()), nothing));
            either.setAnyOf(both);
            return either;
        }
        if ((property.getTypes() == null || property.getTypes().isEmpty()) && property.getType() != null) {
            property.addType(property.getType());
        }
        if (property.getTypes() != null && !property.getTypes().isEmpty()) {
            property.addType("null");
            if (property.getEnum() != null) {
                addNull(property);
            }
        }
        return property;
    }

    @SuppressWarnings({"unchecked", "rawtypes"})
    private static void addNull(Schema property) {
        List<Object> values = new ArrayList<>(property.getEnum());
        values.add(null);
        property.setEnum(values);
    }

    private static @Nullable Class<?> raw(AnnotatedType type) {
        return type.getType() == null
                ? null
                : Json31.mapper().getTypeFactory().constructType(type.getType()).getRawClass();
    }
}
