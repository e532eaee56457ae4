package spring;

import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.TreeMap;
import java.util.TreeSet;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.cloud.client.ServiceInstance;
import org.springframework.cloud.client.discovery.DiscoveryClient;
import org.springframework.cloud.client.loadbalancer.LoadBalancerClient;
import org.springframework.cloud.client.serviceregistry.Registration;
import org.springframework.cloud.client.serviceregistry.ServiceRegistry;
import org.springframework.cloud.context.scope.refresh.RefreshScopeRefreshedEvent;
import org.springframework.cloud.context.environment.EnvironmentChangeEvent;
import org.springframework.cloud.context.config.annotation.RefreshScope;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Component;

/** A Spring Boot service that answers questions about its configuration and discovery, a line each. */
@SpringBootApplication
public class SpringProgram {
    private static final PrintStream OUT = new PrintStream(System.out, true, StandardCharsets.UTF_8);

    public static void main(String[] arguments) throws Exception {
        ConfigurableApplicationContext context = SpringApplication.run(SpringProgram.class, arguments);
        OUT.println("started");
        BufferedReader orders = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String order = orders.readLine(); order != null; order = orders.readLine()) {
            OUT.println(order + ": " + obey(context, order.split(" ")));
        }
        context.close();
        System.exit(0);
    }

    private static Object obey(ConfigurableApplicationContext context, String[] order) {
        switch (order[0]) {
            case "property":
                return context.getEnvironment().getProperty(order[1]);
            case "greeting":
                return context.getBean(Greeter.class).greeting();
            case "services":
                return new TreeSet<>(context.getBean(DiscoveryClient.class).getServices());
            case "instances":
                return instances(context.getBean(DiscoveryClient.class), order[1]);
            case "choose":
                return describe(context.getBean(LoadBalancerClient.class).choose(order[1]));
            case "status":
                setStatus(context, order[1]);
                return "set";
            default:
                throw new IllegalArgumentException(order[0]);
        }
    }

    private static TreeSet<String> instances(DiscoveryClient discovery, String service) {
        TreeSet<String> described = new TreeSet<>();
        for (ServiceInstance each : discovery.getInstances(service)) described.add(describe(each));
        return described;
    }

    private static String describe(ServiceInstance instance) {
        return instance == null ? "nobody" : instance.getUri() + " " + new TreeMap<>(instance.getMetadata());
    }

    @SuppressWarnings("unchecked")
    private static void setStatus(ConfigurableApplicationContext context, String status) {
        context.getBean(ServiceRegistry.class).setStatus(context.getBean(Registration.class), status);
    }

    /** Made anew by Spring when configuration changes. */
    @Component
    @RefreshScope
    static class Greeter {
        @Value("${greeting.text}")
        private String text;

        public String greeting() {
            return text;
        }
    }

    @Component
    static class Changes {
        @EventListener
        public void changed(EnvironmentChangeEvent event) {
            for (String key : event.getKeys()) OUT.println("changed: " + key);
        }

        /** Comes after the other: only now are beans of the scope made with the new values. */
        @EventListener
        public void refreshed(RefreshScopeRefreshedEvent event) {
            OUT.println("refreshed");
        }
    }
}
