package dev.slipway.web.chat;

import dev.slipway.activities.store.ChatStore.Linked;
import dev.slipway.web.access.Caller;
import dev.slipway.workflows.people.Permission;
import dev.slipway.workflows.run.Trigger;
import java.util.EnumSet;
import java.util.Optional;

/** Who a linked person is at this moment, and what they may do: never more than anywhere else. */
final class ChatPeople {
    private ChatPeople() {}

    /**
     * The caller through the door of chats; empty: there is no such person any more.
     *
     * @param address where the request came from
     */
    static Optional<Caller> caller(Linked linked, String address) {
        return Optional.ofNullable(linked.person())
                .map(person -> new Caller(
                        person.id(),
                        person.name(),
                        Trigger.CHAT,
                        person.grants(),
                        EnumSet.allOf(Permission.class),
                        null,
                        address));
    }
}
