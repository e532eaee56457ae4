import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.curator.framework.CuratorFramework;
import org.apache.curator.framework.recipes.cache.ChildData;
import org.apache.curator.framework.recipes.cache.CuratorCache;
import org.apache.curator.framework.recipes.cache.CuratorCacheListener;
import org.apache.curator.framework.recipes.cache.NodeCache;
import org.apache.curator.framework.recipes.cache.PathChildrenCache;
import org.apache.curator.framework.recipes.cache.TreeCache;

/** Caches: what they hold becomes what is in the tree, also after a cut during which it changed. */
final class CachesChapter {
    private CachesChapter() {}

    static void run(CuratorFramework writer, CuratorFramework steady, CuratorFramework cuttable) throws Exception {
        Transcript.say("# caches");
        writer.create().creatingParentsIfNeeded().forPath("/caches/tree/a", CuratorProgram.bytes("1"));
        nodeCache(writer, steady);
        childrenCache(writer, steady);
        treeCache(writer, steady);
        curatorCache(writer, cuttable);
    }

    @SuppressWarnings("deprecation")
    private static void nodeCache(CuratorFramework writer, CuratorFramework reader) throws Exception {
        NodeCache cache = new NodeCache(reader, "/caches/node");
        cache.start(true);
        Transcript.expectTrue("node cache: nothing at first", cache.getCurrentData() == null);
        writer.create().forPath("/caches/node", CuratorProgram.bytes("1"));
        CuratorProgram.awaitEquals("node cache: after create", "1", () -> nodeValue(cache));
        writer.setData().forPath("/caches/node", CuratorProgram.bytes("2"));
        CuratorProgram.awaitEquals("node cache: after set", "2", () -> nodeValue(cache));
        writer.delete().forPath("/caches/node");
        CuratorProgram.awaitEquals("node cache: after delete", "nothing", () -> nodeValue(cache));
        cache.close();
    }

    @SuppressWarnings("deprecation")
    private static String nodeValue(NodeCache cache) {
        ChildData data = cache.getCurrentData();
        return data == null ? "nothing" : CuratorProgram.text(data.getData());
    }

    @SuppressWarnings("deprecation")
    private static void childrenCache(CuratorFramework writer, CuratorFramework reader) throws Exception {
        PathChildrenCache cache = new PathChildrenCache(reader, "/caches/children", true);
        cache.start(PathChildrenCache.StartMode.BUILD_INITIAL_CACHE);
        for (int i = 0; i < 3; i++) writer.create().forPath("/caches/children/c" + i, CuratorProgram.bytes("v" + i));
        writer.setData().forPath("/caches/children/c1", CuratorProgram.bytes("changed"));
        writer.delete().forPath("/caches/children/c2");
        CuratorProgram.awaitEquals("children cache", "{/caches/children/c0=v0, /caches/children/c1=changed}", () -> {
            Map<String, String> held = new TreeMap<>();
            for (ChildData child : cache.getCurrentData()) held.put(child.getPath(), CuratorProgram.text(child.getData()));
            return held.toString();
        });
        cache.close();
    }

    @SuppressWarnings("deprecation")
    private static void treeCache(CuratorFramework writer, CuratorFramework reader) throws Exception {
        CountDownLatch initialized = new CountDownLatch(1);
        TreeCache cache = new TreeCache(reader, "/caches/tree");
        cache.getListenable().addListener((client, event) -> {
            if (event.getType() == org.apache.curator.framework.recipes.cache.TreeCacheEvent.Type.INITIALIZED) initialized.countDown();
        });
        cache.start();
        Transcript.expectTrue("tree cache: initialized", initialized.await(20, TimeUnit.SECONDS));
        writer.create().creatingParentsIfNeeded().forPath("/caches/tree/a/b/c", CuratorProgram.bytes("deep"));
        CuratorProgram.awaitEquals("tree cache: deep node", "deep", () -> {
            ChildData data = cache.getCurrentData("/caches/tree/a/b/c");
            return data == null ? "nothing" : CuratorProgram.text(data.getData());
        });
        writer.delete().deletingChildrenIfNeeded().forPath("/caches/tree/a/b");
        CuratorProgram.awaitEquals("tree cache: after delete", "[]", () -> String.valueOf(cache.getCurrentChildren("/caches/tree/a").keySet()));
        cache.close();
    }

    private static void curatorCache(CuratorFramework writer, CuratorFramework reader) throws Exception {
        Map<String, String> followed = new ConcurrentSkipListMap<>();
        CountDownLatch initialized = new CountDownLatch(1);
        CuratorCache cache = CuratorCache.build(reader, "/caches/tree");
        cache.listenable().addListener(CuratorCacheListener.builder()
                .forCreates(node -> followed.put(node.getPath(), CuratorProgram.text(node.getData())))
                .forChanges((before, node) -> followed.put(node.getPath(), CuratorProgram.text(node.getData())))
                .forDeletes(node -> followed.remove(node.getPath()))
                .forInitialized(initialized::countDown)
                .build());
        cache.start();
        Transcript.expectTrue("curator cache: initialized", initialized.await(20, TimeUnit.SECONDS));
        writer.create().forPath("/caches/tree/x", CuratorProgram.bytes("1"));
        writer.setData().forPath("/caches/tree/a", CuratorProgram.bytes("2"));
        String now = "/caches/tree/a=2, /caches/tree/x=1}";
        CuratorProgram.awaitEquals("curator cache: follows", true, () -> followed.toString().endsWith(now));
        Transcript.askRunner("cut");
        writer.delete().forPath("/caches/tree/x");
        writer.setData().forPath("/caches/tree/a", CuratorProgram.bytes("3"));
        writer.create().forPath("/caches/tree/y", CuratorProgram.bytes("4"));
        Transcript.askRunner("mend");
        String then = "/caches/tree/a=3, /caches/tree/y=4}";
        CuratorProgram.awaitEquals("curator cache: catches up after a cut", true, () -> followed.toString().endsWith(then));
        cache.close();
    }
}
