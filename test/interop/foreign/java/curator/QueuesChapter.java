import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.apache.curator.framework.CuratorFramework;
import org.apache.curator.framework.recipes.queue.DistributedDelayQueue;
import org.apache.curator.framework.recipes.queue.DistributedIdQueue;
import org.apache.curator.framework.recipes.queue.DistributedPriorityQueue;
import org.apache.curator.framework.recipes.queue.DistributedQueue;
import org.apache.curator.framework.recipes.queue.QueueBuilder;
import org.apache.curator.framework.recipes.queue.QueueConsumer;
import org.apache.curator.framework.recipes.queue.QueueSerializer;
import org.apache.curator.framework.recipes.queue.SimpleDistributedQueue;
import org.apache.curator.framework.state.ConnectionState;

/** Queues: everything that is put comes out once, in the order of its kind of queue. */
final class QueuesChapter {
    private static final int MESSAGES = 30;

    private QueuesChapter() {}

    static void run(List<CuratorFramework> clients) throws Exception {
        Transcript.say("# queues");
        inOrder(clients);
        shared(clients);
        priority(clients);
        delay(clients);
        ids(clients);
        simple(clients);
    }

    private static final QueueSerializer<String> TEXT = new QueueSerializer<String>() {
        @Override
        public byte[] serialize(String item) {
            return CuratorProgram.bytes(item);
        }

        @Override
        public String deserialize(byte[] bytes) {
            return CuratorProgram.text(bytes);
        }
    };

    /** Keeps what it consumes. */
    private static final class Collector implements QueueConsumer<String> {
        final BlockingQueue<String> messages = new LinkedBlockingQueue<>();

        @Override
        public void consumeMessage(String message) {
            messages.add(message);
        }

        @Override
        public void stateChanged(CuratorFramework client, ConnectionState newState) {}

        List<String> take(int count) throws InterruptedException {
            List<String> taken = new ArrayList<>();
            for (int i = 0; i < count; i++) taken.add(String.valueOf(messages.poll(20, TimeUnit.SECONDS)));
            return taken;
        }
    }

    /** A message is deleted after it was handed out; a queue that is closed in between complains. */
    private static void awaitEmpty(CuratorFramework client, String path) throws Exception {
        CuratorProgram.awaitEquals("messages left in " + path, 0, () -> client.getChildren().forPath(path).size());
    }

    private static void inOrder(List<CuratorFramework> clients) throws Exception {
        Collector collector = new Collector();
        DistributedQueue<String> producer = QueueBuilder.builder(clients.get(0), null, TEXT, "/queues/ordered").buildQueue();
        producer.start();
        for (int i = 0; i < MESSAGES; i++) producer.put("m" + i);
        producer.flushPuts(20, TimeUnit.SECONDS);
        DistributedQueue<String> consumer = QueueBuilder.builder(clients.get(1), collector, TEXT, "/queues/ordered").buildQueue();
        consumer.start();
        Transcript.say("queue: %s", String.join(" ", collector.take(MESSAGES)));
        awaitEmpty(clients.get(0), "/queues/ordered");
        consumer.close();
        producer.close();
    }

    /** Two consumers with a lock: each message is seen by one of them. */
    private static void shared(List<CuratorFramework> clients) throws Exception {
        Collector collector = new Collector();
        List<DistributedQueue<String>> queues = new ArrayList<>();
        for (CuratorFramework client : clients) {
            DistributedQueue<String> queue =
                    QueueBuilder.builder(client, collector, TEXT, "/queues/shared").lockPath("/queues/shared-locks").buildQueue();
            queue.start();
            queues.add(queue);
        }
        for (int i = 0; i < MESSAGES; i++) queues.get(i % queues.size()).put(String.format("m%02d", i));
        List<String> taken = collector.take(MESSAGES);
        Collections.sort(taken);
        Transcript.say("shared queue: %s", String.join(" ", taken));
        awaitEmpty(clients.get(0), "/queues/shared");
        Transcript.expectEquals("shared queue: seen twice", 0, collector.messages.size());
        for (DistributedQueue<String> queue : queues) queue.close();
    }

    private static void priority(List<CuratorFramework> clients) throws Exception {
        DistributedPriorityQueue<String> producer =
                QueueBuilder.builder(clients.get(0), null, TEXT, "/queues/priority").buildPriorityQueue(0);
        producer.start();
        for (int i = 0; i < 10; i++) producer.put("p" + (i * 7) % 10, (i * 7) % 10);
        producer.flushPuts(20, TimeUnit.SECONDS);
        Collector collector = new Collector();
        DistributedPriorityQueue<String> consumer =
                QueueBuilder.builder(clients.get(1), collector, TEXT, "/queues/priority").buildPriorityQueue(0);
        consumer.start();
        Transcript.say("priority queue: %s", String.join(" ", collector.take(10)));
        awaitEmpty(clients.get(0), "/queues/priority");
        consumer.close();
        producer.close();
    }

    private static void delay(List<CuratorFramework> clients) throws Exception {
        Collector collector = new Collector();
        DistributedDelayQueue<String> queue = QueueBuilder.builder(clients.get(0), collector, TEXT, "/queues/delay").buildDelayQueue();
        queue.start();
        long now = System.currentTimeMillis();
        queue.put("last", now + 600);
        queue.put("first", now + 200);
        queue.put("middle", now + 400);
        Transcript.say("delay queue: %s", String.join(" ", collector.take(3)));
        Transcript.expectTrue("delay queue: not before its time", System.currentTimeMillis() >= now + 600);
        awaitEmpty(clients.get(0), "/queues/delay");
        queue.close();
    }

    private static void ids(List<CuratorFramework> clients) throws Exception {
        DistributedIdQueue<String> producer = QueueBuilder.builder(clients.get(0), null, TEXT, "/queues/ids").buildIdQueue();
        producer.start();
        for (int i = 0; i < 4; i++) producer.put("item" + i, "id" + i);
        producer.flushPuts(20, TimeUnit.SECONDS);
        Transcript.expect("id queue: removed", () -> producer.remove("id1"));
        Transcript.expect("id queue: removed again", () -> producer.remove("id1"));
        Collector collector = new Collector();
        DistributedIdQueue<String> consumer = QueueBuilder.builder(clients.get(1), collector, TEXT, "/queues/ids").buildIdQueue();
        consumer.start();
        Transcript.say("id queue: %s", String.join(" ", collector.take(3)));
        awaitEmpty(clients.get(0), "/queues/ids");
        consumer.close();
        producer.close();
    }

    private static void simple(List<CuratorFramework> clients) throws Exception {
        SimpleDistributedQueue producer = new SimpleDistributedQueue(clients.get(0), "/queues/simple");
        SimpleDistributedQueue consumer = new SimpleDistributedQueue(clients.get(1), "/queues/simple");
        for (int i = 0; i < 5; i++) producer.offer(CuratorProgram.bytes("s" + i));
        Transcript.expect("simple queue: peek", consumer::peek);
        for (int i = 0; i < 5; i++) Transcript.expect("simple queue: poll", () -> consumer.poll(20, TimeUnit.SECONDS));
        Transcript.expect("simple queue: poll of nothing", consumer::poll);
        List<String> handed = CuratorProgram.together(clients.subList(0, 2), (client, index) -> {
            SimpleDistributedQueue queue = new SimpleDistributedQueue(client, "/queues/simple");
            if (index == 0) return CuratorProgram.text(queue.poll(20, TimeUnit.SECONDS));
            queue.offer(CuratorProgram.bytes("late"));
            return "offered";
        });
        Transcript.say("simple queue: a waiting poll: %s", handed);
    }
}
