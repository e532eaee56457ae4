import static org.apache.zookeeper.KeeperException.Code.BADVERSION;
import static org.apache.zookeeper.KeeperException.Code.INVALIDACL;
import static org.apache.zookeeper.KeeperException.Code.NOAUTH;
import static org.apache.zookeeper.KeeperException.Code.NONODE;

import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.Watcher.Event.KeeperState;
import org.apache.zookeeper.ZooDefs.Ids;
import org.apache.zookeeper.ZooDefs.Perms;
import org.apache.zookeeper.ZooKeeper;
import org.apache.zookeeper.data.ACL;
import org.apache.zookeeper.data.Id;
import org.apache.zookeeper.data.Stat;
import org.apache.zookeeper.server.auth.DigestAuthenticationProvider;

/** ACLs and authentication: every permission alone, digest, ip, auth, the superuser, an unknown scheme. */
final class Access {
    private final String servers;
    private ZooKeeper owner;
    private ZooKeeper stranger;

    Access(String servers) {
        this.servers = servers;
    }

    void run() throws Exception {
        Transcript.say("# access");
        owner = Clients.connect(servers, new Inbox("owner"));
        stranger = Clients.connect(servers, new Inbox("stranger"));
        Transcript.expect("who am I, unauthenticated", () -> Set.copyOf(stranger.whoAmI()));
        creatorsAcl();
        eachPermissionAlone();
        reading();
        changing();
        superuser();
        invalid();
        unknownScheme();
        owner.close();
        stranger.close();
    }

    private static ACL digest(int perms, String credentials) throws Exception {
        return new ACL(perms, new Id("digest", DigestAuthenticationProvider.generateDigest(credentials)));
    }

    private void create(String path, List<ACL> acl) throws Exception {
        Transcript.expect("create " + path, () -> owner.create(path, Clients.bytes("x"), acl, CreateMode.PERSISTENT));
    }

    private void creatorsAcl() throws Exception {
        create("/access", Ids.OPEN_ACL_UNSAFE);
        Transcript.expectRefused("creator's acl without a creator", INVALIDACL,
                () -> owner.create("/access/mine", null, Ids.CREATOR_ALL_ACL, CreateMode.PERSISTENT));
        owner.addAuthInfo("digest", Clients.bytes("owner:secret"));
        owner.addAuthInfo("digest", Clients.bytes("second:identity"));
        Transcript.expect("who am I", () -> Set.copyOf(owner.whoAmI()));
        create("/access/mine", Ids.CREATOR_ALL_ACL);
        // In whatever order: identities of a connection are a set.
        Transcript.expect("its acl names both identities", () -> Set.copyOf(owner.getACL("/access/mine", null)));
    }

    /** With one permission given, what it allows is allowed and all else is refused. */
    private void eachPermissionAlone() throws Exception {
        int[] permissions = {Perms.READ, Perms.WRITE, Perms.CREATE, Perms.DELETE, Perms.ADMIN};
        for (int permission : permissions) {
            String path = "/access/only-" + permission;
            create(path, Arrays.asList(new ACL(permission, Ids.ANYONE_ID_UNSAFE), digest(Perms.ALL, "owner:secret")));
            create(path + "/child", Ids.OPEN_ACL_UNSAFE);
            Transcript.say("with permission %d alone: get %s, children %s, set %s, create %s, delete %s, setACL %s, getACL %s, count %s, exists %s",
                    permission,
                    attempt(() -> stranger.getData(path, false, null)),
                    attempt(() -> stranger.getChildren(path, false)),
                    attempt(() -> stranger.setData(path, null, -1)),
                    attempt(() -> stranger.create(path + "/new", null, Ids.OPEN_ACL_UNSAFE, CreateMode.PERSISTENT)),
                    attempt(() -> stranger.delete(path + "/child", -1)),
                    attempt(() -> stranger.setACL(path, stranger.getACL(path, null), 5)),
                    attempt(() -> stranger.getACL(path, null)),
                    attempt(() -> stranger.getAllChildrenNumber(path)),
                    attempt(() -> stranger.exists(path, false)));
        }
    }

    private static String attempt(Transcript.Action action) {
        try {
            action.run();
            return "allowed";
        } catch (Exception error) {
            return Transcript.nameOf(error);
        }
    }

