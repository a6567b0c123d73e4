package dev.slipway.activities.build.kaniko;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class KanikoQueueTest {
    @Test
    @DisplayName("who finds its Job let go says so once, as an attempt before may have said that it waits")
    void passes() {
        Told told = new Told();
        KanikoQueue queue = new KanikoQueue(null, 1, told); // what passes asks no cluster

        queue.passed();
        queue.passed();

        assertThat(told.places).containsExactly(Optional.empty());
    }

    private static final class Told implements KanikoBuilds.Caller {
        private final List<Optional<KanikoQueue.Place>> places = new ArrayList<>();

        @Override
        public void waits(Optional<KanikoQueue.Place> place) {
            places.add(place);
        }

        @Override
        public String where() {
            return "here";
        }

        @Override
        public void line(String text) {}

        @Override
        public void logged(Instant at, String text) {}

        @Override
        public void runsAs(String job) {}

        @Override
        public void cached(String layers) {}

        @Override
        public Instant loggedUntil() {
            return Instant.EPOCH;
        }

        @Override
        public boolean wants() {
            return true;
        }

        @Override
        public void unneeded(String reference) {}
    }
}
