package dev.slipway.web.embedded.kubernetes;

import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Answers to "may I?": there is one user here, who may do everything but what {@link AccessRules} denies. */
final class AccessReview {
    private AccessReview() {}

    static ObjectNode answer(ObjectNode review, AccessRules rules) {
        if (!Json.text(review, "kind").equals("SelfSubjectRulesReview")) {
            return rules.review(review);
        }
        ObjectNode answer = review.deepCopy();
        ObjectNode status = answer.putObject("status");
        ObjectNode rule = status.putArray("resourceRules").addObject();
        for (String part : new String[] {"verbs", "apiGroups", "resources"}) {
            ArrayNode list = rule.putArray(part);
            list.add("*");
        }
        status.putArray("nonResourceRules");
        status.put("incomplete", false);
        return answer;
    }
}
