import static org.apache.zookeeper.KeeperException.Code.SESSIONEXPIRED;

import java.util.Arrays;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.KeeperException;
import org.apache.zookeeper.Watcher.Event.KeeperState;
import org.apache.zookeeper.ZooDefs.Ids;
import org.apache.zookeeper.ZooKeeper;

/** Sessions: negotiated timeouts, restarts and kills of the server, take-over, wrong credentials, expiry, chroots. */
final class Sessions {
    private static final int SHORT_TIMEOUT_MS = 4_000;

    private final String servers;
    private final String cuttable;
    private ZooKeeper client;

    Sessions(String servers, String cuttable) {
        this.servers = servers;
        this.cuttable = cuttable;
    }

    void run() throws Exception {
        Transcript.say("# sessions");
        client = Clients.connect(servers, new Inbox("client"));
        client.create("/session", Clients.bytes("x"), Ids.OPEN_ACL_UNSAFE, CreateMode.PERSISTENT);
        timeouts();
        readOnlyClient();
        chroot();
        outlivesTheServer("restart");
        outlivesTheServer("kill");
        outlivesAnAbsentServer();
        takeOver();
        wrongCredentials();
        expiry();
        client.close();
    }

    private void timeouts() throws Exception {
        for (int askedMs : new int[] {1_000, 4_000, 5_555, 1_000_000}) {
            ZooKeeper asking = Clients.connect(servers, askedMs, new Inbox("asking"));
            Transcript.expectEquals("asked " + askedMs + " ms, got", Math.min(40_000, Math.max(4_000, askedMs)), asking.getSessionTimeout());
            asking.close();
        }
    }

    private void readOnlyClient() throws Exception {
        Inbox inbox = new Inbox("client that may read only");
        ZooKeeper reader = new ZooKeeper(servers, Clients.TIMEOUT_MS, inbox, true);
        inbox.awaitState(KeeperState.SyncConnected);
        Transcript.expect("its create", () -> reader.create("/session/reader", null, Ids.OPEN_ACL_UNSAFE, CreateMode.EPHEMERAL));
        reader.close();
    }

    private void chroot() throws Exception {
        Inbox inbox = new Inbox("chroot");
        Inbox data = new Inbox("watch under the chroot");
        ZooKeeper below = Clients.connect(servers + "/session/chroot", inbox);
        Transcript.expectRefused("create under a chroot that is not there", "NONODE",
                () -> below.create("/a", null, Ids.OPEN_ACL_UNSAFE, CreateMode.PERSISTENT));
        client.create("/session/chroot", null, Ids.OPEN_ACL_UNSAFE, CreateMode.PERSISTENT);
        Transcript.expect("create", () -> below.create("/a", null, Ids.OPEN_ACL_UNSAFE, CreateMode.PERSISTENT));
        Transcript.expect("exists watch", () -> below.exists("/a", data));
        client.setData("/session/chroot/a", Clients.bytes("x"), -1);
        data.awaitEvent();
        Transcript.expect("ephemerals", () -> below.getEphemerals("/"));
        below.close();
    }

    /** The session, its ephemerals and its watches outlive the server's process; so does all that was written. */
    private void outlivesTheServer(String how) throws Exception {
        Inbox inbox = new Inbox("client over a " + how);
        Inbox data = new Inbox("watch over a " + how);
        ZooKeeper survivor = Clients.connect(servers, inbox);
        survivor.addAuthInfo("digest", Clients.bytes("someone:secret"));
        survivor.create("/session/ephemeral", Clients.bytes("x"), Ids.CREATOR_ALL_ACL, CreateMode.EPHEMERAL);
        survivor.create("/session/seq-", null, Ids.OPEN_ACL_UNSAFE, CreateMode.PERSISTENT_SEQUENTIAL);
        survivor.getData("/session", data, null);
        long id = survivor.getSessionId();
        byte[] password = survivor.getSessionPasswd();
        Transcript.askRunner(how);
        inbox.awaitState(KeeperState.Disconnected);
        inbox.awaitState(KeeperState.SyncConnected);
        Transcript.expectTrue("same session", survivor.getSessionId() == id && Arrays.equals(password, survivor.getSessionPasswd()));
        // A server that starts may drop a client once more.
        Transcript.expect("ephemeral, with the acl of its creator", () -> afterReconnecting(() -> survivor.getData("/session/ephemeral", false, null)));
        Transcript.expect("sequence goes on", () -> survivor.create("/session/seq-", null, Ids.OPEN_ACL_UNSAFE, CreateMode.PERSISTENT_SEQUENTIAL));
        Transcript.expect("ephemerals", () -> survivor.getEphemerals());
        Clients.drain(survivor);
        data.sayRest();
        survivor.setData("/session", Clients.bytes("y"), -1);
        data.awaitEvent();
        survivor.close();
        awaitClient();
        Transcript.expect("ephemeral after the close", () -> client.exists("/session/ephemeral", false));
        Transcript.expect("children", () -> client.getChildren("/session", false));
    }

