package dev.slipway.activities.store;

import dev.slipway.workflows.application.Parameter;
import java.security.SecureRandom;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Secret values of environments' parameters, encrypted and versioned. */
public final class ParameterStore {
    private static final String LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz23456789";
    private static final SecureRandom RANDOM = new SecureRandom();

    private final JdbcClient jdbc;
    private final SecretBox box;

    public ParameterStore(JdbcClient jdbc, SecretBox box) {
        this.jdbc = jdbc;
        this.box = box;
    }

    /** The newest value of each secret parameter that has one. */
    public Map<String, Secret> secrets(String environmentId) {
        Map<String, Secret> secrets = new LinkedHashMap<>();
        jdbc.sql("""
                        select distinct on (name) name, ciphertext from parameter_secret
                        where environment_id = :environment order by name, version desc
                        """).param("environment", environmentId).query(row -> {
            String name = row.getString("name");
            secrets.put(name, box.openSecret(row.getBytes("ciphertext"), context(environmentId, name)));
        });
        return secrets;
    }

    /** The newest version of each secret parameter that has a value, from 1; says of a value which one it is, and nothing more. */
    public Map<String, Integer> versions(String environmentId) {
        Map<String, Integer> versions = new TreeMap<>();
        jdbc.sql(
                        "select name, max(version) as version from parameter_secret where environment_id = :environment group by name")
                .param("environment", environmentId)
                .query(row -> {
                    versions.put(row.getString("name"), row.getInt("version"));
                });
        return versions;
    }

    /** One version of a value, the newest or not. */
    public Secret secret(String environmentId, String name, int version) {
        return jdbc.sql("""
                        select ciphertext from parameter_secret
                        where environment_id = :environment and name = :name and version = :version
                        """)
                .param("environment", environmentId)
                .param("name", name)
                .param("version", version)
                .query((row, number) -> box.openSecret(row.getBytes("ciphertext"), context(environmentId, name)))
                .single();
    }

    /** A new version of a value. */
    public void put(String environmentId, String name, Secret value) {
        jdbc.sql("""
                        insert into parameter_secret (environment_id, name, version, ciphertext)
                        select :environment, :name, coalesce(max(version), 0) + 1, :ciphertext
                        from parameter_secret where environment_id = :environment and name = :name
                        """)
                .param("environment", environmentId)
                .param("name", name)
                .param("ciphertext", box.seal(value, context(environmentId, name)))
                .update();
    }

    /** Makes up a value for every generated parameter that has none yet. Safe to repeat and to race: the first counts. */
    public void generateMissing(String environmentId, List<Parameter> parameters) {
        Map<String, Secret> known = secrets(environmentId);
        for (Parameter parameter : parameters) {
            if (parameter.generate() > 0 && !known.containsKey(parameter.name())) {
                jdbc.sql("""
                                insert into parameter_secret (environment_id, name, version, ciphertext)
                                values (:environment, :name, 1, :ciphertext) on conflict do nothing
                                """)
                        .param("environment", environmentId)
                        .param("name", parameter.name())
                        .param(
                                "ciphertext",
                                box.seal(generate(parameter.generate()), context(environmentId, parameter.name())))
                        .update();
            }
        }
    }

    private static Secret generate(int length) {
        StringBuilder text = new StringBuilder(length);
        for (int i = 0; i < length; i++) {
            text.append(LETTERS.charAt(RANDOM.nextInt(LETTERS.length())));
        }
        return Secret.of(text.toString());
    }

    private static String context(String environmentId, String name) {
        return "parameter/" + environmentId + "/" + name;
    }
}
