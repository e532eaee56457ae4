import java.util.List;
import java.util.concurrent.TimeUnit;
import org.apache.curator.framework.CuratorFramework;
import org.apache.curator.framework.recipes.atomic.DistributedAtomicLong;
import org.apache.curator.framework.recipes.cache.CuratorCache;
import org.apache.curator.framework.recipes.leader.LeaderLatch;
import org.apache.curator.framework.recipes.locks.InterProcessMutex;
import org.apache.curator.framework.recipes.nodes.PersistentNode;
import org.apache.curator.retry.RetryNTimes;
import org.apache.zookeeper.CreateMode;

/** The server is killed under recipes that are in use: what they had they still have, and they go on. */
final class RestartChapter {
    private static final int INCREMENTS = 20;

    private RestartChapter() {}

    static void run(List<CuratorFramework> clients) throws Exception {
        Transcript.say("# restart");
        CuratorFramework first = clients.get(0);
        CuratorFramework second = clients.get(1);
        InterProcessMutex held = new InterProcessMutex(first, "/restart/mutex");
        InterProcessMutex waiting = new InterProcessMutex(second, "/restart/mutex");
        held.acquire();
        LeaderLatch leader = new LeaderLatch(first, "/restart/leader");
        leader.start();
        Transcript.expect("it leads", () -> leader.await(20, TimeUnit.SECONDS));
        PersistentNode node = new PersistentNode(first, CreateMode.EPHEMERAL, false, "/restart/node", CuratorProgram.bytes("kept"));
        node.start();
        Transcript.expect("its node is there", () -> node.waitForInitialCreate(20, TimeUnit.SECONDS));
        CuratorCache cache = CuratorCache.build(second, "/restart");
        cache.start();
        DistributedAtomicLong number = new DistributedAtomicLong(second, "/restart/number", new RetryNTimes(50, 50));
        for (int i = 0; i < INCREMENTS; i++) number.increment();
        long owner = first.checkExists().forPath("/restart/node").getEphemeralOwner();

        Transcript.askRunner("kill");

        Transcript.expect("number after it", () -> number.get().postValue());
        for (int i = 0; i < INCREMENTS; i++) number.increment();
        Transcript.expect("number goes on", () -> number.get().postValue());
        Transcript.expect("the mutex is still held", () -> waiting.acquire(300, TimeUnit.MILLISECONDS));
        held.release();
        Transcript.expect("the mutex after its release", () -> waiting.acquire(20, TimeUnit.SECONDS));
        waiting.release();
        CuratorProgram.awaitEquals("it leads again", true, leader::hasLeadership);
        CuratorProgram.awaitEquals("its node has the same owner", true, () -> {
            var stat = second.checkExists().forPath("/restart/node");
            return stat != null && stat.getEphemeralOwner() == owner;
        });
        first.create().forPath("/restart/late", CuratorProgram.bytes("late"));
        CuratorProgram.awaitEquals("the cache follows", true, () -> cache.get("/restart/late").isPresent());
        cache.close();
        node.close();
        leader.close();
    }
}
