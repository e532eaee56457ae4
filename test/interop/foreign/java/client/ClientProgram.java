/** Drives ZooKeeper's own Java client through its whole interface, against the server given as argument. */
final class ClientProgram {
    private ClientProgram() {}

    /** The second argument is another way to the same server, which the runner cuts and mends on request. */
    public static void main(String[] arguments) throws Exception {
        String servers = arguments[0];
        String cuttable = arguments[1];
        new Operations(servers).run();
        new Transactions(servers).run();
        new Access(servers).run();
        new Watches(servers, cuttable).run();
        new PersistentWatches(servers, cuttable).run();
        new Quotas(servers).run();
        new Reaping(servers).run();
        new Sessions(servers, cuttable).run();
        Transcript.end();
    }
}
