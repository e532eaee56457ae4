import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.apache.curator.framework.CuratorFramework;
import org.apache.curator.framework.recipes.atomic.AtomicValue;
import org.apache.curator.framework.recipes.atomic.CachedAtomicLong;
import org.apache.curator.framework.recipes.atomic.DistributedAtomicInteger;
import org.apache.curator.framework.recipes.atomic.DistributedAtomicLong;
import org.apache.curator.framework.recipes.atomic.DistributedAtomicValue;
import org.apache.curator.framework.recipes.atomic.PromotedToLock;
import org.apache.curator.framework.recipes.shared.SharedCount;
import org.apache.curator.framework.recipes.shared.SharedCountListener;
import org.apache.curator.framework.recipes.shared.SharedCountReader;
import org.apache.curator.framework.recipes.shared.SharedValue;
import org.apache.curator.framework.state.ConnectionState;
import org.apache.curator.retry.RetryNTimes;

/** Counters and values that several clients change at once: no change is lost. */
final class CountersChapter {
    private static final int INCREMENTS = 25;

    private CountersChapter() {}

    static void run(List<CuratorFramework> clients) throws Exception {
        Transcript.say("# counters");
        sharedCount(clients);
        sharedValue(clients);
        atomicLong(clients);
        atomicOthers(clients);
    }

    private static void sharedCount(List<CuratorFramework> clients) throws Exception {
        BlockingQueue<Integer> seen = new LinkedBlockingQueue<>();
        SharedCount watching = new SharedCount(clients.get(0), "/counters/shared", 10);
        SharedCount changing = new SharedCount(clients.get(1), "/counters/shared", 10);
        watching.addListener(new SharedCountListener() {
            @Override
            public void countHasChanged(SharedCountReader count, int value) {
                seen.add(value);
            }

            @Override
            public void stateChanged(CuratorFramework client, ConnectionState state) {}
        });
        watching.start();
        changing.start();
        Transcript.expect("shared count: at first", changing::getCount);
        for (int value : new int[] {11, 12}) {
            changing.setCount(value);
            Transcript.expectEquals("shared count: the other sees", value, seen.poll(20, TimeUnit.SECONDS));
        }
        CuratorProgram.together(clients, (client, index) -> {
            SharedCount count = new SharedCount(client, "/counters/shared", 10);
            count.start();
            for (int i = 0; i < INCREMENTS; i++) {
                while (!count.trySetCount(count.getVersionedValue(), count.getCount() + 1)) Thread.yield();
            }
            count.close();
            return null;
        });
        CuratorProgram.awaitEquals("shared count: after increments by all", 12 + clients.size() * INCREMENTS, watching::getCount);
        watching.close();
        changing.close();
    }

    private static void sharedValue(List<CuratorFramework> clients) throws Exception {
        SharedValue first = new SharedValue(clients.get(0), "/counters/value", CuratorProgram.bytes("seed"));
        SharedValue second = new SharedValue(clients.get(1), "/counters/value", CuratorProgram.bytes("other seed"));
        first.start();
        second.start();
        Transcript.expect("shared value: the first seed stays", second::getValue);
        Transcript.expect("shared value: set", () -> first.trySetValue(first.getVersionedValue(), CuratorProgram.bytes("changed")));
        CuratorProgram.awaitEquals("shared value: the other sees", "changed", () -> CuratorProgram.text(second.getValue()));
        first.close();
        second.close();
    }

    private static void atomicLong(List<CuratorFramework> clients) throws Exception {
        PromotedToLock lock = PromotedToLock.builder().lockPath("/counters/long-lock").retryPolicy(new RetryNTimes(100, 10)).build();
        List<Boolean> allSucceeded = CuratorProgram.together(clients, (client, index) -> {
            DistributedAtomicLong number = new DistributedAtomicLong(client, "/counters/long", new RetryNTimes(20, 5), lock);
            boolean succeeded = true;
            for (int i = 0; i < INCREMENTS; i++) succeeded &= number.increment().succeeded();
            return succeeded;
        });
        Transcript.say("atomic long: increments succeeded %s", allSucceeded);
        DistributedAtomicLong number = new DistributedAtomicLong(clients.get(0), "/counters/long", new RetryNTimes(20, 5));
        Transcript.expect("atomic long: sum", () -> number.get().postValue());
        Transcript.expect("atomic long: subtract", () -> number.subtract(5L).postValue());
        Transcript.expect("atomic long: compare and set of another value", () -> number.compareAndSet(1L, 2L).succeeded());
        Transcript.expect("atomic long: compare and set", () -> number.compareAndSet(number.get().postValue(), 7L).succeeded());
        CachedAtomicLong cached = new CachedAtomicLong(number, 10);
        Transcript.expect("cached long: next", () -> cached.next().postValue());
        Transcript.expect("cached long: next", () -> cached.next().postValue());
        Transcript.expect("cached long: taken at once", () -> number.get().postValue());
    }

    private static void atomicOthers(List<CuratorFramework> clients) throws Exception {
        DistributedAtomicInteger number = new DistributedAtomicInteger(clients.get(1), "/counters/int", new RetryNTimes(20, 5));
        Transcript.expect("atomic int: initialize", () -> number.initialize(5));
        Transcript.expect("atomic int: initialize again", () -> number.initialize(6));
        Transcript.expect("atomic int: add", () -> number.add(10).postValue());
        Transcript.expectDone("atomic int: force", () -> number.forceSet(-1));
        Transcript.expect("atomic int: get", () -> number.get().postValue());
        DistributedAtomicValue value = new DistributedAtomicValue(clients.get(2), "/counters/bytes", new RetryNTimes(20, 5));
        Transcript.expect("atomic value: set", () -> value.trySet(CuratorProgram.bytes("x")).succeeded());
        AtomicValue<byte[]> changed = value.compareAndSet(CuratorProgram.bytes("x"), CuratorProgram.bytes("y"));
        Transcript.say("atomic value: %s to %s", CuratorProgram.text(changed.preValue()), CuratorProgram.text(changed.postValue()));
    }
}
