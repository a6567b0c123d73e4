package dev.slipway.web.problems;

import dev.slipway.workflows.problem.ProblemCode;

/** The HTTP status of each problem code. */
public final class ProblemStatus {
    private ProblemStatus() {}

    public static int of(ProblemCode code) {
        return switch (code) {
            case REQUEST_INVALID, HOOK_PAYLOAD -> 400;
            case SIGN_IN_REQUIRED,
                    SIGN_IN_REFUSED,
                    PASSWORD_WRONG,
                    HOOK_SIGNATURE,
                    HOOK_STALE,
                    CHAT_SIGNATURE,
                    CHAT_STALE,
                    CHAT_REPLAYED -> 401;
            case FORBIDDEN, NOT_PERMITTED, TOKEN_SCOPE, SETUP_FIRST, CROSS_SITE, HOOK_REPOSITORY -> 403;
            case REQUEST_NOT_FOUND,
                    RUN_UNKNOWN,
                    RUN_QUESTION_UNKNOWN,
                    RUN_STEP_UNKNOWN,
                    BUILD_UNKNOWN,
                    APPLICATION_UNKNOWN,
                    ENVIRONMENT_UNKNOWN,
                    PEOPLE_UNKNOWN,
                    CHAT_LINK_GONE,
                    LOG_NONE,
                    WEBHOOK_UNKNOWN,
                    STATUS_HOST_UNKNOWN,
                    MESSAGE_UNKNOWN,
                    HOOK_UNKNOWN,
                    HOOK_RULE_UNKNOWN,
                    HOOK_DELIVERY_UNKNOWN -> 404;
            case APPLICATION_EXISTS,
                    PEOPLE_EXISTS,
                    PEOPLE_LAST_ADMIN,
                    APPLICATION_IN_USE,
                    APPLICATION_IN_GIT,
                    ENVIRONMENT_EXISTS,
                    ENVIRONMENT_NAMESPACE_TAKEN,
                    GIT_LOGIN_EXISTS,
                    WEBHOOK_EXISTS,
                    STATUS_HOST_EXISTS,
                    GIT_BRANCH_MOVED,
                    GIT_FILE_EXISTS,
                    KUBERNETES_CLUSTER_EXISTS,
                    KUBERNETES_CLUSTER_IN_USE,
                    KUBERNETES_CLUSTER_FIXED,
                    CHAT_NO_PERSON,
                    CHAT_NOTHING_OPEN,
                    RUN_PLAN_CHANGED,
                    RUN_FINISHED,
                    RUN_ANSWERED,
                    RUN_STEP_NOT_WAITING,
                    REQUEST_KEY_BUSY,
                    HOOK_EXISTS,
                    HOOK_SECRETS,
                    HOOK_REPLAYED,
                    HOOK_RULES,
                    HOOK_NOTHING_FAILED -> 409;
            case REQUEST_METHOD -> 405;
            case REQUEST_ACCEPT -> 406;
            case REQUEST_SLOW -> 408;
            case REQUEST_CHANGED, APPLICATION_CHANGED, PEOPLE_CHANGED -> 412;
            case REQUEST_TOO_BIG, DOC_TOO_BIG -> 413;
            case REQUEST_CONTENT_TYPE, REQUEST_ENCODED -> 415;
            case HOST_REFUSED -> 421;
            case REQUEST_PRECONDITION -> 428;
            case RUN_QUEUE_FULL, SIGN_IN_TOO_OFTEN, LOG_TOO_MANY, REQUEST_RATE, HOOK_TOO_OFTEN -> 429;
            case UNEXPECTED, STEP_UNEXPECTED, MASTER_KEY_WRONG -> 500;
            case STORE_UNREACHABLE, ENGINE_UNREACHABLE, STEP_WORKER_LOST -> 503;
            // What is asked for is understood and cannot be done: the document, its git, its images, its cluster.
            default -> 422;
        };
    }
}
