import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.apache.curator.framework.CuratorFramework;
import org.apache.curator.framework.api.BackgroundCallback;
import org.apache.curator.framework.api.CuratorEvent;
import org.apache.curator.framework.api.transaction.CuratorOp;
import org.apache.curator.framework.api.transaction.CuratorTransactionResult;
import org.apache.zookeeper.AddWatchMode;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.KeeperException.Code;
import org.apache.zookeeper.data.Stat;

/** The framework below the recipes: its builders, background calls, namespaces, compression, transactions, watches. */
final class FrameworkChapter {
    private FrameworkChapter() {}

    static void run(CuratorFramework client, CuratorFramework other) throws Exception {
        Transcript.say("# framework");
        builders(client);
        background(client);
        transactions(client);
        watches(client, other);
    }

    private static void builders(CuratorFramework client) throws Exception {
        Transcript.expect("create with parents", () -> client.create().creatingParentsIfNeeded().forPath("/framework/a/b", CuratorProgram.bytes("x")));
        Transcript.expect("create with container parents",
                () -> client.create().creatingParentContainersIfNeeded().forPath("/framework/containers/c"));
        Transcript.expect("create or set", () -> client.create().orSetData().forPath("/framework/a/b", CuratorProgram.bytes("yy")));
        Stat stat = new Stat();
        Transcript.expect("get with stat", () -> client.getData().storingStatIn(stat).forPath("/framework/a/b"));
        Transcript.say("  %s", Describe.stat(stat));
        // Its name starts with a random number by which Curator finds the node again after a lost connection.
        String guarded = client.create().withProtection().withMode(CreateMode.EPHEMERAL_SEQUENTIAL).forPath("/framework/guarded-");
        Transcript.expectTrue("create with protection", guarded.matches("/framework/_c_[-0-9a-f]{36}-guarded-0000000002"));
        client.delete().guaranteed().forPath(guarded);
        Transcript.expect("create compressed", () -> client.create().compressed().forPath("/framework/gz", CuratorProgram.bytes("compressible")));
        Transcript.expect("get decompressed", () -> client.getData().decompressed().forPath("/framework/gz"));
        Transcript.expect("create with a ttl",
                () -> client.create().withTtl(3_600_000).withMode(CreateMode.PERSISTENT_WITH_TTL).forPath("/framework/ttl"));
        Transcript.expect("namespace", () -> client.usingNamespace("framework/space").create().creatingParentsIfNeeded().forPath("/x"));
        Transcript.expect("exists in it", () -> client.checkExists().forPath("/framework/space/x") != null);
        Transcript.expectDone("delete quietly what is not there", () -> client.delete().quietly().forPath("/framework/none"));
        Transcript.expectRefused("set at a wrong version", Code.BADVERSION, () -> client.setData().withVersion(9).forPath("/framework/a"));
        Transcript.expect("children", () -> client.getChildren().forPath("/framework"));
        Transcript.expectDone("delete with children", () -> client.delete().deletingChildrenIfNeeded().forPath("/framework"));
        Transcript.expect("exists", () -> client.checkExists().forPath("/framework"));
        Transcript.expectDone("sync", () -> client.sync().forPath("/"));
    }

    private static void background(CuratorFramework client) throws Exception {
        BlockingQueue<CuratorEvent> events = new LinkedBlockingQueue<>();
        BackgroundCallback callback = (source, event) -> events.add(event);
        client.create().inBackground(callback).forPath("/background", CuratorProgram.bytes("x"));
        client.getData().inBackground(callback).forPath("/background");
        client.getChildren().inBackground(callback).forPath("/none");
        client.checkExists().inBackground(callback).forPath("/background");
        client.delete().inBackground(callback).forPath("/background");
        client.delete().inBackground(callback).forPath("/background");
        for (int i = 0; i < 6; i++) {
            CuratorEvent event = events.poll(20, TimeUnit.SECONDS);
            if (event == null) Transcript.fail("background call got NO EVENT");
            else Transcript.say("background %s %s: %s", event.getType(), event.getPath(), Code.get(event.getResultCode()));
        }
    }

    private static void transactions(CuratorFramework client) throws Exception {
        CuratorOp create = client.transactionOp().create().forPath("/transaction", CuratorProgram.bytes("x"));
        CuratorOp set = client.transactionOp().setData().withVersion(0).forPath("/transaction", CuratorProgram.bytes("y"));
        CuratorOp check = client.transactionOp().check().withVersion(1).forPath("/transaction");
        CuratorOp delete = client.transactionOp().delete().forPath("/transaction");
        List<String> shown = new ArrayList<>();
        for (CuratorTransactionResult result : client.transaction().forOperations(create, set, check, delete)) {
            shown.add(result.getType() + " " + result.getForPath() + " -> " + result.getResultPath() + " " + result.getError());
        }
        Transcript.say("transaction: %s", shown);
        Transcript.expectRefused("transaction that fails", Code.NONODE, () -> client.transaction().forOperations(create, delete, set));
        Transcript.expect("nothing of it was done", () -> client.checkExists().forPath("/transaction"));
    }

    private static void watches(CuratorFramework client, CuratorFramework other) throws Exception {
        BlockingQueue<String> events = new LinkedBlockingQueue<>();
        Transcript.expectDone("add a recursive watch", () -> client.watchers().add().withMode(AddWatchMode.PERSISTENT_RECURSIVE)
                .usingWatcher((org.apache.zookeeper.Watcher) event -> events.add(event.getType() + " " + event.getPath()))
                .forPath("/watched"));
        other.create().creatingParentsIfNeeded().forPath("/watched/a/b");
        other.setData().forPath("/watched/a", CuratorProgram.bytes("x"));
        other.delete().deletingChildrenIfNeeded().forPath("/watched");
        for (int i = 0; i < 7; i++) Transcript.say("watch got %s", events.poll(20, TimeUnit.SECONDS));
        Transcript.expectDone("remove it", () -> client.watchers().removeAll().forPath("/watched"));
        Transcript.say("watch got %s", events.poll(20, TimeUnit.SECONDS));
    }
}
