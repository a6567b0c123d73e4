package dev.slipway.tests.architecture.violations.workflows.run;

import com.google.cloud.tools.jib.api.Jib;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.FileInputStream;
import java.io.IOException;
import java.net.http.HttpClient;
import java.nio.file.Path;
import java.sql.Connection;
import java.time.Clock;
import org.eclipse.jgit.lib.ObjectId;
import org.springframework.stereotype.Component;

@Component
final class UsesTools {
    Path path = Path.of("x");
    HttpClient http = HttpClient.newHttpClient();
    Clock clock = Clock.systemUTC();
    Connection connection;
    KubernetesClient cluster;
    ObjectId commit;

    Object image() throws Exception {
        return Jib.fromScratch();
    }

    int read() throws IOException {
        try (FileInputStream in = new FileInputStream("x")) {
            return in.read();
        }
    }
}
