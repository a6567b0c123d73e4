package dev.slipway.activities.detect;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** What everybody knows of some images, and their compose files therefore do not say. */
final class KnownImages {
    /**
     * @param port that it listens on
     * @param user that it is made to run as; 0: root, and nothing else
     */
    record Known(int port, long user) {}

    private static final Map<String, Known> BY_NAME = new LinkedHashMap<>();

    static {
        BY_NAME.put("postgres", new Known(5432, 999));
        BY_NAME.put("mysql", new Known(3306, 999));
        BY_NAME.put("mariadb", new Known(3306, 999));
        BY_NAME.put("mongo", new Known(27017, 999));
        BY_NAME.put("redis", new Known(6379, 999));
        BY_NAME.put("valkey", new Known(6379, 999));
        BY_NAME.put("rabbitmq", new Known(5672, 999));
        BY_NAME.put("memcached", new Known(11211, 11211));
        BY_NAME.put("nats", new Known(4222, 65534));
        BY_NAME.put("zookeeper", new Known(2181, 1000));
        BY_NAME.put("kafka", new Known(9092, 1000));
        BY_NAME.put("elasticsearch", new Known(9200, 1000));
        BY_NAME.put("minio", new Known(9000, 1000));
        BY_NAME.put("prometheus", new Known(9090, 65534));
        BY_NAME.put("grafana", new Known(3000, 472));
        BY_NAME.put("nginx", new Known(80, 0));
        BY_NAME.put("httpd", new Known(80, 0));
        BY_NAME.put("traefik", new Known(80, 0));
        BY_NAME.put("wordpress", new Known(80, 0));
        BY_NAME.put("phpmyadmin", new Known(80, 0));
        BY_NAME.put("adminer", new Known(8080, 1000));
    }

    private KnownImages() {}

    /** By the last part of its name: whoever publishes it, it listens where it always does. */
    static Optional<Known> of(String image) {
        String tagged = image.substring(image.lastIndexOf('/') + 1).replaceFirst("@.*", "");
        String name = tagged.replaceFirst(":.*", "");
        boolean alpine = tagged.contains("alpine");
        return Optional.ofNullable(BY_NAME.get(name)).map(known -> {
            boolean bitnami = image.contains("bitnami");
            long user = bitnami
                    ? 1001
                    : alpine && name.equals("postgres") ? 70 : alpine && name.equals("rabbitmq") ? 100 : known.user();
            return new Known(known.port(), user);
        });
    }
}
