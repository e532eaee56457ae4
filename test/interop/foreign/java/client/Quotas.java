import static org.apache.zookeeper.KeeperException.Code.QUOTAEXCEEDED;

import java.util.Arrays;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.Op;
import org.apache.zookeeper.StatsTrack;
import org.apache.zookeeper.ZooDefs.Ids;
import org.apache.zookeeper.ZooKeeper;
import org.apache.zookeeper.cli.DelQuotaCommand;
import org.apache.zookeeper.cli.SetQuotaCommand;

/** Quotas: what is counted below a node, soft limits that only warn, hard limits that refuse. */
final class Quotas {
    private static final String QUOTA = "/zookeeper/quota";

    private final String servers;
    private ZooKeeper client;

    Quotas(String servers) {
        this.servers = servers;
    }

    void run() throws Exception {
        Transcript.say("# quotas");
        client = Clients.connect(servers, new Inbox("quotas"));
        create("/quota", "12345");
        create("/quota/a", "123");
        counted();
        softLimits();
        hardCount();
        hardBytes();
        removal();
        client.close();
    }

    private void create(String path, String value) throws Exception {
        client.create(path, Clients.bytes(value), Ids.OPEN_ACL_UNSAFE, CreateMode.PERSISTENT);
    }

    private void limit(String path, long count, long bytes, long countHard, long bytesHard) throws Exception {
        StatsTrack limits = new StatsTrack();
        limits.setCount(count);
        limits.setBytes(bytes);
        limits.setCountHardLimit(countHard);
        limits.setByteHardLimit(bytesHard);
        Transcript.expect("limit " + path, () -> SetQuotaCommand.createQuota(client, path, limits));
        Transcript.expect("  limits", () -> client.getData(QUOTA + path + "/zookeeper_limits", false, null));
    }

    private void sayStats(String path) throws Exception {
        Transcript.expect("  stats", () -> client.getData(QUOTA + path + "/zookeeper_stats", false, null));
    }

    private void counted() throws Exception {
        limit("/quota", 100, 1000, -1, -1);
        sayStats("/quota");
        create("/quota/b", "12");
        sayStats("/quota");
        client.setData("/quota/b", Clients.bytes("1234567"), -1);
        sayStats("/quota");
        client.setData("/quota/b", null, -1);
        sayStats("/quota");
        client.delete("/quota/b", -1);
        sayStats("/quota");
        client.multi(Arrays.asList(
                Op.create("/quota/c", Clients.bytes("12"), Ids.OPEN_ACL_UNSAFE, CreateMode.EPHEMERAL),
                Op.create("/quota/d", null, Ids.OPEN_ACL_UNSAFE, CreateMode.CONTAINER),
                Op.setData("/quota/c", Clients.bytes("1"), -1)));
        sayStats("/quota");
        Transcript.expectTrue("its tree is listed", client.getChildren(QUOTA + "/quota", false).size() == 2);
    }

    private void softLimits() throws Exception {
        limit("/quota", 2, 3, -1, -1);
        Transcript.expectDone("create over a soft limit", () -> create("/quota/e", "123456"));
        sayStats("/quota");
    }

    private void hardCount() throws Exception {
        create("/counted", "");
        limit("/counted", -1, -1, 3, -1);
        create("/counted/a", "");
        create("/counted/a/b", "");
        Transcript.expectRefused("create over the hard count", QUOTAEXCEEDED, () -> create("/counted/c", ""));
        Transcript.expectRefused("multi over the hard count", QUOTAEXCEEDED, () -> client.multi(Arrays.asList(
                Op.delete("/counted/a/b", -1),
                Op.create("/counted/c", null, Ids.OPEN_ACL_UNSAFE, CreateMode.PERSISTENT),
                Op.create("/counted/d", null, Ids.OPEN_ACL_UNSAFE, CreateMode.PERSISTENT))));
        Transcript.expect("set at the hard count", () -> client.setData("/counted/a", Clients.bytes("any length"), -1));
        client.delete("/counted/a/b", -1);
        Transcript.expectDone("create after a delete", () -> create("/counted/c", ""));
        sayStats("/counted");
    }

    private void hardBytes() throws Exception {
        create("/weighed", "12");
        limit("/weighed", -1, -1, -1, 10);
        create("/weighed/a", "12345");
        Transcript.expectRefused("create over the hard bytes", QUOTAEXCEEDED, () -> create("/weighed/b", "12345"));
        Transcript.expectRefused("set over the hard bytes", QUOTAEXCEEDED, () -> client.setData("/weighed/a", Clients.bytes("123456789"), -1));
        Transcript.expectDone("create up to the hard bytes", () -> create("/weighed/b", "123"));
        Transcript.expect("set to less", () -> client.setData("/weighed/a", Clients.bytes("1"), -1));
        sayStats("/weighed");
    }

    private void removal() throws Exception {
        for (String path : new String[] {"/counted", "/weighed", "/quota"}) {
            StatsTrack all = new StatsTrack();
            all.setCount(1);
            all.setBytes(1);
            all.setCountHardLimit(1);
            all.setByteHardLimit(1);
            Transcript.expect("remove the limits of " + path, () -> DelQuotaCommand.delQuota(client, path, all));
        }
        Transcript.expectDone("create after that", () -> create("/counted/z", ""));
        Transcript.expect("what is left", () -> client.getChildren(QUOTA, false));
    }
}
