package dev.slipway.activities.git;

import java.util.List;
import java.util.Map;
import org.eclipse.jgit.transport.SshConfigStore;
import org.eclipse.jgit.transport.SshConstants;
import org.jspecify.annotations.Nullable;

/** Has an ssh client connect to the address that was checked. Nothing else is configured. */
record PinnedHost(String address) implements SshConfigStore, SshConfigStore.HostConfig {
    @Override
    public HostConfig lookup(String host, int port, String user) {
        return this;
    }

    @Override
    public HostConfig lookupDefault(String host, int port, String user) {
        return this;
    }

    @Override
    public @Nullable String getValue(String key) {
        return getOptions().get(key);
    }

    @Override
    public List<String> getValues(String key) {
        return List.of();
    }

    @Override
    public Map<String, String> getOptions() {
        return Map.of(SshConstants.HOST_NAME, address);
    }

    @Override
    public Map<String, List<String>> getMultiValuedOptions() {
        return Map.of();
    }
}
