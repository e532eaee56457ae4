import java.util.List;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.ZooDefs.Ids;
import org.apache.zookeeper.ZooKeeper;
import org.apache.zookeeper.data.Stat;

/** Nodes that the server deletes by itself: containers that have lost their last child, and nodes that outlived their TTL. */
final class Reaping {
    private static final long SHORT_TTL_MS = 700;
    private static final long LONG_TTL_MS = 3_600_000;

    private final String servers;
    private final Inbox gone = new Inbox("watch of what is reaped");
    private ZooKeeper client;

    Reaping(String servers) {
        this.servers = servers;
    }

    void run() throws Exception {
        Transcript.say("# reaping");
        client = Clients.connect(servers, new Inbox("reaping"));
        create("/reaped", CreateMode.PERSISTENT, 0);
        create("/reaped/never-used", CreateMode.CONTAINER, 0);
        create("/reaped/in-use", CreateMode.CONTAINER, 0);
        create("/reaped/in-use/child", CreateMode.PERSISTENT, 0);
        create("/reaped/emptied", CreateMode.CONTAINER, 0);
        create("/reaped/emptied/child", CreateMode.PERSISTENT, 0);
        create("/reaped/short", CreateMode.PERSISTENT_WITH_TTL, SHORT_TTL_MS);
        create("/reaped/parent", CreateMode.PERSISTENT_WITH_TTL, SHORT_TTL_MS);
        create("/reaped/parent/child", CreateMode.PERSISTENT, 0);
        create("/reaped/long", CreateMode.PERSISTENT_WITH_TTL, LONG_TTL_MS);
        for (String path : List.of("/reaped/emptied", "/reaped/short")) client.exists(path, gone);
        client.delete("/reaped/emptied/child", -1);
        gone.awaitEventsInAnyOrder(2);
        Transcript.expect("what is left", () -> client.getChildren("/reaped", false));
        // A parent is not reaped, however old; once its child is gone, it is.
        client.exists("/reaped/parent", gone);
        client.delete("/reaped/parent/child", -1);
        gone.awaitEvent();
        Transcript.expect("what is left", () -> client.getChildren("/reaped", false));
        client.close();
    }

    private void create(String path, CreateMode mode, long ttlMs) throws Exception {
        if (mode.isTTL()) client.create(path, null, Ids.OPEN_ACL_UNSAFE, mode, new Stat(), ttlMs);
        else client.create(path, null, Ids.OPEN_ACL_UNSAFE, mode);
    }
}
