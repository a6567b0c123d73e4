package dev.slipway.web.live;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.springframework.mock.web.MockHttpServletRequest;
import org.springframework.test.web.servlet.MockMvc;
import org.springframework.test.web.servlet.MvcResult;
import org.springframework.test.web.servlet.request.MockMvcRequestBuilders;
import org.springframework.test.web.servlet.setup.MockMvcBuilders;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.servlet.mvc.method.annotation.SseEmitter;

class BroadcasterTest {
    private final Broadcaster broadcaster = new Broadcaster();
    private final Ticker ticker = new Ticker();
    private final MockMvc pages =
            MockMvcBuilders.standaloneSetup(new Streams(broadcaster, ticker)).build();

    @AfterEach
    void close() {
        broadcaster.close();
    }

    @Test
    @DisplayName("A page gets every part at once, then only the parts that changed")
    void sendsWhatChanged() throws Exception {
        MvcResult page = open(null);
        await().untilAsserted(() -> assertThat(events(page)).containsExactly("a=a0 en", "b=fixed"));

        ticker.count.set(1);

        await().untilAsserted(() -> assertThat(events(page)).containsExactly("a=a0 en", "b=fixed", "a=a1 en"));
    }

    @Test
    @DisplayName("Two pages of one subject share one topic; each gets its language")
    void sharesTheTopic() throws Exception {
        MvcResult english = open(null);
        await().untilAsserted(() -> assertThat(events(english)).isNotEmpty());
        MvcResult chinese = open(null, Locale.SIMPLIFIED_CHINESE);

        await().untilAsserted(() -> assertThat(events(chinese)).contains("a=a0 zh"));
        assertThat(ticker.made).hasValue(1);
        assertThat(broadcaster.viewers()).isEqualTo(2);
    }

    @Test
    @DisplayName("Who reconnects with the newest id gets nothing twice; with an older one, what is new")
    void resumes() throws Exception {
        MvcResult first = open(null);
        await().untilAsserted(() -> assertThat(events(first)).hasSize(2));
        MvcResult again = open(lastId(first));
        await().until(() -> broadcaster.viewers() == 2);
        ticker.count.set(5);

        await().untilAsserted(() -> assertThat(events(again)).containsExactly("a=a5 en"));
        MvcResult late = open(lastId(first) + "-of-another-life");
        await().untilAsserted(() -> assertThat(events(late)).containsExactly("a=a5 en", "b=fixed"));
    }

    @Test
    @DisplayName("A line that broke between two parts of one change has not got it: all of it is sent again")
    void partlySent() throws Exception {
        MvcResult first = open(null);
        await().untilAsserted(() -> assertThat(events(first)).hasSize(2));

        List<String> ids = Stream.of(first.getResponse().getContentAsString().split("\n\n"))
                .filter(event -> event.contains("event:"))
                .map(event -> field(event, "id:"))
                .toList();

        assertThat(ids).hasSize(2);
        assertThat(ids.get(0)).as("after the first of two parts").isEmpty();
        assertThat(ids.get(1)).isNotEmpty();
    }

    @Test
    @DisplayName("What a page shows is known again by another process: nothing is sent twice")
    void resumesElsewhere() throws Exception {
        MvcResult first = open(null);
        await().untilAsserted(() -> assertThat(events(first)).hasSize(2));

        try (Broadcaster other = new Broadcaster()) {
            MvcResult again = MockMvcBuilders.standaloneSetup(new Streams(other, ticker))
                    .build()
                    .perform(MockMvcRequestBuilders.get("/stream")
                            .locale(Locale.ENGLISH)
                            .header("Last-Event-ID", lastId(first)))
                    .andReturn();
            await().until(() -> other.viewers() == 1);
            ticker.count.set(7);

            await().untilAsserted(() -> assertThat(events(again)).containsExactly("a=a7 en"));
        }
    }

    @Test
    @DisplayName("The end is told after the last parts, to every page, also to one that comes after it")
    void ends() throws Exception {
        List<MvcResult> all = new CopyOnWriteArrayList<>();
        for (int i = 0; i < 40; i++) {
            all.add(open(null));
        }
        await().untilAsserted(() ->
                assertThat(all).allSatisfy(page -> assertThat(events(page)).hasSize(2)));

        ticker.count.set(9);
        ticker.over = true;

        await().untilAsserted(() -> assertThat(all)
                .allSatisfy(page -> assertThat(events(page)).containsExactly("a=a0 en", "b=fixed", "a=a9 en", "end=")));
        MvcResult late = open(null);
        await().untilAsserted(() -> assertThat(events(late)).containsExactly("a=a9 en", "b=fixed", "end="));
        assertThat(broadcaster.viewers()).isZero();
    }

    private MvcResult open(@Nullable String lastEventId) throws Exception {
        return open(lastEventId, Locale.ENGLISH);
    }

    private MvcResult open(@Nullable String lastEventId, Locale locale) throws Exception {
        var request = MockMvcRequestBuilders.get("/stream").locale(locale);
        if (lastEventId != null) {
            request.header("Last-Event-ID", lastEventId);
        }
        return pages.perform(request).andReturn();
    }

    private static List<String> events(MvcResult page) throws Exception {
        return Stream.of(page.getResponse().getContentAsString().split("\n\n"))
                .filter(event -> event.contains("event:"))
                .map(event -> field(event, "event:") + "=" + field(event, "data:"))
                .toList();
    }

    private static String lastId(MvcResult page) throws Exception {
        String[] events = page.getResponse().getContentAsString().split("\n\n");
        return field(events[events.length - 1], "id:");
    }

    private static String field(String event, String name) {
        return event.lines()
                .filter(line -> line.startsWith(name))
                .map(line -> line.substring(name.length()))
                .findFirst()
                .orElse("");
    }

    @RestController
    private static final class Streams {
        private final Broadcaster broadcaster;
        private final Ticker ticker;

        Streams(Broadcaster broadcaster, Ticker ticker) {
            this.broadcaster = broadcaster;
            this.ticker = ticker;
        }

        @GetMapping("/stream")
        SseEmitter stream(
                @RequestHeader(name = "Last-Event-ID", required = false) @Nullable String last,
                MockHttpServletRequest request) {
            return broadcaster.open("s", ticker::topic, request.getLocale(), last);
        }
    }

    private static final class Ticker {
        final AtomicInteger count = new AtomicInteger();
        final AtomicInteger made = new AtomicInteger();
        volatile boolean over;

        Topic topic() {
            made.incrementAndGet();
            return new Topic() {
                private int seen = count.get();
                private boolean ended;

                @Override
                public boolean look() {
                    ended = over;
                    int before = seen;
                    seen = count.get();
                    return seen != before;
                }

                @Override
                public Map<String, String> render(Locale locale) {
                    Map<String, String> parts = new LinkedHashMap<>();
                    parts.put("a", "a" + seen + " " + locale.getLanguage());
                    parts.put("b", "fixed");
                    return parts;
                }

                @Override
                public boolean finished() {
                    return ended;
                }
            };
        }
    }
}
