package dev.slipway.activities.git;

import dev.slipway.activities.store.GitLogin;
import org.eclipse.jgit.transport.CredentialItem;
import org.eclipse.jgit.transport.CredentialsProvider;
import org.eclipse.jgit.transport.URIish;

/** Gives a password to its own server, once: a wrong one that is tried again and again locks people out. */
final class PasswordOnce extends CredentialsProvider {
    private final GitAddress server;
    private final GitLogin login;
    private boolean refused;

    PasswordOnce(GitAddress server, GitLogin login) {
        this.server = server;
        this.login = login;
    }

    @Override
    public boolean isInteractive() {
        return false;
    }

    @Override
    public boolean supports(CredentialItem... items) {
        for (CredentialItem item : items) {
            if (!(item instanceof CredentialItem.Username) && !(item instanceof CredentialItem.Password)) {
                return false;
            }
        }
        return true;
    }

    @Override
    public boolean get(URIish uri, CredentialItem... items) {
        if (refused || !here(uri) || !supports(items)) {
            return false;
        }
        for (CredentialItem item : items) {
            if (item instanceof CredentialItem.Username username) {
                username.setValue(login.username());
            } else if (item instanceof CredentialItem.Password password) {
                password.setValue(login.secret().reveal().toCharArray());
            }
        }
        return true;
    }

    private boolean here(URIish uri) {
        URIish bare = uri.setUser(null).setPass(null);
        return GitAddress.parse(bare.toString()).filter(server::server).isPresent();
    }

    @Override
    public void reset(URIish uri) {
        refused = true;
    }
}
