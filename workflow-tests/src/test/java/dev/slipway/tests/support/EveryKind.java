package dev.slipway.tests.support;

/** An application that has something of every kind of object that Slipway writes, small enough for a real node. */
public final class EveryKind {
    private EveryKind() {}

    /**
     * The document.
     *
     * @param image with a shell
     * @param word what changes in every component from one document to the next
     */
    public static String document(String name, String image, String word) {
        return """
                apiVersion: slipway.dev/v1
                kind: Application
                metadata: {name: NAME}
                spec:
                  parameters: [{name: password, type: secret, generate: 12}]
                  components:
                    - name: web
                      kind: service
                      source: {image: "IMAGE"}
                      security: {runAsUser: 65534}
                      command: [sh, -c, "trap 'exit 0' TERM; sleep 3600 & wait"]
                      replicas: 2
                      ports: [{name: http, port: 8080, protocol: http, expose: {host: "NAME.${environment}.example"}}]
                      env: {WORD: "WORD_", PASSWORD: "${param.password}"}
                      files: [{path: /etc/app/word, content: "WORD_"}]
                      dependsOn: [{component: migrate, when: completed}]
                    - name: busy
                      kind: service
                      source: {image: "IMAGE"}
                      security: {runAsUser: 65534}
                      command: [sh, -c, "trap 'exit 0' TERM; sleep 3600 & wait"]
                      scale: {min: 1, max: 2, cpu: 70}
                      resources: {cpu: 1m}
                      env: {WORD: "WORD_"}
                    - name: db
                      kind: stateful
                      source: {image: "IMAGE"}
                      security: {runAsUser: 65534}
                      command: [sh, -c, "trap 'exit 0' TERM; sleep 3600 & wait"]
                      env: {WORD: "WORD_"}
                      volumes: [{name: data, path: /data, size: 1Mi}]
                    - name: store
                      kind: service
                      source: {image: "IMAGE"}
                      security: {runAsUser: 65534}
                      command: [sh, -c, "trap 'exit 0' TERM; sleep 3600 & wait"]
                      env: {WORD: "WORD_"}
                      volumes: [{name: files, path: /files, size: 1Mi}]
                    - name: agent
                      kind: daemon
                      source: {image: "IMAGE"}
                      security: {runAsUser: 65534}
                      command: [sh, -c, "trap 'exit 0' TERM; sleep 3600 & wait"]
                      env: {WORD: "WORD_"}
                    - name: migrate
                      kind: job
                      source: {image: "IMAGE"}
                      security: {runAsUser: 65534}
                      command: [sh, -c, "echo WORD_"]
                      env: {WORD: "WORD_"}
                    - name: report
                      kind: cron
                      schedule: "0 3 1 1 *"
                      source: {image: "IMAGE"}
                      security: {runAsUser: 65534}
                      command: [sh, -c, "echo WORD_"]
                      env: {WORD: "WORD_"}
                    - name: mail
                      kind: external
                      address: 192.0.2.25
                      ports: [{name: smtp, port: 25}]
                """.replace("NAME", name).replace("IMAGE", image).replace("WORD_", word);
    }
}
