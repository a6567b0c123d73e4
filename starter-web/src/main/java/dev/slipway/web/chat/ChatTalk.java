package dev.slipway.web.chat;

import dev.slipway.activities.store.ChatStore.ChatUser;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** One command: what is wanted, and what can be said at once. */
final class ChatTalk {
    /** Says what can be said at once. */
    interface Speaker {
        String say(Verb verb, @Nullable String argument);
    }

    private final @Nullable Verb verb;
    private final List<String> words;
    private final ChatWords say;
    private final ChatUser who;
    private final String command;
    private final boolean linked;
    private final Speaker speaker;

    ChatTalk(ChatUser who, String command, String text, boolean linked, ChatWords say, Speaker speaker) {
        this.who = who;
        this.command = command.isBlank() ? "/slipway" : command;
        this.words = Verb.words(text);
        this.verb = words.isEmpty()
                ? Verb.HELP
                : Verb.of(words.get(0).toLowerCase(java.util.Locale.ROOT)).orElse(null);
        this.linked = linked;
        this.say = say;
        this.speaker = speaker;
    }

    /** Something has to be done after the answer. */
    boolean isWork() {
        return verb != null && verb.isWork() && linked && verb.takes(words.size() - 1);
    }

    /** @param reachable whether more can be told later, by the response address */
    String answer(boolean reachable, int minutes) {
        Verb wanted = verb;
        if (wanted == null) {
            Optional<Verb> near = Verb.near(words.get(0).toLowerCase(java.util.Locale.ROOT));
            return near.map(one -> say.text("chat.unknown.near", words.get(0), command + " " + one.word()))
                            .orElseGet(() -> say.text("chat.unknown", words.get(0)))
                    + "\n" + help();
        }
        if (wanted == Verb.HELP) {
            return help();
        }
        if (!wanted.takes(Math.max(0, words.size() - 1))) {
            return say.text("chat.usage", usage(wanted));
        }
        String argument = words.size() > 1 ? words.get(1) : null;
        if (!linked && wanted != Verb.LINK && wanted != Verb.UNLINK) {
            return say.text("chat.notLinked", command + " link", who.userName());
        }
        if (wanted.isWork()) {
            return say.text("chat.ack." + wanted.word(), String.valueOf(argument)) + " "
                    + (reachable ? say.text("chat.ack.later", minutes) : say.text("chat.ack.unreachable"));
        }
        return speaker.say(wanted, argument);
    }

    private String help() {
        StringBuilder help = new StringBuilder(say.text("chat.help"));
        for (Verb one : Verb.values()) {
            help.append("\n").append(usage(one)).append(": ").append(say.text("chat.help." + one.word()));
        }
        return help.toString();
    }

    private String usage(Verb one) {
        return say.text("chat.use." + one.word(), command);
    }
}
