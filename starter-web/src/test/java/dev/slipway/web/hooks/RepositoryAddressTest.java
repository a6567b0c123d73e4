package dev.slipway.web.hooks;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RepositoryAddressTest {
    @ParameterizedTest
    @CsvSource({
        "https://git.example/team/shop.git, git@git.example:team/shop.git, true",
        "https://git.example/team/shop, ssh://git@git.example:2222/team/shop.git, true",
        "http://git.example/Team/Shop/, https://GIT.example/team/shop, true",
        "https://git.example:443/team/shop, https://git.example/team/shop.git, true",
        "git://git.example/team/shop, https://git.example/team/shop, true",
        "/srv/git/shop.git, file:///srv/git/shop.git, true",
        "https://git.example:3000/team/shop, https://git.example:4000/team/shop, false",
        "https://git.example/team/shop, https://git.example/team/shop2, false",
        "https://git.example/team/shop, https://evil.example/team/shop, false",
        "https://git.example/team/shop, https://git.example.evil.example/team/shop, false",
        "file:///srv/git/shop, https://srv/git/shop, false"
    })
    @DisplayName("one repository is the same however it is written, and no other")
    void same(String one, String other, boolean same) {
        assertThat(RepositoryAddress.of(one)
                        .orElseThrow()
                        .same(RepositoryAddress.of(other).orElseThrow()))
                .isEqualTo(same);
    }

    @ParameterizedTest
    @CsvSource({
        "https://git.example, git@git.example:team/shop.git, true",
        "https://git.example/team, https://git.example/team/shop, true",
        "git@git.example:team, https://git.example/team/shop, true",
        "https://git.example/team, https://git.example/team2/shop, false",
        "https://git.example/team/shop, https://git.example/team, false",
        "https://git.example, https://other.example/team/shop, false"
    })
    @DisplayName("a folder and a server hold what is below them, by whole names")
    void holds(String place, String repository, boolean holds) {
        assertThat(RepositoryAddress.of(place)
                        .orElseThrow()
                        .holds(RepositoryAddress.of(repository).orElseThrow()))
                .isEqualTo(holds);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "shop", "https://", "https://a b/c", "ext::sh -c x", "\u0000"})
    @DisplayName("what is no address is none")
    void none(String text) {
        assertThat(RepositoryAddress.of(text)).isEmpty();
    }
}
