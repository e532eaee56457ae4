import java.nio.charset.StandardCharsets;
import java.util.concurrent.CountDownLatch;
import org.apache.zookeeper.ZooKeeper;
import org.apache.zookeeper.admin.ZooKeeperAdmin;

/** Opens clients the way all chapters do. */
final class Clients {
    static final int TIMEOUT_MS = 20_000;

    private Clients() {}

    static ZooKeeper connect(String servers, Inbox inbox) throws Exception {
        return connect(servers, TIMEOUT_MS, inbox);
    }

    static ZooKeeper connect(String servers, int timeoutMs, Inbox inbox) throws Exception {
        ZooKeeper client = new ZooKeeper(servers, timeoutMs, inbox);
        inbox.awaitState(org.apache.zookeeper.Watcher.Event.KeeperState.SyncConnected);
        return client;
    }

    static ZooKeeperAdmin connectAdmin(String servers, Inbox inbox) throws Exception {
        ZooKeeperAdmin client = new ZooKeeperAdmin(servers, TIMEOUT_MS, inbox);
        inbox.awaitState(org.apache.zookeeper.Watcher.Event.KeeperState.SyncConnected);
        return client;
    }

    /** Returns when the client has handled everything the server sent before; events run on the thread of callbacks. */
    static void drain(ZooKeeper client) throws InterruptedException {
        CountDownLatch answered = new CountDownLatch(1);
        client.sync("/", (code, path, context) -> answered.countDown(), null);
        answered.await();
    }

    static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
