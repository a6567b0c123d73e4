package dev.slipway.web.audit;

/**
 * What something was done to.
 *
 * @param kind {@code environment}; empty: the installation
 * @param name may be used again later
 * @param id is not; empty: not known
 */
public record AuditSubject(String kind, String name, String id) {
    public static final AuditSubject INSTALLATION = new AuditSubject("", "", "");
}
