package dev.slipway.activities.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.activities.kubernetes.render.ObjectRef;
import dev.slipway.activities.kubernetes.render.RenderedObject;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RawImagesTest {
    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', textBlock = """
            every container           | initContainers: [{name: i, image: busybox}], containers: [{name: a, image: "a.example/a:1"}, {name: b, image: "a.example/a:1"}] | docker.io/library/busybox a.example/a:1
            ours by our name          | containers: [{name: a, image: "registry.lab:5000/shop/a:1"}]                                   | slipway.registry/shop/a:1
            pulled with our secret    | imagePullSecrets: [{name: slipway-registry}], containers: [{name: a, image: "a.example/a:1"}]  | a.example/a:1
            pulled with another       | imagePullSecrets: [{name: theirs}], containers: [{name: a, image: "a.example/a:1"}]            | ''
            pulled by another account | serviceAccountName: theirs, containers: [{name: a, image: "a.example/a:1"}]                    | ''
            no reference              | containers: [{name: a, image: "A B"}, {name: b}]                                               | ''
            """)
    @DisplayName("of raw pods those images are looked at that Slipway has the cluster's login for, or that need none")
    void images(String what, String spec, String expected) {
        HasMetadata object = Serialization.unmarshal(
                "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: raw, namespace: shop}\nspec: {template: {spec: {"
                        + spec + "}}}");

        var pulled = RawImages.of(
                List.of(
                        new RenderedObject(new ObjectRef("Deployment", "raw", ""), object, "hash"),
                        new RenderedObject(new ObjectRef("Deployment", "web", "web"), object, "hash")),
                "registry.lab:5000");

        assertThat(pulled).as(what).allMatch(one -> one.where().equals("Deployment shop/raw"));
        assertThat(pulled.stream().map(one -> one.image().toString()))
                .containsExactlyElementsOf(expected.isEmpty() ? List.of() : List.of(expected.split(" ")));
    }
}
