import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.Set;
import java.util.TreeSet;
import org.apache.curator.framework.CuratorFramework;
import org.apache.curator.framework.CuratorFrameworkFactory;
import org.apache.curator.framework.state.ConnectionState;
import org.apache.curator.retry.RetryNTimes;
import org.apache.curator.x.discovery.ServiceCache;
import org.apache.curator.x.discovery.ServiceDiscovery;
import org.apache.curator.x.discovery.ServiceDiscoveryBuilder;
import org.apache.curator.x.discovery.ServiceInstance;
import org.apache.curator.x.discovery.ServiceProvider;
import org.apache.curator.x.discovery.UriSpec;
import org.apache.curator.x.discovery.details.JsonInstanceSerializer;
import org.apache.curator.x.discovery.details.ServiceCacheListener;
import org.apache.curator.x.discovery.strategies.RoundRobinStrategy;

/** Does with Curator's service discovery what it is told on its input, one line each, and answers with one line. */
final class DiscoveryProgram {
    private static final PrintStream OUT = new PrintStream(System.out, true, StandardCharsets.UTF_8);
    private static final String SERVICE = "search";

    private final ServiceDiscovery<String> discovery;
    private ServiceCache<String> cache;

    private DiscoveryProgram(ServiceDiscovery<String> discovery) {
        this.discovery = discovery;
    }

    public static void main(String[] arguments) throws Exception {
        CuratorFramework client = CuratorFrameworkFactory.newClient(arguments[0], 10_000, 10_000, new RetryNTimes(50, 100));
        client.start();
        ServiceDiscovery<String> discovery = ServiceDiscoveryBuilder.builder(String.class)
                .client(client).basePath("/services").serializer(serializer(arguments[1])).build();
        discovery.start();
        DiscoveryProgram program = new DiscoveryProgram(discovery);
        BufferedReader orders = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String order = orders.readLine(); order != null; order = orders.readLine()) OUT.println(program.obey(order.split(" ")));
        discovery.close();
        client.close();
        System.exit(0);
    }

    /** `old` writes what readers before Curator 4 can read, without the field `enabled`. */
    private static JsonInstanceSerializer<String> serializer(String kind) {
        return new JsonInstanceSerializer<>(String.class, kind.equals("old"));
    }

    private String obey(String[] order) throws Exception {
        switch (order[0]) {
            case "register":
                discovery.registerService(instance(order[1], Integer.parseInt(order[2])));
                return "registered " + order[1];
            case "unregister":
                discovery.unregisterService(instance(order[1], 1));
                return "unregistered " + order[1];
            case "names":
                return "names " + new TreeSet<>(discovery.queryForNames());
            case "query":
                return "query " + describe(discovery.queryForInstances(SERVICE));
            case "watch":
                watch();
                return "watching";
            case "provide":
                return "provided " + provided();
            default:
                throw new IllegalArgumentException(order[0]);
        }
    }

    private static ServiceInstance<String> instance(String id, int port) throws Exception {
        return ServiceInstance.<String>builder().name(SERVICE).id(id).address("127.0.0.1").port(port).payload("zone-1")
                .uriSpec(new UriSpec("{scheme}://{address}:{port}")).build();
    }

    private void watch() throws Exception {
        cache = discovery.serviceCacheBuilder().name(SERVICE).build();
        cache.addListener(new ServiceCacheListener() {
            @Override
            public void cacheChanged() {
                OUT.println("cache " + describe(cache.getInstances()));
            }

            @Override
            public void stateChanged(CuratorFramework client, ConnectionState state) {}
        });
        cache.start();
    }

    /** Whom Curator's own load balancer gives in six turns. */
    private Set<String> provided() throws Exception {
        Set<String> given = new TreeSet<>();
        try (ServiceProvider<String> provider =
                discovery.serviceProviderBuilder().serviceName(SERVICE).providerStrategy(new RoundRobinStrategy<>()).build()) {
            provider.start();
            for (int turn = 0; turn < 6; turn++) {
                ServiceInstance<String> instance = provider.getInstance();
                if (instance != null) given.add(instance.getId());
            }
        }
        return given;
    }

    private static Set<String> describe(Collection<ServiceInstance<String>> instances) {
        Set<String> described = new TreeSet<>();
        for (ServiceInstance<String> each : instances) {
            described.add(each.getId() + "=" + each.getAddress() + ":" + each.getPort() + (each.isEnabled() ? "" : "(disabled)"));
        }
        return described;
    }
}
