package dev.slipway.web.chat;

import dev.slipway.activities.store.PersonStore;
import dev.slipway.activities.store.PersonStore.Person;
import dev.slipway.web.access.Caller;
import dev.slipway.workflows.people.Permission;
import dev.slipway.workflows.run.Trigger;
import java.util.EnumSet;
import java.util.Optional;
import org.springframework.dao.EmptyResultDataAccessException;
import org.springframework.stereotype.Component;

/** Who a linked person is at this moment, and what they may do: never more than anywhere else. */
@Component
final class ChatPeople {
    private final PersonStore people;

    ChatPeople(PersonStore people) {
        this.people = people;
    }

    /**
     * The caller through the door of chats; empty: there is no such person any more.
     *
     * @param address where the request came from
     */
    Optional<Caller> caller(String userId, String address) {
        return find(userId)
                .filter(person -> !person.removed())
                .map(person -> new Caller(
                        person.id(),
                        person.name(),
                        Trigger.CHAT,
                        people.grants(person.id()),
                        EnumSet.allOf(Permission.class),
                        null,
                        address));
    }

    private Optional<Person> find(String userId) {
        try {
            return Optional.of(people.byId(userId));
        } catch (EmptyResultDataAccessException gone) {
            return Optional.empty();
        }
    }
}
