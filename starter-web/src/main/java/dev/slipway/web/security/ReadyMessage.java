package dev.slipway.web.security;

import dev.slipway.activities.store.PersonStore;
import dev.slipway.web.SlipwaySettings;
import dev.slipway.web.SlipwaySettings.Role;
import dev.slipway.web.shell.PublicAddress;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Component;

/** The one line that a person waits for at start: Slipway is there, and this link opens it. Printed, not logged: it is a secret. */
@Component
final class ReadyMessage {
    private final PersonStore people;
    private final SlipwaySettings settings;
    private final PublicAddress address;

    ReadyMessage(PersonStore people, SlipwaySettings settings, PublicAddress address) {
        this.people = people;
        this.settings = settings;
        this.address = address;
    }

    @EventListener
    void ready(ApplicationReadyEvent event) {
        if (!settings.hasRole(Role.WEB)) {
            System.out.printf("%nSlipway is ready: worker, health at port %d%n%n", address.port());
        } else if (people.hasAdministrator()) {
            System.out.printf("%nSlipway is ready:%n%n    %s%n%n", address.local());
        } else {
            System.out.printf(
                    "%nSlipway is ready. Choose the administrator's password by this link, within an hour:%n%n    %s/sign-in/%s%n%n",
                    address.local(), people.link(null, "console", SignInLinkController.VALID));
        }
        System.out.flush();
    }
}