    /** A stranger who may read an ACL but not administer it sees that there is a digest, not which. */
    private void reading() throws Exception {
        create("/access/readable", Arrays.asList(new ACL(Perms.READ, Ids.ANYONE_ID_UNSAFE), digest(Perms.ALL, "owner:secret")));
        Transcript.expect("stranger's view of the acl", () -> stranger.getACL("/access/readable", null));
        Transcript.expect("owner's view of the acl", () -> owner.getACL("/access/readable", null));
        Transcript.expectRefused("acl of no node", NONODE, () -> owner.getACL("/access/none", null));
        create("/access/by-address", Collections.singletonList(new ACL(Perms.READ | Perms.WRITE, new Id("ip", "127.0.0.0/8"))));
        Transcript.expect("set by address", () -> stranger.setData("/access/by-address", null, -1));
        create("/access/by-other-address", Collections.singletonList(new ACL(Perms.ALL, new Id("ip", "10.1.2.3"))));
        Transcript.expectRefused("get by another address", NOAUTH, () -> owner.getData("/access/by-other-address", false, null));
    }

    private void changing() throws Exception {
        Stat stat = new Stat();
        Transcript.expectRefused("stranger: get", NOAUTH, () -> stranger.getData("/access/mine", false, null));
        Transcript.expectRefused("setACL at a wrong version", BADVERSION, () -> owner.setACL("/access/mine", Ids.OPEN_ACL_UNSAFE, 3));
        Transcript.expect("setACL", () -> owner.setACL("/access/mine", Ids.READ_ACL_UNSAFE, 0));
        Transcript.expect("getACL", () -> owner.getACL("/access/mine", stat));
        Transcript.say("  %s", Describe.stat(stat));
        Transcript.expect("stranger: get", () -> stranger.getData("/access/mine", false, null));
        Transcript.expectRefused("the owner has shut itself out", NOAUTH, () -> owner.setACL("/access/mine", Ids.OPEN_ACL_UNSAFE, -1));
        Transcript.expectRefused("setACL of no node", NONODE, () -> owner.setACL("/access/none", Ids.OPEN_ACL_UNSAFE, -1));
    }

    private void superuser() throws Exception {
        ZooKeeper superuser = Clients.connect(servers, new Inbox("superuser"));
        superuser.addAuthInfo("digest", Clients.bytes("super:test"));
        Transcript.expect("superuser: who am I", () -> Set.copyOf(superuser.whoAmI()));
        Transcript.expect("superuser: setACL", () -> superuser.setACL("/access/mine", Ids.OPEN_ACL_UNSAFE, -1));
        Transcript.expect("superuser: get", () -> superuser.getData("/access/by-other-address", false, null));
        superuser.close();
    }

    private void refuse(String what, List<ACL> acl) throws Exception {
        Transcript.expectRefused(what, INVALIDACL, () -> owner.create("/access/odd", null, acl, CreateMode.PERSISTENT));
    }

    private void invalid() throws Exception {
        refuse("acl of an unknown scheme", Collections.singletonList(new ACL(Perms.ALL, new Id("nonesuch", "x"))));
        refuse("digest without a colon", Collections.singletonList(new ACL(Perms.ALL, new Id("digest", "x"))));
        refuse("ip that is none", Collections.singletonList(new ACL(Perms.ALL, new Id("ip", "300.1.1.1"))));
        refuse("ip with too many bits", Collections.singletonList(new ACL(Perms.ALL, new Id("ip", "10.0.0.0/33"))));
        refuse("world that is not anyone", Collections.singletonList(new ACL(Perms.ALL, new Id("world", "someone"))));
        refuse("no acl", Collections.emptyList());
        Transcript.expect("acl with an entry twice", () -> {
            owner.create("/access/twice", null, Arrays.asList(Ids.OPEN_ACL_UNSAFE.get(0), Ids.OPEN_ACL_UNSAFE.get(0)), CreateMode.PERSISTENT);
            return owner.getACL("/access/twice", null);
        });
    }

    private void unknownScheme() throws Exception {
        Inbox inbox = new Inbox("unknown scheme");
        ZooKeeper client = Clients.connect(servers, inbox);
        client.addAuthInfo("nonesuch", Clients.bytes("x"));
        inbox.awaitState(KeeperState.AuthFailed);
        client.close();
    }
}
