import static org.apache.zookeeper.KeeperException.Code.NOWATCHER;

import org.apache.zookeeper.AddWatchMode;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.Watcher;
import org.apache.zookeeper.Watcher.Event.KeeperState;
import org.apache.zookeeper.ZooDefs.Ids;
import org.apache.zookeeper.ZooKeeper;

/**
 * Watches that stay, on one node or on a whole tree of them.
 *
 * <p>Each part has paths of its own: where one connection sets watches of several kinds on one path, ZooKeeper 3.8 keeps
 * only the kind that was set last (ZOOKEEPER-4475), and removeWatches for one watcher removes nothing on the server.
 */
final class PersistentWatches {
    private final String servers;
    private final String cuttable;
    private final Inbox session = new Inbox("persistent watcher");
    private ZooKeeper client;
    private ZooKeeper writer;

    PersistentWatches(String servers, String cuttable) {
        this.servers = servers;
        this.cuttable = cuttable;
    }

    void run() throws Exception {
        Transcript.say("# persistent watches");
        client = Clients.connect(cuttable, session);
        writer = Clients.connect(servers, new Inbox("writer"));
        onOneNode();
        onATree();
        besideAStandardWatch();
        overACut();
        client.close();
        writer.close();
    }

    private void create(String path) throws Exception {
        writer.create(path, Clients.bytes("x"), Ids.OPEN_ACL_UNSAFE, CreateMode.PERSISTENT);
    }

    /** The same changes for each kind of watch. */
    private void change(String path) throws Exception {
        Transcript.say("change %s", path);
        create(path);
        writer.setData(path, Clients.bytes("y"), -1);
        create(path + "/child");
        writer.setData(path + "/child", Clients.bytes("y"), -1);
        create(path + "/child/grandchild");
        writer.delete(path + "/child/grandchild", -1);
        writer.delete(path + "/child", -1);
        writer.delete(path, -1);
    }

    private void sayAll(Inbox... inboxes) throws Exception {
        // The writer's last change was answered, so a later reply to the watcher follows all events of it.
        Clients.drain(client);
        for (Inbox inbox : inboxes) inbox.sayRest();
    }

    private void onOneNode() throws Exception {
        Inbox inbox = new Inbox("persistent watch");
        Transcript.expectDone("add a persistent watch on no node", () -> client.addWatch("/stay", inbox, AddWatchMode.PERSISTENT));
        change("/stay");
        sayAll(inbox);
        change("/stay");
        sayAll(inbox);
        Transcript.expectDone("remove it", () -> client.removeWatches("/stay", inbox, Watcher.WatcherType.Any, false));
        change("/stay");
        sayAll(inbox);
        Transcript.expectRefused("remove it again", NOWATCHER, () -> client.removeWatches("/stay", inbox, Watcher.WatcherType.Any, false));
    }

    private void onATree() throws Exception {
        Inbox tree = new Inbox("recursive watch");
        Inbox root = new Inbox("recursive watch of the root");
        Transcript.expectDone("add a recursive watch", () -> client.addWatch("/tree", tree, AddWatchMode.PERSISTENT_RECURSIVE));
        Transcript.expectDone("add one on the root", () -> client.addWatch("/", root, AddWatchMode.PERSISTENT_RECURSIVE));
        change("/tree");
        sayAll(tree, root);
        change("/trees");
        sayAll(tree, root);
        Transcript.expectDone("remove the one on the root", () -> client.removeAllWatches("/", Watcher.WatcherType.Any, false));
        change("/tree");
        sayAll(tree, root);
        Transcript.expectDone("remove the other", () -> client.removeAllWatches("/tree", Watcher.WatcherType.Any, false));
    }

    /** Both kinds get the events of a node that both see. */
    private void besideAStandardWatch() throws Exception {
        Inbox standard = new Inbox("standard watch");
        Inbox tree = new Inbox("recursive watch beside it");
        create("/both");
        create("/both/child");
        Transcript.expectDone("add a recursive watch", () -> client.addWatch("/both", tree, AddWatchMode.PERSISTENT_RECURSIVE));
        Transcript.expect("child watch", () -> client.getChildren("/both/child", standard));
        Transcript.expect("data watch", () -> client.getData("/both/child", standard, null));
        for (int round = 0; round < 2; round++) {
            create("/both/child/" + round);
            writer.setData("/both/child", Clients.bytes("z"), -1);
            sayAll(standard, tree);
        }
        Transcript.expectDone("remove the recursive watch", () -> client.removeWatches("/both", tree, Watcher.WatcherType.Any, false));
        for (String path : new String[] {"/both/child/0", "/both/child/1", "/both/child", "/both"}) writer.delete(path, -1);
        sayAll(standard, tree);
    }

    /** Persistent watches are set again after a lost connection; what happened in between is not told. */
    private void overACut() throws Exception {
        Inbox one = new Inbox("persistent watch over the cut");
        Inbox tree = new Inbox("recursive watch over the cut");
        create("/far");
        Transcript.expectDone("add a persistent watch", () -> client.addWatch("/cut", one, AddWatchMode.PERSISTENT));
        Transcript.expectDone("add a recursive watch", () -> client.addWatch("/far/below", tree, AddWatchMode.PERSISTENT_RECURSIVE));
        Transcript.askRunner("cut");
        session.awaitState(KeeperState.Disconnected);
        change("/cut");
        change("/far/below");
        Transcript.askRunner("mend");
        session.awaitState(KeeperState.SyncConnected);
        sayAll(one, tree);
        change("/cut");
        change("/far/below");
        sayAll(one, tree);
    }
}
