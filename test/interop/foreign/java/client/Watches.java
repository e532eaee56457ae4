import static org.apache.zookeeper.KeeperException.Code.NONODE;
import static org.apache.zookeeper.KeeperException.Code.NOWATCHER;

import java.util.Arrays;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.Op;
import org.apache.zookeeper.Watcher;
import org.apache.zookeeper.Watcher.Event.KeeperState;
import org.apache.zookeeper.ZooDefs.Ids;
import org.apache.zookeeper.ZooKeeper;

/** Watches that fire once: what fires them, what does not, removal, and the replay after a lost connection. */
final class Watches {
    private final String servers;
    private final String cuttable;
    private final Inbox session = new Inbox("watcher");
    private ZooKeeper client;
    private ZooKeeper writer;

    Watches(String servers, String cuttable) {
        this.servers = servers;
        this.cuttable = cuttable;
    }

    void run() throws Exception {
        Transcript.say("# watches");
        client = Clients.connect(cuttable, session);
        writer = Clients.connect(servers, new Inbox("writer"));
        create("/watch");
        fireOnce();
        deletion();
        ephemeralOfAClosedSession();
        multi();
        removal();
        replay();
        client.close();
        writer.close();
    }

    private void create(String path) throws Exception {
        Transcript.expect("create " + path, () -> writer.create(path, Clients.bytes("x"), Ids.OPEN_ACL_UNSAFE, CreateMode.PERSISTENT));
    }

    private void set(String path) throws Exception {
        Transcript.expect("set " + path, () -> writer.setData(path, Clients.bytes("y"), -1));
    }

    private void delete(String path) throws Exception {
        Transcript.expectDone("delete " + path, () -> writer.delete(path, -1));
    }

    private void fireOnce() throws Exception {
        Inbox exists = new Inbox("exists watch");
        Inbox data = new Inbox("data watch");
        Inbox children = new Inbox("child watch");
        Transcript.expect("exists watch on no node", () -> client.exists("/watch/a", exists));
        Transcript.expectRefused("data watch on no node", NONODE, () -> client.getData("/watch/a", data, null));
        Transcript.expect("child watch", () -> client.getChildren("/watch", children));
        create("/watch/a");
        exists.awaitEvent();
        children.awaitEvent();
        Transcript.expect("data watch", () -> client.getData("/watch/a", data, null));
        Transcript.expect("child watch", () -> client.getChildren("/watch/a", children));
        set("/watch/a");
        data.awaitEvent();
        set("/watch/a");
        create("/watch/a/b");
        children.awaitEvent();
        set("/watch/a/b");
        Transcript.expect("setACL fires nothing", () -> {
            client.exists("/watch/a", exists);
            return writer.setACL("/watch/a", Ids.OPEN_ACL_UNSAFE, -1);
        });
        Clients.drain(client);
        exists.sayRest();
        data.sayRest();
        children.sayRest();
        delete("/watch/a/b");
        delete("/watch/a");
        exists.awaitEvent();
    }

    private void deletion() throws Exception {
        Inbox node = new Inbox("watches of the node");
        Inbox parent = new Inbox("watch of the parent");
        create("/watch/a");
        create("/watch/a/b");
        Transcript.expect("data watch", () -> client.getData("/watch/a/b", node, null));
        Transcript.expect("child watch", () -> client.getChildren("/watch/a/b", node));
        Transcript.expect("child watch of the parent", () -> client.getChildren("/watch/a", parent));
        delete("/watch/a/b");
        node.awaitEvent();
        parent.awaitEvent();
        Clients.drain(client);
        node.sayRest();
        parent.sayRest();
    }

