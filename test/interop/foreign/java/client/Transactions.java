import static org.apache.zookeeper.KeeperException.Code.BADVERSION;
import static org.apache.zookeeper.KeeperException.Code.NONODE;

import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.KeeperException;
import org.apache.zookeeper.Op;
import org.apache.zookeeper.OpResult;
import org.apache.zookeeper.ZooDefs.Ids;
import org.apache.zookeeper.ZooKeeper;

/** Multi: writes of every kind in one transaction, refused ones, reads of several nodes at once. */
final class Transactions {
    private final String servers;
    private ZooKeeper client;

    Transactions(String servers) {
        this.servers = servers;
    }

    void run() throws Exception {
        Transcript.say("# transactions");
        client = Clients.connect(servers, new Inbox("multi"));
        writes();
        refused();
        reads();
        Transcript.expect("what is left", () -> client.getChildren("/multi", false));
        client.close();
    }

    private static Op create(String path, CreateMode mode) {
        return Op.create(path, Clients.bytes("x"), Ids.OPEN_ACL_UNSAFE, mode);
    }

    private void writes() throws Exception {
        Transcript.expect("multi of every kind", () -> client.multi(Arrays.asList(
                create("/multi", CreateMode.PERSISTENT),
                create("/multi/ephemeral", CreateMode.EPHEMERAL),
                create("/multi/seq-", CreateMode.PERSISTENT_SEQUENTIAL),
                create("/multi/seq-", CreateMode.EPHEMERAL_SEQUENTIAL),
                create("/multi/container", CreateMode.CONTAINER),
                Op.create("/multi/ttl", Clients.bytes("x"), Ids.OPEN_ACL_UNSAFE, CreateMode.PERSISTENT_WITH_TTL, 3_600_000),
                Op.check("/multi", 0),
                Op.setData("/multi", Clients.bytes("y"), 0),
                Op.check("/multi", 1),
                Op.delete("/multi/ephemeral", 0))));
        Transcript.expect("multi of nothing", () -> client.multi(Collections.emptyList()));
        Transcript.expect("transaction", () -> client.transaction()
                .check("/multi", 1)
                .create("/multi/by-transaction", null, Ids.OPEN_ACL_UNSAFE, CreateMode.PERSISTENT)
                .setData("/multi/by-transaction", Clients.bytes("z"), 0)
                .commit());
        Transcript.expect("exists", () -> client.exists("/multi", false));
    }

    private void refuse(String what, KeeperException.Code code, Op... operations) throws Exception {
        Transcript.expectRefused(what, code, () -> {
            try {
                client.multi(Arrays.asList(operations));
            } catch (KeeperException error) {
                Transcript.say("  path %s, results %s", error.getPath(), Describe.value(error.getResults()));
                throw error;
            }
        });
    }

    private void refused() throws Exception {
        refuse("multi with a failing check", BADVERSION,
                create("/multi/never", CreateMode.PERSISTENT), Op.check("/multi", 7), Op.delete("/multi/none", -1));
        refuse("multi whose first fails", NONODE, Op.delete("/multi/none", -1), create("/multi/never", CreateMode.PERSISTENT));
        refuse("multi with a set of no node", NONODE, Op.setData("/multi/none", null, -1));
        refuse("multi with a check of no node", NONODE, Op.check("/multi/none", -1));
        refuse("multi that empties and fails", KeeperException.Code.NOTEMPTY,
                Op.delete("/multi/ttl", -1), create("/multi/container/x", CreateMode.PERSISTENT), Op.delete("/multi/container", -1));
        refuse("multi that creates twice", KeeperException.Code.NODEEXISTS,
                create("/multi/twice", CreateMode.PERSISTENT), create("/multi/twice", CreateMode.PERSISTENT));
        Transcript.expect("nothing was done", () -> client.exists("/multi/never", false));
    }

    /** Reads answer each for itself: one that fails leaves the others. */
    private void reads() throws Exception {
        Transcript.expect("multi of reads", () -> {
            List<OpResult> results = client.multi(Arrays.asList(
                    Op.getData("/multi"), Op.getChildren("/multi"), Op.getData("/multi/none"), Op.getChildren("/multi/none")));
            return Describe.value(results);
        });
    }
}
