package dev.slipway.activities.kubernetes.render;

/** Which object. {@code component} is empty for what belongs to the environment as a whole. */
public record ObjectRef(String kind, String name, String component) {
    /** {@code Deployment/orders}, as plans name it. */
    public String subject() {
        return kind + "/" + name;
    }
}
