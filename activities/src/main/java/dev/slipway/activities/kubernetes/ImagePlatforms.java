package dev.slipway.activities.kubernetes;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.slipway.activities.image.Registries;
import dev.slipway.activities.registry.RegistryClient;
import dev.slipway.activities.registry.RemoteManifest;
import dev.slipway.activities.store.PlanStore.PlannedImage;
import dev.slipway.workflows.application.ImageReference;
import dev.slipway.workflows.problem.Problem;
import dev.slipway.workflows.problem.ProblemCode;
import dev.slipway.workflows.problem.ProblemException;
import io.fabric8.kubernetes.api.model.Node;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * Whether images can be pulled and are made for the machines of the cluster. A registry that cannot be reached from here may
 * well be reached from there, so only what a registry says is a finding.
 */
final class ImagePlatforms {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int REMEMBERED = 1_000;
    private static final String ARCHITECTURE = "kubernetes.io/arch";

    private final Registries registries;
    private final boolean simulated;
    /** By name and digest: what it stands for never changes, but who may pull it here may not there. */
    private final Map<String, Set<String>> known = Collections.synchronizedMap(new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Set<String>> eldest) {
            return size() > REMEMBERED;
        }
    });

    /** @param simulated nobody pulls anything there: only Slipway's own images are looked at */
    ImagePlatforms(Registries registries, boolean simulated) {
        this.registries = registries;
        this.simulated = simulated;
    }

    /**
     * An image that a cluster is to pull.
     *
     * @param where who needs it: {@code component web}
     */
    record Pulled(String where, ImageReference image) {
        static Pulled of(String component, PlannedImage image) {
            return new Pulled(
                    "component " + component, ImageReference.parse(image.repository() + "@" + image.digest()));
        }
    }

    /**
     * @param nodes none: architectures are not compared
     */
    List<Problem> check(List<Pulled> pulled, List<Node> nodes) {
        Set<String> machines = new TreeSet<>();
        nodes.forEach(node -> {
            Map<String, String> labels = node.getMetadata().getLabels();
            String architecture = labels == null ? null : labels.get(ARCHITECTURE);
            if (architecture != null) {
                machines.add(architecture);
            }
        });
        List<Problem> problems = new ArrayList<>();
        Set<String> silent = new HashSet<>();
        pulled.stream().sorted(Comparator.comparing(Pulled::where)).forEach(one -> {
            ImageReference reference = one.image();
            if (silent.contains(reference.registry()) || (simulated && !reference.own())) {
                return;
            }
            try {
                Set<String> architectures = architectures(reference);
                if (!machines.isEmpty() && !architectures.isEmpty() && Collections.disjoint(machines, architectures)) {
                    problems.add(Problem.of(
                            ProblemCode.IMAGE_ARCHITECTURE,
                            one.where(),
                            "image",
                            reference.toString(),
                            "has",
                            String.join(", ", architectures),
                            "nodes",
                            String.join(", ", machines)));
                }
            } catch (ProblemException e) {
                ProblemCode code = e.problem().code();
                if (code == ProblemCode.IMAGE_NOT_FOUND || code == ProblemCode.REGISTRY_DENIED) {
                    problems.add(new Problem(code, one.where(), e.problem().arguments()));
                } else {
                    silent.add(reference.registry());
                }
            }
        });
        return problems;
    }

    private Set<String> architectures(ImageReference image) {
        RegistryClient registry = registries.pulling(image);
        Set<String> remembered = known.get(image.toString());
        if (remembered != null) {
            return remembered;
        }
        RemoteManifest manifest = registry.manifest(image.repository(), image.reference())
                .orElseThrow(() -> new ProblemException(Problem.of(
                        ProblemCode.IMAGE_NOT_FOUND,
                        image.toString(),
                        "image",
                        image.toString(),
                        "registry",
                        image.registry())));
        Set<String> found = new TreeSet<>();
        if (manifest.index()) {
            manifest.json()
                    .path("manifests")
                    .forEach(entry -> add(found, entry.path("platform").path("architecture")));
        } else {
            String config = manifest.json().path("config").path("digest").asText("");
            if (!config.isEmpty()) {
                add(found, json(registry.smallBlob(image.repository(), config)).path("architecture"));
            }
        }
        if (image.digest() != null) {
            known.put(image.toString(), found);
        }
        return found;
    }

    /** Attestations stand in an index as of an unknown machine. */
    private static void add(Set<String> found, JsonNode architecture) {
        String word = architecture.asText("");
        if (!word.isEmpty() && !word.equals("unknown")) {
            found.add(word);
        }
    }

    private static JsonNode json(byte[] bytes) {
        try {
            return JSON.readTree(bytes);
        } catch (IOException noJson) {
            return JSON.createObjectNode();
        }
    }
}