    /** While no server runs, no session grows older: a server that starts gives each its whole timeout again. */
    private void outlivesAnAbsentServer() throws Exception {
        Inbox inbox = new Inbox("client without a server");
        ZooKeeper patient = Clients.connect(servers, SHORT_TIMEOUT_MS, inbox);
        patient.create("/session/patient", null, Ids.OPEN_ACL_UNSAFE, CreateMode.EPHEMERAL);
        Transcript.askRunner("stop");
        inbox.awaitState(KeeperState.Disconnected);
        Thread.sleep(SHORT_TIMEOUT_MS + 2_000);
        Transcript.askRunner("start");
        inbox.awaitState(KeeperState.SyncConnected);
        Transcript.expect("its ephemerals", () -> afterReconnecting(() -> patient.getEphemerals()));
        patient.close();
        Transcript.expect("after the close", () -> afterReconnecting(() -> client.exists("/session/patient", false)));
    }

    private static <T> T afterReconnecting(Transcript.Step<T> step) throws Exception {
        for (;;) {
            try {
                return step.run();
            } catch (KeeperException.ConnectionLossException lost) {
                Thread.sleep(50);
            }
        }
    }

    /** The long-lived client notices the restart in its own time. */
    private void awaitClient() throws Exception {
        afterReconnecting(() -> client.exists("/", false));
    }

    /**
     * A second handle with the same id and password takes the session over; its close ends it for both. The first handle
     * is cut off meanwhile: while both can connect, each takes the session from the other again and again.
     */
    private void takeOver() throws Exception {
        Inbox firstInbox = new Inbox("first handle");
        Inbox secondInbox = new Inbox("second handle");
        ZooKeeper first = Clients.connect(cuttable, SHORT_TIMEOUT_MS, firstInbox);
        first.create("/session/owned", null, Ids.OPEN_ACL_UNSAFE, CreateMode.EPHEMERAL);
        Transcript.askRunner("cut");
        ZooKeeper second = new ZooKeeper(servers, SHORT_TIMEOUT_MS, secondInbox, first.getSessionId(), first.getSessionPasswd());
        secondInbox.awaitState(KeeperState.SyncConnected);
        Transcript.expectTrue("same session", second.getSessionId() == first.getSessionId());
        Transcript.expect("ephemerals of the second handle", () -> second.getEphemerals());
        second.close();
        Transcript.askRunner("mend");
        firstInbox.awaitState(KeeperState.Expired);
        Transcript.expectRefused("exists on an expired handle", SESSIONEXPIRED, () -> first.exists("/", false));
        Transcript.expect("its ephemeral", () -> afterReconnecting(() -> client.exists("/session/owned", false)));
        first.close();
    }

    private void wrongCredentials() throws Exception {
        Inbox thiefInbox = new Inbox("wrong password");
        Inbox nobodyInbox = new Inbox("unknown id");
        byte[] password = client.getSessionPasswd().clone();
        password[3] ^= 1;
        ZooKeeper thief = new ZooKeeper(servers, SHORT_TIMEOUT_MS, thiefInbox, client.getSessionId(), password);
        thiefInbox.awaitState(KeeperState.Expired);
        thief.close();
        // A server may have closed the owner's connection for the thief's, so the owner may have to come back first.
        Transcript.expect("the owner goes on", () -> afterReconnecting(() -> client.exists("/session", false)));
        ZooKeeper nobody = new ZooKeeper(servers, SHORT_TIMEOUT_MS, nobodyInbox, 0x77777777L, client.getSessionPasswd());
        nobodyInbox.awaitState(KeeperState.Expired);
        nobody.close();
    }

    /** A client that stays away longer than its timeout finds its session gone, and its ephemerals with it. */
    private void expiry() throws Exception {
        Inbox inbox = new Inbox("absent client");
        Inbox gone = new Inbox("watch of its ephemeral");
        ZooKeeper absent = Clients.connect(cuttable, SHORT_TIMEOUT_MS, inbox);
        absent.create("/session/absent", null, Ids.OPEN_ACL_UNSAFE, CreateMode.EPHEMERAL);
        Transcript.expect("exists watch", () -> client.exists("/session/absent", gone));
        Transcript.askRunner("cut");
        gone.awaitEvent();
        Transcript.askRunner("mend");
        inbox.awaitState(KeeperState.Expired);
        absent.close();
    }
}
