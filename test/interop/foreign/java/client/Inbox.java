import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.apache.zookeeper.WatchedEvent;
import org.apache.zookeeper.Watcher;

/** Keeps a watcher's events until the program asks for them; session events apart from those of nodes. */
final class Inbox implements Watcher {
    private static final int EVENT_WAIT_SECONDS = 15;
    private static final int STATE_WAIT_SECONDS = 40;

    private final String name;
    private final BlockingQueue<WatchedEvent> nodeEvents = new LinkedBlockingQueue<>();
    private final BlockingQueue<WatchedEvent> sessionEvents = new LinkedBlockingQueue<>();

    Inbox(String name) {
        this.name = name;
    }

    @Override
    public void process(WatchedEvent event) {
        (event.getType() == Event.EventType.None ? sessionEvents : nodeEvents).add(event);
    }

    /** Says the next event. */
    void awaitEvent() throws InterruptedException {
        WatchedEvent event = nodeEvents.poll(EVENT_WAIT_SECONDS, TimeUnit.SECONDS);
        if (event == null) Transcript.fail("%s got NO EVENT", name);
        else Transcript.say("%s got %s", name, describe(event));
    }

    /** Says as many events as are asked for, sorted: for events whose order the server does not promise. */
    void awaitEventsInAnyOrder(int count) throws InterruptedException {
        List<String> events = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            WatchedEvent event = nodeEvents.poll(EVENT_WAIT_SECONDS, TimeUnit.SECONDS);
            events.add(event == null ? "NO EVENT" : describe(event));
        }
        Collections.sort(events);
        if (events.contains("NO EVENT")) Transcript.fail("%s got %s", name, events);
        else Transcript.say("%s got %s", name, events);
    }

    /** Skips session events until one says this state; how many precede it depends on timing. */
    void awaitState(Event.KeeperState state) throws InterruptedException {
        for (;;) {
            WatchedEvent event = sessionEvents.poll(STATE_WAIT_SECONDS, TimeUnit.SECONDS);
            if (event == null) {
                Transcript.fail("%s NEVER became %s", name, state);
                return;
            }
            if (event.getState() != state) continue;
            Transcript.say("%s is %s", name, state);
            return;
        }
    }

    /** Says what has arrived and was not asked for; the caller has seen a later reply, so nothing is on its way. */
    void sayRest() {
        List<String> rest = new ArrayList<>();
        for (WatchedEvent event = nodeEvents.poll(); event != null; event = nodeEvents.poll()) rest.add(describe(event));
        Transcript.say("%s also got %s", name, rest.isEmpty() ? "nothing" : rest);
    }

    private static String describe(WatchedEvent event) {
        return event.getType() + " " + event.getPath();
    }
}
