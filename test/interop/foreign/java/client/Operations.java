import static org.apache.zookeeper.KeeperException.Code.BADVERSION;
import static org.apache.zookeeper.KeeperException.Code.CONNECTIONLOSS;
import static org.apache.zookeeper.KeeperException.Code.BADARGUMENTS;
import static org.apache.zookeeper.KeeperException.Code.NOCHILDRENFOREPHEMERALS;
import static org.apache.zookeeper.KeeperException.Code.NODEEXISTS;
import static org.apache.zookeeper.KeeperException.Code.NONODE;
import static org.apache.zookeeper.KeeperException.Code.NOTEMPTY;
import static org.apache.zookeeper.KeeperException.Code.RECONFIGDISABLED;

import java.util.Arrays;
import java.util.concurrent.CountDownLatch;
import org.apache.zookeeper.AsyncCallback;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.Watcher.Event.KeeperState;
import org.apache.zookeeper.ZooDefs.Ids;
import org.apache.zookeeper.ZooKeeper;
import org.apache.zookeeper.admin.ZooKeeperAdmin;
import org.apache.zookeeper.data.Stat;

/** Every operation on nodes: all create modes, reads, writes, deletes, and what is refused. */
final class Operations {
    private static final long TTL_MS = 3_600_000;
    private static final int FITS_BYTES = 1_000_000;
    private static final int TOO_LARGE_BYTES = 1_060_000;

    private final String servers;
    private final Inbox inbox = new Inbox("operator");
    private ZooKeeper client;

    Operations(String servers) {
        this.servers = servers;
    }

    void run() throws Exception {
        Transcript.say("# operations");
        client = Clients.connect(servers, inbox);
        create();
        read();
        write();
        list();
        delete();
        configuration();
        largeValues();
        client.close();
        afterwards();
    }

    private String create(String path, String value, CreateMode mode) throws Exception {
        Stat stat = new Stat();
        byte[] bytes = value == null ? null : Clients.bytes(value);
        String created = mode.isTTL()
                ? client.create(path, bytes, Ids.OPEN_ACL_UNSAFE, mode, stat, TTL_MS)
                : client.create(path, bytes, Ids.OPEN_ACL_UNSAFE, mode, stat);
        return created + " " + Describe.stat(stat);
    }

    private void create() throws Exception {
        Transcript.expect("create /ops", () -> create("/ops", "root", CreateMode.PERSISTENT));
        for (CreateMode mode : CreateMode.values()) {
            Transcript.expect("create " + mode, () -> create("/ops/" + mode.name().toLowerCase(), "value", mode));
        }
        Transcript.expect("create null", () -> create("/ops/null", null, CreateMode.PERSISTENT));
        Transcript.expect("create empty", () -> create("/ops/empty", "", CreateMode.PERSISTENT));
        Transcript.expect("create a sequence without a name", () -> create("/ops/", "x", CreateMode.PERSISTENT_SEQUENTIAL));
        Transcript.expect("create unicode", () -> create("/ops/ñandú-木", "x", CreateMode.PERSISTENT));
        Transcript.expect("create below a container", () -> create("/ops/container/child", "x", CreateMode.PERSISTENT));
        Transcript.expect("create the older way", () -> client.create("/ops/old", null, Ids.OPEN_ACL_UNSAFE, CreateMode.PERSISTENT));
        Transcript.expectRefused("create what exists", NODEEXISTS, () -> create("/ops", "x", CreateMode.PERSISTENT));
        Transcript.expectRefused("create without a parent", NONODE, () -> create("/ops/no/child", "x", CreateMode.PERSISTENT));
        Transcript.expectRefused("create below an ephemeral", NOCHILDRENFOREPHEMERALS,
                () -> create("/ops/ephemeral/child", "x", CreateMode.PERSISTENT));
        Transcript.expectRefused("create with a bad path", "IllegalArgumentException", () -> create("/ops//x", "x", CreateMode.PERSISTENT));
        Transcript.expectRefused("create of the root", NODEEXISTS, () -> create("/", "x", CreateMode.PERSISTENT));
        Transcript.expectRefused("create with an endless ttl", "IllegalArgumentException",
                () -> client.create("/ops/x", null, Ids.OPEN_ACL_UNSAFE, CreateMode.PERSISTENT_WITH_TTL, new Stat(), Long.MAX_VALUE));
    }

    private void read() throws Exception {
        for (String name : new String[] {"persistent", "ephemeral", "container", "persistent_with_ttl", "null", "empty", "ñandú-木"}) {
            Stat stat = new Stat();
            Transcript.expect("get " + name, () -> client.getData("/ops/" + name, false, stat));
            Transcript.say("  %s", Describe.stat(stat));
            Transcript.expect("exists " + name, () -> client.exists("/ops/" + name, false));
        }
        Transcript.expectRefused("get of no node", NONODE, () -> client.getData("/ops/none", false, null));
        Transcript.expect("exists of no node", () -> client.exists("/ops/none", false));
        Transcript.expect("get of the root", () -> client.getData("/", false, null));
    }

