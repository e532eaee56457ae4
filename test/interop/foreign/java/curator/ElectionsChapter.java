import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.curator.framework.CuratorFramework;
import org.apache.curator.framework.recipes.leader.LeaderLatch;
import org.apache.curator.framework.recipes.leader.LeaderSelector;
import org.apache.curator.framework.recipes.leader.LeaderSelectorListenerAdapter;
import org.apache.curator.framework.recipes.leader.Participant;

/** Elections: one leader at a time, the next in line when it leaves or is cut off. */
final class ElectionsChapter {
    private static final int TERMS = 4;

    private ElectionsChapter() {}

    static void run(List<CuratorFramework> clients, CuratorFramework cuttable) throws Exception {
        Transcript.say("# elections");
        latch(clients);
        cutOffLeader(clients.get(0), cuttable);
        selector(clients);
    }

    private static void latch(List<CuratorFramework> clients) throws Exception {
        List<LeaderLatch> latches = new ArrayList<>();
        for (int i = 0; i < clients.size(); i++) {
            LeaderLatch latch = new LeaderLatch(clients.get(i), "/elections/latch", "candidate-" + i);
            latches.add(latch);
            latch.start();
            int candidates = i + 1;
            // One after the other, so that the order in the line is known.
            CuratorProgram.awaitEquals("latch: candidates", candidates, () -> latch.getParticipants().size());
        }
        for (int leader = 0; leader < latches.size(); leader++) {
            LeaderLatch latch = latches.get(leader);
            Transcript.expect("latch: candidate " + leader + " leads", () -> latch.await(20, TimeUnit.SECONDS));
            int leaders = 0;
            for (LeaderLatch each : latches) if (each.hasLeadership()) leaders += 1;
            Transcript.expectEquals("latch: leaders", 1, leaders);
            Participant named = latches.get(latches.size() - 1).getLeader();
            Transcript.say("latch: the last candidate says that %s leads", named.getId());
            latch.close();
        }
    }

    /** A leader that loses its connection stops leading by itself, and takes part again when it is back. */
    private static void cutOffLeader(CuratorFramework steady, CuratorFramework cuttable) throws Exception {
        LeaderLatch first = new LeaderLatch(cuttable, "/elections/cut", "cuttable");
        first.start();
        Transcript.expect("cut: it leads", () -> first.await(20, TimeUnit.SECONDS));
        LeaderLatch second = new LeaderLatch(steady, "/elections/cut", "steady");
        second.start();
        CuratorProgram.awaitEquals("cut: candidates", 2, () -> second.getParticipants().size());
        Transcript.askRunner("cut");
        CuratorProgram.awaitEquals("cut: it leads", false, first::hasLeadership);
        Transcript.askRunner("mend");
        // Either may lead now: the first finds its old node, which Curator keeps or replaces, depending on timing.
        CuratorProgram.awaitEquals("cut: leaders", 1, () -> (first.hasLeadership() ? 1 : 0) + (second.hasLeadership() ? 1 : 0));
        first.close();
        Transcript.expect("cut: the other leads", () -> second.await(20, TimeUnit.SECONDS));
        second.close();
    }

    private static void selector(List<CuratorFramework> clients) throws Exception {
        AtomicInteger leaders = new AtomicInteger();
        AtomicInteger leadersMax = new AtomicInteger();
        BlockingQueue<Integer> terms = new LinkedBlockingQueue<>();
        CountDownLatch done = new CountDownLatch(clients.size() * TERMS);
        List<LeaderSelector> selectors = new ArrayList<>();
        for (int i = 0; i < clients.size(); i++) {
            int index = i;
            LeaderSelector selector = new LeaderSelector(clients.get(i), "/elections/selector", new LeaderSelectorListenerAdapter() {
                @Override
                public void takeLeadership(CuratorFramework client) {
                    leadersMax.accumulateAndGet(leaders.incrementAndGet(), Math::max);
                    terms.add(index);
                    leaders.decrementAndGet();
                    done.countDown();
                }
            });
            selector.autoRequeue();
            selectors.add(selector);
            selector.start();
        }
        Transcript.expectTrue("selector: all terms", done.await(60, TimeUnit.SECONDS));
        Transcript.expectEquals("selector: leaders at once", 1, leadersMax.get());
        Transcript.expectTrue("selector: everybody led", terms.stream().distinct().count() == clients.size());
        for (LeaderSelector selector : selectors) selector.close();
    }
}
