package dev.slipway.activities.kubernetes;

import dev.slipway.workflows.application.SecuritySettings.Profile;
import io.fabric8.kubernetes.api.model.Capabilities;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerPort;
import io.fabric8.kubernetes.api.model.PodSecurityContext;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.SeccompProfile;
import io.fabric8.kubernetes.api.model.SecurityContext;
import io.fabric8.kubernetes.api.model.Sysctl;
import io.fabric8.kubernetes.api.model.Volume;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Which Pod Security Standard a pod needs, and for which of its fields. What only newer clusters check, or only some kinds of
 * nodes, is not judged: the pod then needs less here than the cluster may find. Pure.
 *
 * @param fields that keep it from the next stricter profile, as the standard names them
 * @see <a href="https://kubernetes.io/docs/concepts/security/pod-security-standards/">Pod Security Standards</a>
 */
record PodStandard(Profile profile, Set<String> fields) {
    private static final Set<String> BASELINE_CAPABILITIES = Set.of(
            "AUDIT_WRITE",
            "CHOWN",
            "DAC_OVERRIDE",
            "FOWNER",
            "FSETID",
            "KILL",
            "MKNOD",
            "NET_BIND_SERVICE",
            "SETFCAP",
            "SETGID",
            "SETPCAP",
            "SETUID",
            "SYS_CHROOT");

    private static final Set<String> SAFE_SYSCTLS = Set.of(
            "kernel.shm_rmid_forced",
            "net.ipv4.ip_local_port_range",
            "net.ipv4.ip_local_reserved_ports",
            "net.ipv4.ip_unprivileged_port_start",
            "net.ipv4.ping_group_range",
            "net.ipv4.tcp_fin_timeout",
            "net.ipv4.tcp_keepalive_intvl",
            "net.ipv4.tcp_keepalive_probes",
            "net.ipv4.tcp_keepalive_time",
            "net.ipv4.tcp_rmem",
            "net.ipv4.tcp_syncookies",
            "net.ipv4.tcp_wmem");

    static PodStandard of(PodSpec pod) {
        Set<String> beyondBaseline = baseline(pod);
        if (!beyondBaseline.isEmpty()) {
            return new PodStandard(Profile.PRIVILEGED, beyondBaseline);
        }
        boolean windows = pod.getOs() != null && "windows".equals(pod.getOs().getName());
        Set<String> beyondRestricted = windows ? Set.of() : restricted(pod);
        return beyondRestricted.isEmpty()
                ? new PodStandard(Profile.RESTRICTED, Set.of())
                : new PodStandard(Profile.BASELINE, beyondRestricted);
    }

    private static List<Container> containers(PodSpec pod) {
        List<Container> all = new ArrayList<>(Objects.requireNonNullElse(pod.getInitContainers(), List.of()));
        all.addAll(Objects.requireNonNullElse(pod.getContainers(), List.of()));
        return all;
    }

    private static Set<String> baseline(PodSpec pod) {
        Set<String> fields = new LinkedHashSet<>();
        note(fields, Boolean.TRUE.equals(pod.getHostNetwork()), "hostNetwork");
        note(fields, Boolean.TRUE.equals(pod.getHostPID()), "hostPID");
        note(fields, Boolean.TRUE.equals(pod.getHostIPC()), "hostIPC");
        note(fields, volumes(pod).anyMatch(volume -> volume.getHostPath() != null), "hostPath");
        PodSecurityContext all = pod.getSecurityContext();
        note(
                fields,
                all != null
                        && Objects.requireNonNullElse(all.getSysctls(), List.<Sysctl>of()).stream()
                                .anyMatch(sysctl -> !SAFE_SYSCTLS.contains(sysctl.getName())),
                "sysctls");
        note(fields, all != null && unconfined(all.getSeccompProfile()), "seccompProfile");
        for (Container container : containers(pod)) {
            SecurityContext own = container.getSecurityContext();
            note(
                    fields,
                    Objects.requireNonNullElse(container.getPorts(), List.<ContainerPort>of()).stream()
                            .anyMatch(port -> port.getHostPort() != null && port.getHostPort() != 0),
                    "hostPort");
            if (own != null) {
                note(fields, Boolean.TRUE.equals(own.getPrivileged()), "privileged");
                note(fields, !BASELINE_CAPABILITIES.containsAll(added(own)), "capabilities.add");
                note(fields, unconfined(own.getSeccompProfile()), "seccompProfile");
                note(fields, own.getProcMount() != null && !own.getProcMount().equals("Default"), "procMount");
            }
        }
        return fields;
    }

    private static Set<String> restricted(PodSpec pod) {
        Set<String> fields = new LinkedHashSet<>();
        note(fields, volumes(pod).anyMatch(volume -> !plain(volume)), "volumes");
        PodSecurityContext all = pod.getSecurityContext();
        boolean nonRoot = all != null && Boolean.TRUE.equals(all.getRunAsNonRoot());
        boolean seccomp = all != null && all.getSeccompProfile() != null;
        note(fields, all != null && Objects.equals(all.getRunAsUser(), 0L), "runAsUser");
        for (Container container : containers(pod)) {
            SecurityContext own = container.getSecurityContext();
            note(
                    fields,
                    own == null || !Boolean.FALSE.equals(own.getAllowPrivilegeEscalation()),
                    "allowPrivilegeEscalation");
            Boolean ownNonRoot = own == null ? null : own.getRunAsNonRoot();
            note(fields, !(ownNonRoot == null ? nonRoot : ownNonRoot), "runAsNonRoot");
            note(fields, own != null && Objects.equals(own.getRunAsUser(), 0L), "runAsUser");
            note(fields, !seccomp && (own == null || own.getSeccompProfile() == null), "seccompProfile");
            note(fields, own == null || !dropsAll(own.getCapabilities()), "capabilities.drop");
            note(fields, own != null && !Set.of("NET_BIND_SERVICE").containsAll(added(own)), "capabilities.add");
        }
        return fields;
    }

    private static void note(Set<String> fields, boolean violated, String field) {
        if (violated) {
            fields.add(field);
        }
    }

    private static Stream<Volume> volumes(PodSpec pod) {
        return Objects.requireNonNullElse(pod.getVolumes(), List.<Volume>of()).stream();
    }

    private static boolean plain(Volume volume) {
        return Stream.of(
                        volume.getConfigMap(),
                        volume.getCsi(),
                        volume.getDownwardAPI(),
                        volume.getEmptyDir(),
                        volume.getEphemeral(),
                        volume.getImage(),
                        volume.getPersistentVolumeClaim(),
                        volume.getProjected(),
                        volume.getSecret())
                .anyMatch(Objects::nonNull);
    }

    private static boolean unconfined(@Nullable SeccompProfile profile) {
        return profile != null && "Unconfined".equals(profile.getType());
    }

    private static Set<String> added(SecurityContext own) {
        return own.getCapabilities() == null || own.getCapabilities().getAdd() == null
                ? Set.of()
                : Set.copyOf(own.getCapabilities().getAdd());
    }

    private static boolean dropsAll(@Nullable Capabilities capabilities) {
        return capabilities != null
                && capabilities.getDrop() != null
                && capabilities.getDrop().contains("ALL");
    }
}
