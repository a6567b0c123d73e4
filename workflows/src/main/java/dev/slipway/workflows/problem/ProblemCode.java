package dev.slipway.workflows.problem;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Arrays;

/**
 * Every problem a person can meet. {@code ops/errors.md} has a section and the message bundles have the texts of each;
 * a test keeps the three equal.
 */
public enum ProblemCode {
    // Documents
    DOC_SYNTAX("SLP-DOC-SYNTAX", Remedy.PERSON),
    DOC_CHARACTER("SLP-DOC-CHARACTER", Remedy.PERSON),
    DOC_TOO_BIG("SLP-DOC-TOO-BIG", Remedy.PERSON),
    DOC_FORBIDDEN_YAML("SLP-DOC-FORBIDDEN-YAML", Remedy.PERSON),
    DOC_DUPLICATE("SLP-DOC-DUPLICATE", Remedy.PERSON),
    DOC_UNKNOWN_FIELD("SLP-DOC-UNKNOWN-FIELD", Remedy.PERSON),
    DOC_MISSING("SLP-DOC-MISSING", Remedy.PERSON),
    DOC_TYPE("SLP-DOC-TYPE", Remedy.PERSON),
    DOC_VALUE("SLP-DOC-VALUE", Remedy.PERSON),
    DOC_CHOICE("SLP-DOC-CHOICE", Remedy.PERSON),
    DOC_NAME("SLP-DOC-NAME", Remedy.PERSON),
    DOC_RESERVED("SLP-DOC-RESERVED", Remedy.PERSON),
    DOC_REFERENCE("SLP-DOC-REFERENCE", Remedy.PERSON),
    DOC_LOOKUP("SLP-DOC-LOOKUP", Remedy.PERSON),
    DOC_NOT_A_DEPENDENCY("SLP-DOC-NOT-A-DEPENDENCY", Remedy.PERSON),
    DOC_CONDITION("SLP-DOC-CONDITION", Remedy.PERSON),
    DOC_CYCLE("SLP-DOC-CYCLE", Remedy.PERSON),
    DOC_CONFLICT("SLP-DOC-CONFLICT", Remedy.PERSON),
    DOC_UNSUPPORTED("SLP-DOC-UNSUPPORTED", Remedy.PERSON),

    // Git
    GIT_URL("SLP-GIT-URL", Remedy.PERSON),
    GIT_UNREACHABLE("SLP-GIT-UNREACHABLE", Remedy.WAIT),
    GIT_DENIED("SLP-GIT-DENIED", Remedy.PERSON),
    GIT_NOT_A_REPOSITORY("SLP-GIT-NOT-A-REPOSITORY", Remedy.PERSON),
    GIT_REF_MISSING("SLP-GIT-REF-MISSING", Remedy.PERSON),
    GIT_PATH_MISSING("SLP-GIT-PATH-MISSING", Remedy.PERSON),
    GIT_TIMEOUT("SLP-GIT-TIMEOUT", Remedy.WAIT),
    GIT_TOO_BIG("SLP-GIT-TOO-BIG", Remedy.PERSON),
    GIT_UNSUPPORTED("SLP-GIT-UNSUPPORTED", Remedy.PERSON),

    // Images and registries
    IMAGE_REFERENCE("SLP-IMAGE-REFERENCE", Remedy.PERSON),
    IMAGE_NOT_FOUND("SLP-IMAGE-NOT-FOUND", Remedy.PERSON),
    IMAGE_UNSUPPORTED("SLP-IMAGE-UNSUPPORTED", Remedy.PERSON),
    REGISTRY_UNREACHABLE("SLP-REGISTRY-UNREACHABLE", Remedy.WAIT),
    REGISTRY_DENIED("SLP-REGISTRY-DENIED", Remedy.PERSON),
    REGISTRY_FULL("SLP-REGISTRY-FULL", Remedy.PERSON),
    REGISTRY_ANSWER("SLP-REGISTRY-ANSWER", Remedy.WAIT),
    REGISTRY_NOT_PULLABLE("SLP-REGISTRY-NOT-PULLABLE", Remedy.PERSON),

    // Kubernetes
    KUBERNETES_UNREACHABLE("SLP-K8S-UNREACHABLE", Remedy.WAIT),
    KUBERNETES_UNAUTHORIZED("SLP-K8S-UNAUTHORIZED", Remedy.WAIT),
    KUBERNETES_FORBIDDEN("SLP-K8S-FORBIDDEN", Remedy.PERSON),
    KUBERNETES_REFUSED("SLP-K8S-REFUSED", Remedy.PERSON),
    KUBERNETES_CONFLICT("SLP-K8S-CONFLICT", Remedy.PERSON),
    KUBERNETES_IMMUTABLE("SLP-K8S-IMMUTABLE", Remedy.PERSON),
    KUBERNETES_NAMESPACE_NOT_OURS("SLP-K8S-NAMESPACE-NOT-OURS", Remedy.PERSON),
    KUBERNETES_NAMESPACE_TERMINATING("SLP-K8S-NAMESPACE-TERMINATING", Remedy.WAIT),
    KUBERNETES_OBJECT_GONE("SLP-K8S-OBJECT-GONE", Remedy.WAIT),
    KUBERNETES_OBJECT_TOO_BIG("SLP-K8S-OBJECT-TOO-BIG", Remedy.PERSON),
    KUBERNETES_CLUSTER_UNKNOWN("SLP-K8S-CLUSTER-UNKNOWN", Remedy.PERSON),
    POD_IMAGE_PULL("SLP-POD-IMAGE-PULL", Remedy.PERSON),
    POD_CRASH("SLP-POD-CRASH", Remedy.PERSON),
    POD_OUT_OF_MEMORY("SLP-POD-OUT-OF-MEMORY", Remedy.PERSON),
    POD_CONFIGURATION("SLP-POD-CONFIGURATION", Remedy.PERSON),
    POD_UNSCHEDULABLE("SLP-POD-UNSCHEDULABLE", Remedy.PERSON),
    POD_REFUSED("SLP-POD-REFUSED", Remedy.PERSON),
    JOB_FAILED("SLP-JOB-FAILED", Remedy.PERSON),
    NOT_READY_IN_TIME("SLP-NOT-READY-IN-TIME", Remedy.PERSON),