    private void write() throws Exception {
        Transcript.expect("set", () -> client.setData("/ops/persistent", Clients.bytes("new"), -1));
        Transcript.expect("set at version 1", () -> client.setData("/ops/persistent", Clients.bytes("newer"), 1));
        Transcript.expectRefused("set at version 1 again", BADVERSION, () -> client.setData("/ops/persistent", null, 1));
        Transcript.expect("set to null", () -> client.setData("/ops/persistent", null, -1));
        Transcript.expect("get null", () -> client.getData("/ops/persistent", false, null));
        Transcript.expectRefused("set of no node", NONODE, () -> client.setData("/ops/none", null, -1));
        Transcript.expect("set of a container", () -> client.setData("/ops/container", Clients.bytes("y"), 0));
        Transcript.expect("set of the root", () -> client.setData("/", Clients.bytes("y"), -1));
        Transcript.expect("set of the root back", () -> client.setData("/", new byte[0], -1));
    }

    private void list() throws Exception {
        Stat stat = new Stat();
        Transcript.expect("children", () -> client.getChildren("/ops", false));
        Transcript.expect("children with stat", () -> client.getChildren("/ops", false, stat));
        Transcript.say("  %s", Describe.stat(stat));
        Transcript.expect("children of a leaf", () -> client.getChildren("/ops/null", false));
        Transcript.expectRefused("children of no node", NONODE, () -> client.getChildren("/ops/none", false));
        Transcript.expect("children of /zookeeper", () -> client.getChildren("/zookeeper", false));
        Transcript.expect("ephemerals", () -> client.getEphemerals());
        Transcript.expect("ephemerals below a prefix", () -> client.getEphemerals("/ops/ephemeral_"));
        Transcript.expect("ephemerals below another", () -> client.getEphemerals("/none"));
        Transcript.expect("number of all children", () -> client.getAllChildrenNumber("/ops"));
        Transcript.expect("number of all children of the root", () -> client.getAllChildrenNumber("/"));
        Transcript.expectRefused("number of all children of no node", NONODE, () -> client.getAllChildrenNumber("/none"));
        Transcript.expect("sync", () -> sync("/ops"));
        Transcript.expect("sync of no node", () -> sync("/none"));
    }

    private String sync(String path) throws InterruptedException {
        String[] answer = new String[1];
        CountDownLatch answered = new CountDownLatch(1);
        AsyncCallback.VoidCallback callback = (code, syncedPath, context) -> {
            answer[0] = code + " " + syncedPath;
            answered.countDown();
        };
        client.sync(path, callback, null);
        answered.await();
        return answer[0];
    }

    private void delete() throws Exception {
        Transcript.expectRefused("delete at a wrong version", BADVERSION, () -> client.delete("/ops/null", 4));
        Transcript.expectRefused("delete of a parent", NOTEMPTY, () -> client.delete("/ops/container", -1));
        Transcript.expectDone("delete", () -> client.delete("/ops/null", 0));
        Transcript.expectRefused("delete again", NONODE, () -> client.delete("/ops/null", -1));
        Transcript.expectRefused("delete of the root", BADARGUMENTS, () -> client.delete("/", -1));
        Transcript.expect("exists of the parent", () -> client.exists("/ops", false));
    }

    private void configuration() throws Exception {
        Stat stat = new Stat();
        Transcript.expect("config", () -> client.getConfig(false, stat));
        Transcript.say("  %s", Describe.stat(stat));
        ZooKeeperAdmin admin = Clients.connectAdmin(servers, new Inbox("admin"));
        Transcript.expectRefused("reconfigure", RECONFIGDISABLED,
                () -> admin.reconfigure("server.9=127.0.0.1:1:2:observer;3", null, null, -1, null));
        admin.addAuthInfo("digest", Clients.bytes("super:test"));
        Transcript.expectRefused("reconfigure as superuser", RECONFIGDISABLED, () -> admin.reconfigure(null, "9", null, -1, null));
        admin.close();
    }

    /** A value that does not fit costs the connection, not the session. */
    private void largeValues() throws Exception {
        byte[] value = new byte[FITS_BYTES];
        Arrays.fill(value, (byte) 'v');
        Transcript.expect("set of 1,000,000 bytes", () -> client.setData("/ops/empty", value, -1));
        Transcript.expectTrue("all of them came back", Arrays.equals(value, client.getData("/ops/empty", false, null)));
        Transcript.expectRefused("set of 1,060,000 bytes", CONNECTIONLOSS, () -> client.setData("/ops/empty", new byte[TOO_LARGE_BYTES], -1));
        inbox.awaitState(KeeperState.SyncConnected);
        Transcript.expect("exists after it", () -> client.exists("/ops/empty", false));
    }

    private void afterwards() throws Exception {
        client = Clients.connect(servers, new Inbox("second"));
        Transcript.expect("children after the close", () -> client.getChildren("/ops", false));
        client.close();
    }
}
