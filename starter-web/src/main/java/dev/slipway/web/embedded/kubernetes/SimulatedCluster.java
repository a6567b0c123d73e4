package dev.slipway.web.embedded.kubernetes;

import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * A Kubernetes API server with its controllers, in this process. Manifests are applied, checked, owned and reconciled
 * as on a real cluster; pods go through their states but nothing is run. {@code /version} says so: its
 * {@code gitVersion} ends in {@code +slipway.simulated}.
 *
 * <p>It listens on the loopback address only and asks for no credentials. Its objects are kept in a folder: an
 * acknowledged write survives the death of the process; after a power loss the last second may be missing.
 */
public final class SimulatedCluster implements AutoCloseable {
    static final String NODE = "simulated";

    private static final Logger LOG = LoggerFactory.getLogger(SimulatedCluster.class);
    private static final long MAINTENANCE_MILLISECONDS = 500;

    private final ObjectStore store;
    private final ApiServer server;
    private final ExecutorService requests;
    private final ScheduledExecutorService work;

    private SimulatedCluster(Path folder, int port, ImageCheck images) throws IOException {
        // Read once, when the JDK's server is first used: without it each call on a kept connection takes 40 ms longer.
        if (System.getProperty("sun.net.httpserver.nodelay") == null) {
            System.setProperty("sun.net.httpserver.nodelay", "true");
        }
        ResourceTypes types = new ResourceTypes();
        store = new ObjectStore(folder, types);
        requests = Executors.newCachedThreadPool(daemons("simulated-cluster-request"));
        ScheduledThreadPoolExecutor scheduler =
                new ScheduledThreadPoolExecutor(2, daemons("simulated-cluster-controller"));
        scheduler.setRemoveOnCancelPolicy(true);
        scheduler.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
        work = scheduler;
        ClusterApi api = new ClusterApi(store);
        try {
            server = new ApiServer(port, requests, types, api);
        } catch (IOException e) {
            close(requests, work, store);
            throw e;
        }
        Controllers controllers = new Controllers(api, types, work, images);
        controllers.start();
        furnish(api);
        work.scheduleWithFixedDelay(
                this::maintain, MAINTENANCE_MILLISECONDS, MAINTENANCE_MILLISECONDS, TimeUnit.MILLISECONDS);
        server.start();
    }

    /**
     * Starts a cluster whose images all exist.
     *
     * @param folder where its objects are kept; made if missing, used by one process at a time
     * @param port 0 for any free one
     * @throws IOException when the folder or the port cannot be used
     */
    public static SimulatedCluster start(Path folder, int port) throws IOException {
        return start(folder, port, ImageCheck.NONE);
    }

    /** Starts a cluster whose pods can be started only when {@code images} lets theirs through. */
    public static SimulatedCluster start(Path folder, int port, ImageCheck images) throws IOException {
        return new SimulatedCluster(folder, port, images);
    }

    /** The address of its API. */
    public String url() {
        return "http://127.0.0.1:" + server.port();
    }

    /** How many requests its API has had, watches counted once: for measurements. */
    public long requests() {
        return server.requests();
    }

    /**
     * The rights that its clients have used since it started, by their User-Agent: {@code create deployments.apps}, {@code
     * get pods/log}. What a role for them has to grant.
     */
    public Map<String, Set<String>> rightsUsed() {
        return server.rightsUsed();
    }

    /** Settings for a client of this cluster. They come from nothing else: no kubeconfig, no environment. */
    public Config clientConfig() {
        return new ConfigBuilder(Config.empty())
                .withMasterUrl(url())
                .withHttp2Disable(true)
                .withOnlyHttpWatches(true)
                .withNamespace("default")
                .build();
    }

    /** Stops it; its objects stay in the folder. */
    @Override
    public void close() {
        store.log().close();
        server.close();
        close(requests, work, store);
    }

    private static void close(ExecutorService requests, ExecutorService work, ObjectStore store) {
        // An interrupt would close the journal under the write that is going on: first let it end.
        requests.shutdownNow();
        work.shutdown();
        try {
            if (!work.awaitTermination(5, TimeUnit.SECONDS)) {
                work.shutdownNow();
                LOG.warn("The simulated cluster's controllers do not end");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        store.close();
    }

    private void maintain() {
        try {
            store.maintain();
        } catch (IOException | RuntimeException e) {
            LOG.warn("The simulated cluster cannot force its objects to disk", e);
        }
    }

    private static void furnish(ClusterApi api) {
        WriteOptions by = WriteOptions.by("slipway-simulation");
        for (String name : new String[] {"default", "kube-system"}) {
            create(api, ResourceTypes.NAMESPACE, named(name), by);
        }
        ObjectNode storage = named(VolumeClaimController.CLASS);
        Json.child(Json.metadata(storage), "annotations").put("storageclass.kubernetes.io/is-default-class", "true");
        storage.put("provisioner", "slipway.dev/simulated");
        create(api, ResourceTypes.STORAGE_CLASS, storage, by);
        ObjectNode ingress = named(VolumeClaimController.CLASS);
        Json.child(Json.metadata(ingress), "annotations").put("ingressclass.kubernetes.io/is-default-class", "true");
        ingress.putObject("spec").put("controller", "slipway.dev/simulated");
        create(api, ResourceTypes.INGRESS_CLASS, ingress, by);
        ObjectNode node = named(NODE);
        Json.child(Json.metadata(node), "labels")
                .put("kubernetes.io/arch", "amd64")
                .put("kubernetes.io/os", "linux")
                .put("kubernetes.io/hostname", NODE);
        ObjectKey key = create(api, ResourceTypes.NODE, node, by);
        api.change(key, by.onStatus(), current -> {
            ObjectNode changed = current.deepCopy();
            ObjectNode status = Json.child(changed, "status");
            for (String list : new String[] {"capacity", "allocatable"}) {
                Json.child(status, list).put("cpu", "64").put("memory", "256Gi").put("pods", "10k");
            }
            Json.child(status, "nodeInfo")
                    .put("architecture", "amd64")
                    .put("operatingSystem", "linux")
                    .put("kubeletVersion", "v1.34.0+slipway.simulated")
                    .put("osImage", "simulated");
            Workloads.condition(status, "Ready", true, "KubeletReady", "simulated: pods are not run", false);
            return changed;
        });
    }

    private static ObjectNode named(String name) {
        ObjectNode object = Json.object();
        Json.metadata(object).put("name", name);
        return object;
    }

    private static ObjectKey create(ClusterApi api, ResourceType type, ObjectNode object, WriteOptions by) {
        ObjectKey key = new ObjectKey(type, "", Json.name(object));
        if (api.store().find(key) == null) {
            api.create(type, "", object, by);
        }
        return key;
    }

    private static ThreadFactory daemons(String name) {
        AtomicInteger count = new AtomicInteger();
        return work -> {
            Thread thread = new Thread(work, name + "-" + count.incrementAndGet());
            thread.setDaemon(true);
            return thread;
        };
    }
}
