import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import org.apache.zookeeper.OpResult;
import org.apache.zookeeper.data.ACL;
import org.apache.zookeeper.data.ClientInfo;
import org.apache.zookeeper.data.Stat;

/** Shows values without what depends on time or zxids. */
final class Describe {
    private static final int SHOWN_BYTES_MAX = 60;

    private Describe() {}

    static String value(Object value) {
        if (value == null) return "null";
        if (value instanceof byte[]) return bytes((byte[]) value);
        if (value instanceof Stat) return stat((Stat) value);
        if (value instanceof ACL) return acl((ACL) value);
        if (value instanceof OpResult) return opResult((OpResult) value);
        if (value instanceof ClientInfo) return ((ClientInfo) value).getAuthScheme() + ":" + ((ClientInfo) value).getUser();
        if (value instanceof Collection) return collection((Collection<?>) value);
        return value.toString();
    }

    private static String bytes(byte[] bytes) {
        if (bytes.length > SHOWN_BYTES_MAX) return bytes.length + " bytes";
        return "\"" + new String(bytes, StandardCharsets.UTF_8) + "\"";
    }

    static String stat(Stat stat) {
        return String.format(
                "stat version=%d cversion=%d aversion=%d owner=%s length=%d children=%d mzxid%sczxid pzxid%sczxid",
                stat.getVersion(), stat.getCversion(), stat.getAversion(), owner(stat.getEphemeralOwner()),
                stat.getDataLength(), stat.getNumChildren(), stat.getMzxid() == stat.getCzxid() ? "=" : ">",
                stat.getPzxid() == stat.getCzxid() ? "=" : ">");
    }

    private static String owner(long owner) {
        if (owner == 0) return "nobody";
        if (owner == Long.MIN_VALUE) return "container";
        return owner >>> 56 == 0xff ? "ttl" : "session";
    }

    private static String acl(ACL acl) {
        return acl.getId().getScheme() + ":" + acl.getId().getId() + "=" + acl.getPerms();
    }

    private static String opResult(OpResult result) {
        if (result instanceof OpResult.CreateResult) {
            OpResult.CreateResult create = (OpResult.CreateResult) result;
            return "created " + create.getPath() + (create.getStat() == null ? "" : " " + stat(create.getStat()));
        }
        if (result instanceof OpResult.SetDataResult) return "set " + stat(((OpResult.SetDataResult) result).getStat());
        if (result instanceof OpResult.GetDataResult) {
            OpResult.GetDataResult get = (OpResult.GetDataResult) result;
            return "data " + value(get.getData()) + " " + stat(get.getStat());
        }
        if (result instanceof OpResult.GetChildrenResult) {
            return "children " + value(((OpResult.GetChildrenResult) result).getChildren());
        }
        if (result instanceof OpResult.ErrorResult) return "error " + ((OpResult.ErrorResult) result).getErr();
        return result.getClass().getSimpleName();
    }

    /** Names of nodes come in any order, and so do members of sets; everything else keeps the order it has. */
    private static String collection(Collection<?> values) {
        List<String> shown = new ArrayList<>();
        boolean allStrings = true;
        for (Object value : values) {
            shown.add(value(value));
            allStrings &= value instanceof String;
        }
        if (allStrings || values instanceof Set) Collections.sort(shown);
        return shown.toString();
    }
}
