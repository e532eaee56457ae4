import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.curator.framework.CuratorFramework;
import org.apache.curator.framework.recipes.locks.InterProcessLock;
import org.apache.curator.framework.recipes.locks.InterProcessMultiLock;
import org.apache.curator.framework.recipes.locks.InterProcessMutex;
import org.apache.curator.framework.recipes.locks.InterProcessReadWriteLock;
import org.apache.curator.framework.recipes.locks.InterProcessSemaphoreMutex;
import org.apache.curator.framework.recipes.locks.InterProcessSemaphoreV2;
import org.apache.curator.framework.recipes.locks.Lease;

/** Locks: never more holders than allowed, everybody's turn comes, a held lock makes others wait. */
final class LocksChapter {
    private static final int TURNS = 15;

    private LocksChapter() {}

    static void run(List<CuratorFramework> clients) throws Exception {
        Transcript.say("# locks");
        contend("mutex", clients, client -> new InterProcessMutex(client, "/locks/mutex"));
        contend("semaphore mutex", clients, client -> new InterProcessSemaphoreMutex(client, "/locks/semaphore-mutex"));
        contend("write lock", clients, client -> new InterProcessReadWriteLock(client, "/locks/read-write").writeLock());
        contend("multi lock", clients, client -> new InterProcessMultiLock(client, Arrays.asList("/locks/multi-1", "/locks/multi-2")));
        reentrance(clients);
        readers(clients);
        semaphore(clients);
        revocation(clients);
        closedHolder(clients);
    }

    interface LockFactory {
        InterProcessLock make(CuratorFramework client);
    }

    /** The count is not atomic, so it is right only when no two clients hold the lock at once. */
    private static void contend(String what, List<CuratorFramework> clients, LockFactory factory) throws Exception {
        int[] count = new int[1];
        AtomicInteger holders = new AtomicInteger();
        AtomicInteger holdersMax = new AtomicInteger();
        CuratorProgram.together(clients, (client, index) -> {
            InterProcessLock lock = factory.make(client);
            for (int turn = 0; turn < TURNS; turn++) {
                lock.acquire();
                holdersMax.accumulateAndGet(holders.incrementAndGet(), Math::max);
                int before = count[0];
                Thread.yield();
                count[0] = before + 1;
                holders.decrementAndGet();
                lock.release();
            }
            return null;
        });
        Transcript.expectEquals(what + ": turns taken", clients.size() * TURNS, count[0]);
        Transcript.expectEquals(what + ": holders at once", 1, holdersMax.get());
    }

    private static void reentrance(List<CuratorFramework> clients) throws Exception {
        InterProcessMutex first = new InterProcessMutex(clients.get(0), "/locks/reentrant");
        InterProcessMutex second = new InterProcessMutex(clients.get(1), "/locks/reentrant");
        first.acquire();
        Transcript.expect("reentrant: again", () -> first.acquire(1, TimeUnit.SECONDS));
        Transcript.expect("reentrant: another client", () -> second.acquire(200, TimeUnit.MILLISECONDS));
        Transcript.expect("reentrant: participants", () -> second.getParticipantNodes().size());
        first.release();
        Transcript.expect("reentrant: after one of two releases", () -> second.acquire(200, TimeUnit.MILLISECONDS));
        first.release();
        Transcript.expect("reentrant: after both", () -> second.acquire(10, TimeUnit.SECONDS));
        second.release();
        Transcript.expectRefused("reentrant: release of what is not held", "IllegalMonitorStateException", () -> second.release());
    }

    private static void readers(List<CuratorFramework> clients) throws Exception {
        InterProcessReadWriteLock first = new InterProcessReadWriteLock(clients.get(0), "/locks/readers");
        InterProcessReadWriteLock second = new InterProcessReadWriteLock(clients.get(1), "/locks/readers");
        first.readLock().acquire();
        Transcript.expect("read-write: second reader", () -> second.readLock().acquire(10, TimeUnit.SECONDS));
        Transcript.expect("read-write: writer beside readers", () -> first.writeLock().acquire(200, TimeUnit.MILLISECONDS));
        first.readLock().release();
        second.readLock().release();
        Transcript.expect("read-write: writer alone", () -> first.writeLock().acquire(10, TimeUnit.SECONDS));
        Transcript.expect("read-write: reader beside a writer", () -> second.readLock().acquire(200, TimeUnit.MILLISECONDS));
        Transcript.expect("read-write: the writer may read", () -> first.readLock().acquire(10, TimeUnit.SECONDS));
        first.readLock().release();
        first.writeLock().release();
    }

    private static void semaphore(List<CuratorFramework> clients) throws Exception {
        AtomicInteger holders = new AtomicInteger();
        AtomicInteger holdersMax = new AtomicInteger();
        List<Integer> turns = CuratorProgram.together(clients, (client, index) -> {
            InterProcessSemaphoreV2 semaphore = new InterProcessSemaphoreV2(client, "/locks/semaphore", 2);
            for (int turn = 0; turn < TURNS; turn++) {
                Lease lease = semaphore.acquire();
                holdersMax.accumulateAndGet(holders.incrementAndGet(), Math::max);
                Thread.yield();
                holders.decrementAndGet();
                semaphore.returnLease(lease);
            }
            return TURNS;
        });
        Transcript.say("semaphore: turns %s", turns);
        Transcript.expectTrue("semaphore: never more than two holders", holdersMax.get() <= 2);
        InterProcessSemaphoreV2 semaphore = new InterProcessSemaphoreV2(clients.get(0), "/locks/semaphore", 2);
        InterProcessSemaphoreV2 other = new InterProcessSemaphoreV2(clients.get(1), "/locks/semaphore", 2);
        var leases = semaphore.acquire(2);
        Transcript.expect("semaphore: leases taken", leases::size);
        Transcript.expect("semaphore: a third", () -> other.acquire(200, TimeUnit.MILLISECONDS));
        semaphore.returnAll(leases);
        Transcript.expectTrue("semaphore: after their return", other.acquire(10, TimeUnit.SECONDS) != null);
    }

    private static void revocation(List<CuratorFramework> clients) throws Exception {
        InterProcessMutex held = new InterProcessMutex(clients.get(0), "/locks/revoked");
        AtomicInteger asked = new AtomicInteger();
        held.makeRevocable(lock -> asked.incrementAndGet());
        held.acquire();
        InterProcessMutex wanting = new InterProcessMutex(clients.get(1), "/locks/revoked");
        for (String node : wanting.getParticipantNodes()) {
            org.apache.curator.framework.recipes.locks.Revoker.attemptRevoke(clients.get(1), node);
        }
        CuratorProgram.awaitEquals("revocation: asked to release", 1, asked::get);
        held.release();
    }

    /** A holder whose session ends has released its lock. */
    private static void closedHolder(List<CuratorFramework> clients) throws Exception {
        CuratorFramework dying = CuratorProgram.connect(clients.get(0).getZookeeperClient().getCurrentConnectionString());
        InterProcessMutex held = new InterProcessMutex(dying, "/locks/orphaned");
        held.acquire();
        InterProcessMutex waiting = new InterProcessMutex(clients.get(1), "/locks/orphaned");
        Transcript.expect("orphaned: while the holder lives", () -> waiting.acquire(200, TimeUnit.MILLISECONDS));
        dying.close();
        Transcript.expect("orphaned: after its end", () -> waiting.acquire(10, TimeUnit.SECONDS));
        waiting.release();
    }
}
