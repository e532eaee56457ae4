import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.curator.framework.CuratorFramework;
import org.apache.curator.framework.recipes.barriers.DistributedBarrier;
import org.apache.curator.framework.recipes.barriers.DistributedDoubleBarrier;

/** Barriers: nobody passes before all may. */
final class BarriersChapter {
    private BarriersChapter() {}

    static void run(List<CuratorFramework> clients) throws Exception {
        Transcript.say("# barriers");
        single(clients);
        twofold(clients);
    }

    private static void single(List<CuratorFramework> clients) throws Exception {
        DistributedBarrier barrier = new DistributedBarrier(clients.get(0), "/barriers/single");
        barrier.setBarrier();
        DistributedBarrier waiting = new DistributedBarrier(clients.get(1), "/barriers/single");
        Transcript.expect("barrier: while it is set", () -> waiting.waitOnBarrier(200, TimeUnit.MILLISECONDS));
        List<Boolean> passed = CuratorProgram.together(clients, (client, index) -> {
            if (index == 0) {
                barrier.removeBarrier();
                return true;
            }
            return new DistributedBarrier(client, "/barriers/single").waitOnBarrier(20, TimeUnit.SECONDS);
        });
        Transcript.say("barrier: passed %s", passed);
    }

    private static void twofold(List<CuratorFramework> clients) throws Exception {
        AtomicInteger arrived = new AtomicInteger();
        AtomicInteger left = new AtomicInteger();
        List<String> seen = CuratorProgram.together(clients, (client, index) -> {
            DistributedDoubleBarrier barrier = new DistributedDoubleBarrier(client, "/barriers/double", CuratorProgram.CLIENTS);
            arrived.incrementAndGet();
            boolean entered = barrier.enter(20, TimeUnit.SECONDS);
            int arrivedBefore = arrived.get();
            left.incrementAndGet();
            boolean done = barrier.leave(20, TimeUnit.SECONDS);
            return entered + " after " + arrivedBefore + " arrived, " + done + " after " + left.get() + " left";
        });
        Transcript.say("double barrier: %s", seen);
        DistributedDoubleBarrier lonely = new DistributedDoubleBarrier(clients.get(0), "/barriers/lonely", 2);
        Transcript.expect("double barrier: too few", () -> lonely.enter(300, TimeUnit.MILLISECONDS));
    }
}
