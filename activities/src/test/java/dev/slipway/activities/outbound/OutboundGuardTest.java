package dev.slipway.activities.outbound;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slipway.workflows.problem.ProblemCode;
import dev.slipway.workflows.problem.ProblemException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.UnknownHostException;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.SSLSocketFactory;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("Slipway connects to what others chose only where everybody may")
class OutboundGuardTest {
    private final OutboundGuard guard = OutboundGuard.of(List.of(), host -> InetAddress.getAllByName("93.184.216.34"));

    @ParameterizedTest
    @ValueSource(
            strings = {
                "127.0.0.1",
                "127.8.8.8",
                "0.0.0.0",
                "0.1.2.3",
                "10.0.0.1",
                "172.16.0.1",
                "172.31.255.255",
                "192.168.1.1",
                "100.64.0.1",
                "100.100.100.200",
                "169.254.169.254",
                "168.63.129.16",
                "192.0.0.192",
                "224.0.0.1",
                "239.255.255.255",
                "240.0.0.1",
                "255.255.255.255",
                "198.18.0.1",
                "192.88.99.1",
                "[::]",
                "[::1]",
                "[::ffff:127.0.0.1]",
                "[::ffff:7f00:1]",
                "[::ffff:10.0.0.1]",
                "[::ffff:0:127.0.0.1]",
                "[::127.0.0.1]",
                "[64:ff9b::7f00:1]",
                "[64:ff9b::10.0.0.1]",
                "[64:ff9b:1::1]",
                "[2002:7f00:1::]",
                "[2002:a00:1::1]",
                "[2001::1]",
                "[fc00::1]",
                "[fd00:ec2::254]",
                "[fe80::1]",
                "[fec0::1]",
                "[ff02::1]",
                "[100::1]",
                "[2001:db8::1]"
            })
    @DisplayName("no address of this machine, of a private network, of a cloud's metadata, and none in disguise")
    void refusesAddresses(String host) {
        assertRefused(guard, "https", host);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "2130706433",
                "017700000001",
                "0x7f000001",
                "0x7f.1",
                "0177.0.0.1",
                "127.1",
                "127.0.1",
                "127.0.0.1.",
                "1.2.3.4.5",
                "256.1.1.1",
                "１２７.0.0.1",
                "0",
                "[::1%eth0]",
                "",
                "a..b",
                "exa mple",
                "host/path",
                "a@b",
                "-x.example",
                "%31"
            })
    @DisplayName("no number that some read as an address, and no name that is none")
    void refusesUnusual(String host) {
        assertRefused(guard, "https", host);
    }

    @ParameterizedTest
    @CsvSource({
        "localhost, 127.0.0.1",
        "LOCALHOST., 127.0.0.1",
        "evil.example, 10.0.0.1",
        "evil.example, 169.254.169.254",
        "evil.example, ::1",
        "metadata.google.internal, 169.254.169.254",
        "ⓛⓞⓒⓐⓛⓗⓞⓢⓣ, 127.0.0.1"
    })
    @DisplayName("a name is what it leads to")
    void refusesNames(String host, String address) {
        assertRefused(OutboundGuard.of(List.of(), name -> InetAddress.getAllByName(address)), "https", host);
    }

    @Test
    @DisplayName("one wrong address among several is enough")
    void everyAddressCounts() throws Exception {
        InetAddress[] mixed = {InetAddress.getByName("93.184.216.34"), InetAddress.getByName("10.0.0.1")};

        assertRefused(OutboundGuard.of(List.of(), name -> mixed), "https", "mixed.example");
    }

    @ParameterizedTest
    @CsvSource({
        "93.184.216.34, 93.184.216.34",
        "[2606:4700::1111], 2606:4700::1111",
        "[64:ff9b::93.184.216.34], 64:ff9b::5db8:d822",
        "Example.COM., example.com",
        "bücher.example, xn--bcher-kva.example"
    })
    @DisplayName("what is public is open, over https and ssh, and in no other way")
    void opens(String host, String name) throws Exception {
        assertThat(guard.check("https", host).host())
                .isEqualTo(name.contains(":") ? host.replaceAll("[\\[\\]]", "") : name);
        assertThatCode(() -> guard.check("ssh", host)).doesNotThrowAnyException();
        assertRefused(guard, "http", host);
        assertRefused(guard, "git", host);
    }

    @Test
    @DisplayName("user names in an address do not make another host of it")
    void userInfo() {
        assertThatThrownBy(() -> guard.check(URI.create("https://example.com@127.0.0.1/")))
                .isInstanceOf(ProblemException.class)
                .hasMessageContaining("127.0.0.1");
        assertThatThrownBy(() -> guard.check(URI.create("https://user:word@a_b!/")))
                .isInstanceOf(ProblemException.class)
                .hasMessageNotContaining("word");
    }

    @ParameterizedTest
    @CsvSource({
        "10.0.0.0/8, 10.1.2.3, http",
        "10.1.2.3, 10.1.2.3, git",
        "fd00::/8, [fd00::1], http",
        "[::1], [::1], http",
        "git.corp.example, git.corp.example, http",
        "*.corp.example, a.b.corp.example, http",
        "GIT.corp.example., git.corp.example, http"
    })
    @DisplayName("what is allowed by name or network is open")
    void allows(String allowed, String host, String scheme) {
        OutboundGuard lenient = OutboundGuard.of(List.of(allowed), name -> InetAddress.getAllByName("10.9.9.9"));

        assertThatCode(() -> lenient.check(scheme, host)).doesNotThrowAnyException();
        assertRefused(lenient, "https", "127.0.0.1");
        assertRefused(lenient, "https", "192.168.0.1");
    }

    @Test
    @DisplayName("a name that leads into an allowed network is open only where it proves who it is")
    void namesInAllowedNetworks() throws Exception {
        OutboundGuard lenient = OutboundGuard.of(List.of("10.0.0.0/8"), name -> InetAddress.getAllByName("10.9.9.9"));

        assertThat(lenient.check("https", "git.corp.example").addresses())
                .containsExactly(InetAddress.getByName("10.9.9.9"));
        assertRefused(lenient, "http", "git.corp.example");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "10.0.0.0/33", "10.0.0.0/x", "a b", "http://x", "host:80", "0x7f.1", "127.1", "*", "a*.b"})
    @DisplayName("an entry that says nothing is refused")
    void refusesEntries(String entry) {
        assertThatThrownBy(() -> OutboundGuard.of(List.of(entry))).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    @DisplayName("a configured host may be anywhere and lead into private networks, not to this machine or to metadata")
    void configured() {
        OutboundGuard lenient = OutboundGuard.of(List.of(), name -> InetAddress.getAllByName("127.0.0.1"))
                .configured("registry.corp.example:5000");

        assertThatCode(() -> lenient.check("http", "registry.corp.example")).doesNotThrowAnyException();
        assertThatCode(() -> lenient.check("http", "10.0.0.7")).doesNotThrowAnyException();
        assertRefused(lenient, "https", "169.254.169.254");
        assertRefused(lenient, "https", "elsewhere.example");
        assertThatCode(() -> guard.configured("127.0.0.1:5080").check("http", "127.0.0.1"))
                .doesNotThrowAnyException();
        assertThatCode(() -> guard.configured("[::1]:5080").check("http", "[::1]"))
                .doesNotThrowAnyException();
    }

    @Test
    @DisplayName("a name is looked up once: one that is rebound afterwards is connected to where it was checked")
    void rebinding() throws Exception {
        AtomicInteger asked = new AtomicInteger();
        try (ServerSocket checked = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.2"));
                ServerSocket rebound =
                        new ServerSocket(checked.getLocalPort(), 1, InetAddress.getByName("127.0.0.3"))) {
            OutboundGuard rebinding =
                    OutboundGuard.of(List.of("127.0.0.2"), name -> new InetAddress[] {
                        InetAddress.getByName(asked.incrementAndGet() == 1 ? "127.0.0.2" : "127.0.0.3")
                    });
            OutboundGuard.Checked host = rebinding.check("https", "evil.example");

            try (Socket socket =
                    new PinnedSockets((SSLSocketFactory) SSLSocketFactory.getDefault(), host).createSocket()) {
                socket.connect(new java.net.InetSocketAddress(rebound.getInetAddress(), rebound.getLocalPort()));

                assertThat(socket.getInetAddress()).isEqualTo(checked.getInetAddress());
                assertThat(asked).hasValue(1);
            }
            assertRefused(rebinding, "https", "evil.example");
        }
    }

    @Test
    @DisplayName("a name that nobody knows is no refusal")
    void unknown() {
        OutboundGuard nobody = OutboundGuard.of(List.of(), name -> {
            throw new UnknownHostException(name);
        });

        assertThatThrownBy(() -> nobody.check("https", "nobody.example")).isInstanceOf(UnknownHostException.class);
    }

    private static void assertRefused(OutboundGuard guard, String scheme, String host) {
        assertThatThrownBy(() -> guard.check(scheme, host))
                .as(scheme + "://" + host)
                .isInstanceOfSatisfying(
                        ProblemException.class,
                        e -> assertThat(e.problem().code()).isEqualTo(ProblemCode.OUTBOUND_REFUSED));
    }
}
