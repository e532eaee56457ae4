"""pytest plugin: kazoo's own tests against one server of our choice instead of kazoo's three-member Java cluster.

kazoo's harness asks `get_global_cluster()` for something that looks like its `ZookeeperCluster`. This plugin answers with
a cluster of a single member, which the process that started pytest runs for us: on file descriptor 3, a socket, we
write "start" or "stop" and read "done". From the environment:

    KAZOO_SERVER_PORT  client port on 127.0.0.1
    KAZOO_RESULTS      file to which one JSON line per test is written
    KAZOO_EXCLUDED     JSON list of tests that are not run; each must exist
    KAZOO_SELECTED     JSON list of the only tests that are run; empty for all
"""
import json
import os
import signal
import socket

import pytest
from kazoo.testing import harness

CONTROL_DESCRIPTOR = 3
FAILURE_CHARACTERS_MAX = 4000
TEST_SECONDS_MAX = 60
TEARDOWN_SECONDS_MAX = 10


class ManagedServer:
    """What kazoo's tests expect of a `ManagedZooKeeper`: run, stop, running, address, client_port."""

    def __init__(self, port, control):
        self._control = control
        self.running = False
        self.client_port = port
        self.address = "127.0.0.1:%d" % port

    def run(self):
        """Start the server on the data it already has, and return when it serves."""
        if not self.running:
            self._ask("start")
            self.running = True

    def stop(self):
        """Stop the server; its data stays."""
        if self.running:
            self.running = False
            self._ask("stop")

    def _ask(self, request):
        self._control.write(request + "\n")
        self._control.flush()
        answer = self._control.readline().strip()
        if answer != "done":
            raise RuntimeError("%s of the server: %s" % (request, answer or "nobody answers"))


class SingleMemberCluster:
    """What kazoo's harness expects of a `ZookeeperCluster`, with one member."""

    def __init__(self, server):
        self._servers = [server]

    def __iter__(self):
        return iter(self._servers)

    def __getitem__(self, index):
        return self._servers[index]

    def start(self):
        for server in self:
            server.run()

    def stop(self):
        for server in self:
            server.stop()


def pytest_configure():
    control = socket.socket(fileno=CONTROL_DESCRIPTOR).makefile("rw")
    cluster = SingleMemberCluster(ManagedServer(int(os.environ["KAZOO_SERVER_PORT"]), control))
    harness.get_global_cluster = lambda: cluster


def pytest_collection_modifyitems(items):
    excluded = set(json.loads(os.environ["KAZOO_EXCLUDED"]))
    selected = set(json.loads(os.environ["KAZOO_SELECTED"]))
    unknown = (excluded | selected) - {_name(item.nodeid) for item in items}
    if unknown:
        raise pytest.UsageError("tests that do not exist: %s" % sorted(unknown))
    items[:] = [
        item
        for item in items
        if _name(item.nodeid) not in excluded and (not selected or _name(item.nodeid) in selected)
    ]


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_protocol(item):
    """A test that waits forever, set-up and tear-down included, fails, and the others still run."""

    def on_alarm(_signal, _frame):
        raise TimeoutError("%s took longer than %d seconds" % (item.name, TEST_SECONDS_MAX))

    signal.signal(signal.SIGALRM, on_alarm)
    # Again after that, as the tear-down of such a test may wait forever too.
    signal.setitimer(signal.ITIMER_REAL, TEST_SECONDS_MAX, TEARDOWN_SECONDS_MAX)
    yield
    signal.setitimer(signal.ITIMER_REAL, 0)


def pytest_runtest_logreport(report):
    """A test's outcome is that of its call, or of the set-up or tear-down that went wrong around it."""
    if report.when != "call" and report.outcome == "passed":
        return
    line = {
        "test": _name(report.nodeid),
        "outcome": report.outcome,
        "detail": report.longreprtext[-FAILURE_CHARACTERS_MAX:] if report.outcome == "failed" else "",
    }
    with open(os.environ["KAZOO_RESULTS"], "a") as results:
        results.write(json.dumps(line) + "\n")


def _name(nodeid):
    """`test_client.py::TestClient::test_get`, wherever kazoo is installed."""
    file_name, _, rest = nodeid.partition("::")
    return file_name.rpartition("/")[2] + "::" + rest