    private void ephemeralOfAClosedSession() throws Exception {
        Inbox gone = new Inbox("watch of an ephemeral");
        Inbox children = new Inbox("watch of its parent");
        ZooKeeper other = Clients.connect(servers, new Inbox("other"));
        other.create("/watch/e1", null, Ids.OPEN_ACL_UNSAFE, CreateMode.EPHEMERAL);
        other.create("/watch/e2", null, Ids.OPEN_ACL_UNSAFE, CreateMode.EPHEMERAL);
        Transcript.expect("exists watch", () -> client.exists("/watch/e1", gone));
        Transcript.expect("exists watch", () -> client.exists("/watch/e2", gone));
        Transcript.expect("child watch", () -> client.getChildren("/watch", children));
        other.close();
        gone.awaitEventsInAnyOrder(2);
        children.awaitEvent();
        Clients.drain(client);
        children.sayRest();
    }

    private void multi() throws Exception {
        Inbox inbox = new Inbox("watches of a multi");
        Transcript.expect("exists watch", () -> client.exists("/watch/m", inbox));
        Transcript.expect("child watch", () -> client.getChildren("/watch", inbox));
        Transcript.expect("multi", () -> writer.multi(Arrays.asList(
                Op.create("/watch/m", null, Ids.OPEN_ACL_UNSAFE, CreateMode.PERSISTENT),
                Op.setData("/watch/m", Clients.bytes("y"), 0),
                Op.delete("/watch/m", 1))));
        inbox.awaitEvent();
        inbox.awaitEvent();
        Clients.drain(client);
        inbox.sayRest();
    }

    private void removal() throws Exception {
        Inbox first = new Inbox("first");
        Inbox second = new Inbox("second");
        Transcript.expect("data watch", () -> client.getData("/watch/a", first, null));
        Transcript.expect("data watch", () -> client.getData("/watch/a", second, null));
        Transcript.expect("child watch", () -> client.getChildren("/watch/a", first));
        Transcript.expectDone("remove first's data watch", () -> client.removeWatches("/watch/a", first, Watcher.WatcherType.Data, false));
        first.awaitEvent();
        Transcript.expectRefused("remove it again", NOWATCHER, () -> client.removeWatches("/watch/a", first, Watcher.WatcherType.Data, false));
        Transcript.expectDone("remove first's child watch", () -> client.removeWatches("/watch/a", first, Watcher.WatcherType.Any, false));
        first.awaitEvent();
        set("/watch/a");
        second.awaitEvent();
        Transcript.expect("data watch", () -> client.getData("/watch/a", second, null));
        Transcript.expect("child watch", () -> client.getChildren("/watch/a", second));
        Transcript.expectDone("remove all", () -> client.removeAllWatches("/watch/a", Watcher.WatcherType.Any, false));
        second.awaitEventsInAnyOrder(2);
        Transcript.expectRefused("remove all again", NOWATCHER, () -> client.removeAllWatches("/watch/a", Watcher.WatcherType.Any, false));
        set("/watch/a");
        Clients.drain(client);
        first.sayRest();
        second.sayRest();
    }

    /** What happened while the client was away is told when it is back, and only that. */
    private void replay() throws Exception {
        Inbox inbox = new Inbox("watches over the cut");
        Inbox untouched = new Inbox("watch of the untouched");
        for (String name : new String[] {"changed", "removed", "untouched", "parent", "readded"}) create("/watch/" + name);
        for (String name : new String[] {"changed", "removed", "readded"}) {
            Transcript.expect("data watch on " + name, () -> client.getData("/watch/" + name, inbox, null));
        }
        Transcript.expect("data watch on the untouched", () -> client.getData("/watch/untouched", untouched, null));
        Transcript.expect("exists watch on the made", () -> client.exists("/watch/made", inbox));
        Transcript.expect("child watch on the parent", () -> client.getChildren("/watch/parent", inbox));
        Transcript.askRunner("cut");
        session.awaitState(KeeperState.Disconnected);
        set("/watch/changed");
        delete("/watch/removed");
        delete("/watch/readded");
        create("/watch/readded");
        create("/watch/made");
        create("/watch/parent/child");
        Transcript.askRunner("mend");
        session.awaitState(KeeperState.SyncConnected);
        inbox.awaitEventsInAnyOrder(5);
        Clients.drain(client);
        untouched.sayRest();
        inbox.sayRest();
        set("/watch/untouched");
        untouched.awaitEvent();
    }
}
