import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.apache.curator.framework.CuratorFramework;
import org.apache.curator.framework.CuratorFrameworkFactory;
import org.apache.curator.retry.RetryNTimes;

/** Drives Curator's recipes with several clients at once, against the server given as argument. */
final class CuratorProgram {
    static final int CLIENTS = 3;
    private static final int WAIT_SECONDS_MAX = 20;

    private CuratorProgram() {}

    /** The second argument is another way to the same server, which the runner cuts and mends on request. */
    public static void main(String[] arguments) throws Exception {
        List<CuratorFramework> clients = new ArrayList<>();
        for (int i = 0; i < CLIENTS; i++) clients.add(connect(arguments[0]));
        CuratorFramework cuttable = connect(arguments[1]);
        FrameworkChapter.run(clients.get(0), clients.get(1));
        LocksChapter.run(clients);
        ElectionsChapter.run(clients, cuttable);
        BarriersChapter.run(clients);
        QueuesChapter.run(clients);
        CountersChapter.run(clients);
        NodesChapter.run(clients, cuttable);
        CachesChapter.run(clients.get(0), clients.get(1), cuttable);
        DiscoveryChapter.run(clients);
        RestartChapter.run(clients);
        Transcript.end();
    }

    static CuratorFramework connect(String servers) throws InterruptedException {
        CuratorFramework client = CuratorFrameworkFactory.builder()
                .connectString(servers)
                .sessionTimeoutMs(10_000)
                .connectionTimeoutMs(10_000)
                .retryPolicy(new RetryNTimes(50, 100))
                .build();
        client.start();
        if (!client.blockUntilConnected(WAIT_SECONDS_MAX, TimeUnit.SECONDS)) Transcript.fail("a client NEVER connected");
        return client;
    }

    /** Something that one of several clients does. */
    interface Work<T> {
        T run(CuratorFramework client, int index) throws Exception;
    }

    /** Does the work on all clients at once; the results are in the order of the clients. */
    static <T> List<T> together(List<CuratorFramework> clients, Work<T> work) throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(clients.size());
        try {
            List<Future<T>> futures = new ArrayList<>();
            for (int i = 0; i < clients.size(); i++) {
                int index = i;
                futures.add(threads.submit(() -> work.run(clients.get(index), index)));
            }
            List<T> results = new ArrayList<>();
            for (Future<T> future : futures) results.add(future.get(60, TimeUnit.SECONDS));
            return results;
        } finally {
            threads.shutdownNow();
        }
    }

    /** Waits until the value is the wanted one, and says so; recipes that follow the tree do it a little later. */
    static void awaitEquals(String what, Object wanted, Callable<?> actual) throws Exception {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(WAIT_SECONDS_MAX);
        Object met = actual.call();
        while (!wanted.equals(met) && System.nanoTime() < deadline) {
            Thread.sleep(10);
            met = actual.call();
        }
        Transcript.expectEquals(what, wanted, met);
    }

    static byte[] bytes(String text) {
        return text.getBytes(java.nio.charset.StandardCharsets.UTF_8);
    }

    static String text(byte[] bytes) {
        return bytes == null ? "null" : new String(bytes, java.nio.charset.StandardCharsets.UTF_8);
    }
}
