import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import org.apache.zookeeper.KeeperException;

/**
 * The transcript of a client program, and its talk with the runner.
 *
 * <p>The transcript must be the same on every server, so nothing in it depends on time, zxids or session ids. A line
 * that starts with '!' is not transcript: it asks the runner to do something to the server.
 */
final class Transcript {
    private static final BufferedReader ANSWERS =
            new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    private static final PrintStream OUT = new PrintStream(System.out, true, StandardCharsets.UTF_8);
    private static int failures;

    private Transcript() {}

    /** What a step does; it may throw what the client throws. */
    interface Step<T> {
        T run() throws Exception;
    }

    /** A step without a result. */
    interface Action {
        void run() throws Exception;
    }

    static synchronized void say(String format, Object... arguments) {
        OUT.println(arguments.length == 0 ? format : String.format(format, arguments));
    }

    /** Runs a step that must succeed, and says its result. */
    static <T> T expect(String what, Step<T> step) throws Exception {
        try {
            T result = step.run();
            say("%s: %s", what, Describe.value(result));
            return result;
        } catch (KeeperException | IllegalArgumentException error) {
            fail("%s: %s, WANTED success", what, nameOf(error));
            return null;
        }
    }

    /** Runs a step that must succeed and has nothing to say. */
    static void expectDone(String what, Action action) throws Exception {
        expect(what, () -> {
            action.run();
            return "done";
        });
    }

    /** Runs a step that the server, or the client's own checks, must refuse with this code. */
    static void expectRefused(String what, KeeperException.Code code, Action action) throws Exception {
        expectRefused(what, code.name(), action);
    }

    static void expectRefused(String what, String wanted, Action action) throws Exception {
        String met = "success";
        try {
            action.run();
        } catch (Exception error) {
            met = nameOf(error);
        }
        if (met.equals(wanted)) say("%s: %s", what, met);
        else fail("%s: %s, WANTED %s", what, met, wanted);
    }

    static void expectEquals(String what, Object wanted, Object met) {
        if (Objects.equals(wanted, met)) say("%s: %s", what, Describe.value(met));
        else fail("%s: %s, WANTED %s", what, Describe.value(met), Describe.value(wanted));
    }

    static void expectTrue(String what, boolean met) {
        if (met) say("%s: met", what);
        else fail("%s: NOT MET", what);
    }

    static synchronized void fail(String format, Object... arguments) {
        failures += 1;
        say(format, arguments);
    }

    /** Asks the runner for "restart", "kill", "cut" or "mend", and waits until it is done. */
    static void askRunner(String request) throws IOException {
        say("!%s", request);
        String answer = ANSWERS.readLine();
        if (!"done".equals(answer)) throw new IOException("the runner did not do: " + request);
    }

    /** Ends the program; threads of clients that are still open do not hold it up. */
    static void end() {
        say("%d failures", failures);
        System.exit(failures == 0 ? 0 : 1);
    }

    static String nameOf(Throwable error) {
        return error instanceof KeeperException ? ((KeeperException) error).code().name() : error.getClass().getSimpleName();
    }
}
