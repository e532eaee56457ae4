import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.apache.curator.framework.CuratorFramework;
import org.apache.curator.x.discovery.ServiceCache;
import org.apache.curator.x.discovery.ServiceDiscovery;
import org.apache.curator.x.discovery.ServiceDiscoveryBuilder;
import org.apache.curator.x.discovery.ServiceInstance;
import org.apache.curator.x.discovery.ServiceProvider;
import org.apache.curator.x.discovery.strategies.RoundRobinStrategy;

/** Service discovery: instances that register are found, those that leave are not. */
final class DiscoveryChapter {
    private static final String SERVICE = "search";

    private DiscoveryChapter() {}

    static void run(List<CuratorFramework> clients) throws Exception {
        Transcript.say("# discovery");
        List<ServiceDiscovery<String>> registries = new ArrayList<>();
        for (int i = 0; i < clients.size(); i++) {
            ServiceInstance<String> instance = ServiceInstance.<String>builder()
                    .name(SERVICE).id("instance-" + i).address("127.0.0.1").port(8000 + i).payload("zone-" + i).build();
            ServiceDiscovery<String> registry = ServiceDiscoveryBuilder.builder(String.class)
                    .client(clients.get(i)).basePath("/discovery").thisInstance(instance).build();
            registry.start();
            registries.add(registry);
        }
        ServiceDiscovery<String> first = registries.get(0);
        CuratorProgram.awaitEquals("discovery: instances", clients.size(), () -> first.queryForInstances(SERVICE).size());
        Transcript.expect("discovery: names", first::queryForNames);
        Transcript.expect("discovery: payload", () -> first.queryForInstance(SERVICE, "instance-1").getPayload());
        provider(first, registries.get(2), clients.size());
        for (ServiceDiscovery<String> registry : registries) registry.close();
        Transcript.expect("discovery: instances at the end", () -> clients.get(0).getChildren().forPath("/discovery/" + SERVICE));
    }

    private static void provider(ServiceDiscovery<String> reader, ServiceDiscovery<String> leaving, int instances) throws Exception {
        ServiceCache<String> cache = reader.serviceCacheBuilder().name(SERVICE).build();
        cache.start();
        ServiceProvider<String> provider =
                reader.serviceProviderBuilder().serviceName(SERVICE).providerStrategy(new RoundRobinStrategy<>()).build();
        provider.start();
        Set<String> given = new TreeSet<>();
        for (int i = 0; i < instances; i++) given.add(provider.getInstance().getId());
        Transcript.say("provider: gave %s", given);
        CuratorProgram.awaitEquals("service cache: instances", instances, () -> cache.getInstances().size());
        for (ServiceInstance<String> instance : leaving.queryForInstances(SERVICE)) {
            if (instance.getId().equals("instance-2")) leaving.unregisterService(instance);
        }
        CuratorProgram.awaitEquals("service cache: after one left", instances - 1, () -> cache.getInstances().size());
        CuratorProgram.awaitEquals("provider: after one left", instances - 1, () -> provider.getAllInstances().size());
        provider.close();
        cache.close();
    }
}
