package dev.slipway.activities.detect;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How an image of a Dockerfile begins to run.
 *
 * @param base the image from outside that its last stage goes back to; empty: there is no stage
 * @param user number or name; empty: its base decides
 * @param starts whether it says what is started
 */
record LastStage(String base, String user, boolean starts) {
    /** Of an image that Slipway writes the Dockerfile for. */
    static final LastStage NOBODY = new LastStage("", DockerfileText.USER, true);

    private static final int MOST_STAGES = 100;
    private static final Pattern FROM =
            Pattern.compile("(?im)^[ \\t]*+FROM\\s+(?:--\\S++\\s++)*+(\\S{1,300})(?:\\s+AS\\s+(\\S{1,100}))?");
    private static final Pattern USER = Pattern.compile("(?im)^[ \\t]*+USER\\s+[\"']?([A-Za-z0-9_-]{1,60})");
    private static final Pattern STARTS = Pattern.compile("(?im)^[ \\t]*+(?:CMD|ENTRYPOINT)\\s");
    private static final Pattern NOBODY_BY_NAME =
            Pattern.compile(".*(nonroot|unprivileged|rootless).*", Pattern.CASE_INSENSITIVE);

    private record Stage(String image, String name, String text) {}

    /** @param target name of the stage; empty, or one that there is none of: the last */
    static LastStage of(String dockerfile, String target) {
        List<Stage> stages = new ArrayList<>();
        List<java.util.regex.MatchResult> found =
                FROM.matcher(dockerfile).results().limit(MOST_STAGES).toList();
        for (int i = 0; i < found.size(); i++) {
            int end = i + 1 < found.size() ? found.get(i + 1).start() : dockerfile.length();
            String name = found.get(i).group(2);
            stages.add(new Stage(
                    found.get(i).group(1),
                    name == null ? "" : name.toLowerCase(Locale.ROOT),
                    dockerfile.substring(found.get(i).end(), end)));
        }
        if (stages.isEmpty()) {
            return new LastStage("", "", false);
        }
        int at = index(stages, target, stages.size());
        return of(stages, at < 0 ? stages.size() - 1 : at);
    }

    private static LastStage of(List<Stage> stages, int last) {
        String user = "";
        boolean starts = false;
        String base = "";
        for (int at = last; at >= 0; at = index(stages, base, at)) {
            Stage stage = stages.get(at);
            Matcher users = USER.matcher(stage.text());
            String own = "";
            while (users.find()) {
                own = users.group(1);
            }
            user = user.isEmpty() ? own : user;
            starts |= STARTS.matcher(stage.text()).find();
            base = stage.image();
        }
        boolean nobody = user.isEmpty() && NOBODY_BY_NAME.matcher(base).matches();
        return new LastStage(base, nobody ? "nonroot" : user, starts);
    }

    /** Of the stage of that name before another one; -1: none. */
    private static int index(List<Stage> stages, String name, int before) {
        for (int i = before - 1; i >= 0 && !name.isEmpty(); i--) {
            if (stages.get(i).name().equals(name.toLowerCase(Locale.ROOT))) {
                return i;
            }
        }
        return -1;
    }
}
