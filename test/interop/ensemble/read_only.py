"""A kazoo client that reads at a member without a quorum, cannot write there, and writes once it can: read_only.py HOSTS PATH"""
import sys
import time

from kazoo.client import KazooClient
from kazoo.exceptions import KazooException
from kazoo.protocol.states import KeeperState

PATIENCE_S = 30


def until(client, state):
    """Waits for a state of the connection."""
    deadline = time.monotonic() + PATIENCE_S
    while client.client_state != state:
        if time.monotonic() > deadline:
            sys.exit("not %s but %s" % (state, client.client_state))
        time.sleep(0.02)
    print(state, flush=True)


def attempt(what, *arguments):
    """Says what comes of a call."""
    try:
        what(*arguments)
        print("done", flush=True)
    except KazooException as error:
        print(type(error).__name__, flush=True)


hosts, path = sys.argv[1:]
client = KazooClient(hosts, read_only=True)
client.start(timeout=PATIENCE_S)
until(client, KeeperState.CONNECTED_RO)
print(client.get(path)[0].decode(), flush=True)
attempt(client.set, path, b"by kazoo")
until(client, KeeperState.CONNECTED)
attempt(client.set, path, b"by kazoo")
client.stop()
