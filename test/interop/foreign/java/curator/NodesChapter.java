import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.apache.curator.framework.CuratorFramework;
import org.apache.curator.framework.recipes.nodes.GroupMember;
import org.apache.curator.framework.recipes.nodes.PersistentNode;
import org.apache.curator.framework.recipes.nodes.PersistentTtlNode;
import org.apache.curator.framework.recipes.watch.PersistentWatcher;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.data.Stat;

/** Nodes that Curator keeps there: made again when somebody deletes them or when the session that had them is gone. */
final class NodesChapter {
    /** Short, as Curator touches the node for the first time after half of it. */
    private static final int TTL_MS = 1_000;

    private NodesChapter() {}

    static void run(List<CuratorFramework> clients, CuratorFramework cuttable) throws Exception {
        Transcript.say("# nodes");
        CuratorFramework observer = clients.get(0);
        persistentNode(observer, clients.get(1));
        overACut(observer, cuttable);
        ttlNode(observer, clients.get(1));
        group(clients);
        persistentWatcher(observer, clients.get(1));
    }

    private static boolean isThere(CuratorFramework client, String path) throws Exception {
        return client.checkExists().forPath(path) != null;
    }

    private static void persistentNode(CuratorFramework observer, CuratorFramework owner) throws Exception {
        PersistentNode node = new PersistentNode(owner, CreateMode.EPHEMERAL, false, "/nodes/persistent", CuratorProgram.bytes("mine"));
        node.start();
        Transcript.expect("persistent node: created", () -> node.waitForInitialCreate(20, TimeUnit.SECONDS));
        long first = observer.checkExists().forPath("/nodes/persistent").getCzxid();
        observer.delete().forPath("/nodes/persistent");
        CuratorProgram.awaitEquals("persistent node: made again", true, () -> {
            Stat stat = observer.checkExists().forPath("/nodes/persistent");
            return stat != null && stat.getCzxid() > first;
        });
        node.setData(CuratorProgram.bytes("changed"));
        CuratorProgram.awaitEquals("persistent node: data", "changed", () -> CuratorProgram.text(observer.getData().forPath("/nodes/persistent")));
        node.close();
        CuratorProgram.awaitEquals("persistent node: there after the close", false, () -> isThere(observer, "/nodes/persistent"));
    }

    private static void overACut(CuratorFramework observer, CuratorFramework owner) throws Exception {
        PersistentNode node = new PersistentNode(owner, CreateMode.EPHEMERAL, false, "/nodes/cut", CuratorProgram.bytes("mine"));
        node.start();
        Transcript.expect("cut node: created", () -> node.waitForInitialCreate(20, TimeUnit.SECONDS));
        Transcript.askRunner("cut");
        Transcript.expect("cut node: there while cut", () -> isThere(observer, "/nodes/cut"));
        observer.delete().forPath("/nodes/cut");
        Transcript.askRunner("mend");
        CuratorProgram.awaitEquals("cut node: made again", true, () -> isThere(observer, "/nodes/cut"));
        node.close();
    }

    private static void ttlNode(CuratorFramework observer, CuratorFramework owner) throws Exception {
        PersistentTtlNode node = new PersistentTtlNode(owner, "/nodes/ttl", TTL_MS, CuratorProgram.bytes("ttl"));
        node.start();
        Transcript.expect("ttl node: created", () -> node.waitForInitialCreate(20, TimeUnit.SECONDS));
        Transcript.expect("ttl node: data", () -> observer.getData().forPath("/nodes/ttl"));
        CuratorProgram.awaitEquals("ttl node: touched", true, () -> isThere(observer, "/nodes/ttl/touch"));
        node.close();
    }

    private static void group(List<CuratorFramework> clients) throws Exception {
        GroupMember[] members = new GroupMember[clients.size()];
        for (int i = 0; i < members.length; i++) {
            members[i] = new GroupMember(clients.get(i), "/nodes/group", "member-" + i, CuratorProgram.bytes("payload-" + i));
            members[i].start();
        }
        for (GroupMember member : members) {
            CuratorProgram.awaitEquals("group: members seen", members.length, () -> member.getCurrentMembers().size());
        }
        members[1].close();
        CuratorProgram.awaitEquals("group: members after one left", "[member-0, member-2]",
                () -> new java.util.TreeSet<>(members[0].getCurrentMembers().keySet()).toString());
        members[0].close();
        members[2].close();
    }

    private static void persistentWatcher(CuratorFramework observer, CuratorFramework writer) throws Exception {
        BlockingQueue<String> events = new LinkedBlockingQueue<>();
        BlockingQueue<String> ready = new LinkedBlockingQueue<>();
        PersistentWatcher watcher = new PersistentWatcher(observer, "/nodes/watched", true);
        watcher.getListenable().addListener(event -> {
            if (event.getPath() != null) events.add(event.getType() + " " + event.getPath());
        });
        watcher.getResetListenable().addListener(() -> ready.add("set"));
        watcher.start();
        Transcript.say("persistent watcher: %s", ready.poll(20, TimeUnit.SECONDS));
        writer.create().creatingParentsIfNeeded().forPath("/nodes/watched/child", CuratorProgram.bytes("x"));
        writer.setData().forPath("/nodes/watched/child", CuratorProgram.bytes("y"));
        for (int i = 0; i < 3; i++) Transcript.say("persistent watcher: %s", events.poll(20, TimeUnit.SECONDS));
        watcher.close();
    }
}
