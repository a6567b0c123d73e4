package dev.slipway.web.api;

import io.swagger.v3.core.jackson.TypeNameResolver;
import java.util.Set;

/** Names of schemas: nested records are told apart by what they are in, {@code TextDiffLine}; bodies of requests are not. */
final class SchemaNames extends TypeNameResolver {
    @Override
    protected String nameForClass(Class<?> type, Set<Options> options) {
        Class<?> outer = type.getEnclosingClass();
        if (outer == null
                || !type.getName().startsWith("dev.slipway.")
                || outer.getSimpleName().endsWith("Api")) {
            return super.nameForClass(type, options);
        }
        return outer.getSimpleName() + type.getSimpleName();
    }
}