    // Runs
    RUN_UNKNOWN("SLP-RUN-UNKNOWN", Remedy.PERSON),
    RUN_PLAN_CHANGED("SLP-RUN-PLAN-CHANGED", Remedy.PERSON),
    RUN_QUEUE_FULL("SLP-RUN-QUEUE-FULL", Remedy.WAIT),
    RUN_KEY_REUSED("SLP-RUN-KEY-REUSED", Remedy.PERSON),
    RUN_OPERATION_UNSUPPORTED("SLP-RUN-OPERATION-UNSUPPORTED", Remedy.PERSON),
    RUN_FINISHED("SLP-RUN-FINISHED", Remedy.PERSON),
    RUN_TOO_BIG("SLP-RUN-TOO-BIG", Remedy.PERSON),
    STEP_UNEXPECTED("SLP-STEP-UNEXPECTED", Remedy.WAIT),
    STEP_WORKER_LOST("SLP-STEP-WORKER-LOST", Remedy.WAIT),

    // Applications, environments, requests
    APPLICATION_UNKNOWN("SLP-APP-UNKNOWN", Remedy.PERSON),
    APPLICATION_EXISTS("SLP-APP-EXISTS", Remedy.PERSON),
    APPLICATION_IN_USE("SLP-APP-IN-USE", Remedy.PERSON),
    APPLICATION_CHANGED("SLP-APP-CHANGED", Remedy.PERSON),
    ENVIRONMENT_UNKNOWN("SLP-ENV-UNKNOWN", Remedy.PERSON),
    ENVIRONMENT_EXISTS("SLP-ENV-EXISTS", Remedy.PERSON),
    ENVIRONMENT_NAMESPACE_TAKEN("SLP-ENV-NAMESPACE-TAKEN", Remedy.PERSON),
    ENVIRONMENT_PARAMETER_MISSING("SLP-ENV-PARAMETER-MISSING", Remedy.PERSON),
    REQUEST_INVALID("SLP-REQUEST-INVALID", Remedy.PERSON),
    REQUEST_NOT_FOUND("SLP-REQUEST-NOT-FOUND", Remedy.PERSON),
    REQUEST_TOO_BIG("SLP-REQUEST-TOO-BIG", Remedy.PERSON),
    SIGN_IN_REQUIRED("SLP-AUTH-REQUIRED", Remedy.PERSON),
    SIGN_IN_REFUSED("SLP-AUTH-REFUSED", Remedy.PERSON),
    FORBIDDEN("SLP-AUTH-FORBIDDEN", Remedy.PERSON),
    HOST_REFUSED("SLP-AUTH-HOST", Remedy.PERSON),
    SIGN_IN_TOO_OFTEN("SLP-AUTH-TOO-OFTEN", Remedy.WAIT),

    // This installation
    STORE_UNREACHABLE("SLP-STORE-UNREACHABLE", Remedy.WAIT),
    ENGINE_UNREACHABLE("SLP-ENGINE-UNREACHABLE", Remedy.WAIT),
    MASTER_KEY_WRONG("SLP-KEY-WRONG", Remedy.PERSON),
    START_PORT_IN_USE("SLP-START-PORT-IN-USE", Remedy.PERSON),
    START_DATA_IN_USE("SLP-START-DATA-IN-USE", Remedy.PERSON),
    START_DATA_UNUSABLE("SLP-START-DATA-UNUSABLE", Remedy.PERSON),
    START_SETTING("SLP-START-SETTING", Remedy.PERSON),
    START_DATABASE("SLP-START-DATABASE", Remedy.PERSON),
    UNEXPECTED("SLP-UNEXPECTED", Remedy.WAIT);

    /** Whether doing the same again can help. */
    public enum Remedy {
        /** Something outside was away or busy: the same attempt may succeed later. */
        WAIT,
        /** A person has to change something first: trying again alone changes nothing. */
        PERSON
    }

    private final String id;
    private final Remedy remedy;

    ProblemCode(String id, Remedy remedy) {
        this.id = id;
        this.remedy = remedy;
    }

    /** The code as people see it, {@code SLP-GIT-DENIED}. */
    @JsonValue
    public String id() {
        return id;
    }

    public Remedy remedy() {
        return remedy;
    }

    /** @throws IllegalArgumentException when there is no such code */
    @JsonCreator
    public static ProblemCode ofId(String id) {
        return Arrays.stream(values())
                .filter(code -> code.id.equals(id))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no problem code " + id));
    }

    @Override
    public String toString() {
        return id;
    }
}
