package dev.slipway.activities.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.activities.kubernetes.Demand.Defaults;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerBuilder;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.PodSpecBuilder;
import io.fabric8.kubernetes.api.model.Quantity;
import java.math.BigDecimal;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class DemandTest {
    private static final Defaults NONE = new Defaults(Map.of(), Map.of());

    @Test
    @DisplayName(
            "containers add up, an init container counts when it asks for more than all of them, one that stays adds")
    void sumsPods() {
        PodSpec pod = new PodSpecBuilder()
                .withContainers(container("100m", "64Mi"), container("200m", "64Mi"))
                .withInitContainers(
                        container("1", "32Mi"),
                        new ContainerBuilder(container("50m", "8Mi"))
                                .withRestartPolicy("Always")
                                .build())
                .build();

        Map<String, BigDecimal> asked = Demand.ofPod(pod, NONE);

        assertThat(asked.get("requests.cpu")).isEqualByComparingTo("1.05");
        assertThat(Limits.shown("requests.memory", asked.get("requests.memory")))
                .isEqualTo("136Mi");
        assertThat(asked.get("pods")).isEqualByComparingTo("1");
    }

    @Test
    @DisplayName("what is not given comes from the namespace's defaults; a limit alone is a request too")
    void takesDefaults() {
        Defaults defaults = new Defaults(
                Map.of("cpu", new Quantity("50m"), "memory", new Quantity("10Mi")),
                Map.of("cpu", new Quantity("500m")));
        Container limited = new ContainerBuilder()
                .withNewResources()
                .addToLimits("cpu", new Quantity("2"))
                .endResources()
                .build();

        assertThat(Demand.ofContainer(limited, defaults))
                .containsEntry("requests.cpu", new BigDecimal("2"))
                .containsEntry("limits.cpu", new BigDecimal("2"));
        Map<String, BigDecimal> silent = Demand.ofContainer(new ContainerBuilder().build(), defaults);
        assertThat(silent.get("requests.cpu")).isEqualByComparingTo("0.05");
        assertThat(silent.get("limits.cpu")).isEqualByComparingTo("0.5");
        assertThat(silent).doesNotContainKey("limits.memory");
    }

    @Test
    @DisplayName("amounts are shown as documents write them")
    void showsAmounts() {
        assertThat(Limits.shown("requests.cpu", new BigDecimal("0.25"))).isEqualTo("250m");
        assertThat(Limits.shown("limits.cpu", new BigDecimal("2"))).isEqualTo("2");
        assertThat(Limits.shown("requests.storage", BigDecimal.valueOf(1L << 30)))
                .isEqualTo("1024Mi");
        assertThat(Limits.shown("pods", new BigDecimal("10"))).isEqualTo("10");
    }

    private static Container container(String cpu, String memory) {
        return new ContainerBuilder()
                .withNewResources()
                .addToRequests("cpu", new Quantity(cpu))
                .addToRequests("memory", new Quantity(memory))
                .endResources()
                .build();
    }
}
