/* Sessions: negotiated timeouts, the read-only flag, restarts of the server, take-over by id and password, expiry. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "chapters.h"
#include "transcript.h"

static char created[128];

static int create(zhandle_t *zh, const char *path, int mode) {
    return zoo_create(zh, path, "x", 1, &ZOO_OPEN_ACL_UNSAFE, mode, created, sizeof created);
}

/** Asks again when the connection is lost: a server that starts or changes hands may drop a client more than once. */
static int exists(zhandle_t *zh, const char *path) {
    struct Stat stat;
    int code;
    while ((code = zoo_exists(zh, path, 0, &stat)) == ZCONNECTIONLOSS) usleep(50 * 1000);
    return code;
}

static void timeouts(const char *servers) {
    const int asked_ms[] = {100, 4000, 12345, 100000};
    for (unsigned i = 0; i < sizeof asked_ms / sizeof *asked_ms; i++) {
        struct inbox *inbox = inbox_new("timeout");
        zhandle_t *zh = open_session(servers, asked_ms[i], NULL, 0, inbox);
        await_state(inbox, ZOO_CONNECTED_STATE);
        say("asked %d ms, got %d ms", asked_ms[i], zoo_recv_timeout(zh));
        zookeeper_close(zh);
    }
}

static void read_only_flag(const char *servers) {
    struct inbox *inbox = inbox_new("read-only client");
    zhandle_t *zh = open_session(servers, 10000, NULL, ZOO_READONLY, inbox);
    await_state(inbox, ZOO_CONNECTED_STATE);
    expect_code(ZOK, create(zh, "/session/by-read-only-client", ZOO_EPHEMERAL), "create, as the server is not read-only");
    zookeeper_close(zh);
}

static void under_chroot(const char *servers) {
    char below[256];
    snprintf(below, sizeof below, "%s/session/chroot", servers);
    zhandle_t *zh = open_session(below, 10000, NULL, 0, inbox_new("chroot"));
    expect_code(ZOK, create(zh, "/node", ZOO_PERSISTENT), "create under the chroot");
    say("  created %s", created);
    expect_code(ZOK, exists(zh, "/"), "exists of the chroot");
    zookeeper_close(zh);
}

/** The session, its ephemerals and its watches outlive the server's process. */
static void restart(zhandle_t *zh, struct inbox *session, const char *how) {
    struct inbox *data = inbox_new("watch over the restart");
    char value[16];
    int length = sizeof value;
    struct Stat stat;
    clientid_t before = *zoo_client_id(zh);
    expect_code(ZOK, create(zh, "/session/ephemeral", ZOO_EPHEMERAL), "create");
    expect_code(ZOK, create(zh, "/session/seq-", ZOO_SEQUENCE), "create");
    say("  created %s", created);
    expect_code(ZOK, zoo_wget(zh, "/session", inbox_watcher, data, value, &length, &stat), "data watch");
    ask_runner(how);
    await_state(session, ZOO_CONNECTING_STATE);
    await_state(session, ZOO_CONNECTED_STATE);
    expect_true(memcmp(&before, zoo_client_id(zh), sizeof before) == 0, "same session id and password");
    expect_code(ZOK, exists(zh, "/session/ephemeral"), "ephemeral");
    expect_code(ZOK, create(zh, "/session/seq-", ZOO_SEQUENCE), "create");
    say("  created %s", created);
    print_rest(zh, data);
    expect_code(ZOK, zoo_set(zh, "/session", "x", 1, -1), "set");
    await_event(data);
    expect_code(ZOK, zoo_delete(zh, "/session/ephemeral", 0), "delete");
}

/**
 * A second handle with the same id and password takes the session over; its close ends it for both. The first handle is
 * cut off meanwhile: while both can connect, each takes the session from the other again and again.
 */
static void take_over(const char *servers, const char *cuttable) {
    struct inbox *first_inbox = inbox_new("first handle"), *second_inbox = inbox_new("second handle");
    zhandle_t *first = open_session(cuttable, 6000, NULL, 0, first_inbox);
    await_state(first_inbox, ZOO_CONNECTED_STATE);
    expect_code(ZOK, create(first, "/session/owned", ZOO_EPHEMERAL), "create");
    clientid_t id = *zoo_client_id(first);
    ask_runner("cut");
    zhandle_t *second = open_session(servers, 6000, &id, 0, second_inbox);
    await_state(second_inbox, ZOO_CONNECTED_STATE);
    expect_true(zoo_client_id(second)->client_id == id.client_id, "same session");
    expect_code(ZOK, exists(second, "/session/owned"), "ephemeral");
    expect_code(ZOK, zookeeper_close(second), "close of the second handle");
    ask_runner("mend");
    await_state(first_inbox, ZOO_EXPIRED_SESSION_STATE);
    expect_code(ZINVALIDSTATE, exists(first, "/session/owned"), "exists on an expired handle");
    expect_true(is_unrecoverable(first) == ZINVALIDSTATE, "unrecoverable");
    zookeeper_close(first);
}

static void wrong_credentials(const char *servers) {
    struct inbox *owner_inbox = inbox_new("owner"), *thief_inbox = inbox_new("wrong password"), *nobody_inbox = inbox_new("unknown id");
    zhandle_t *owner = open_session(servers, 6000, NULL, 0, owner_inbox);
    await_state(owner_inbox, ZOO_CONNECTED_STATE);
    clientid_t id = *zoo_client_id(owner);
    id.passwd[0] ^= 1;
    zhandle_t *thief = open_session(servers, 6000, &id, 0, thief_inbox);
    await_state(thief_inbox, ZOO_EXPIRED_SESSION_STATE);
    zookeeper_close(thief);
    /* A server may have closed the owner's connection for the thief's, so the owner may have to come back first. */
    expect_code(ZOK, exists(owner, "/session"), "the owner goes on");
    id = *zoo_client_id(owner);
    id.client_id += 1000;
    zhandle_t *nobody = open_session(servers, 6000, &id, 0, nobody_inbox);
    await_state(nobody_inbox, ZOO_EXPIRED_SESSION_STATE);
    zookeeper_close(nobody);
    zookeeper_close(owner);
}

/** A client that stays away longer than its timeout finds its session gone, and its ephemerals with it. */
static void expiry(const char *cuttable, zhandle_t *observer) {
    struct inbox *inbox = inbox_new("absent"), *gone = inbox_new("watch of the ephemeral");
    zhandle_t *absent = open_session(cuttable, 4000, NULL, 0, inbox);
    await_state(inbox, ZOO_CONNECTED_STATE);
    expect_code(ZOK, create(absent, "/session/absent", ZOO_EPHEMERAL), "create");
    struct Stat stat;
    expect_code(ZOK, zoo_wexists(observer, "/session/absent", inbox_watcher, gone, &stat), "exists watch");
    ask_runner("cut");
    await_event(gone);
    ask_runner("mend");
    await_state(inbox, ZOO_EXPIRED_SESSION_STATE);
    zookeeper_close(absent);
}

void chapter_sessions(const char *servers, const char *cuttable) {
    say("# sessions");
    struct inbox *session = inbox_new("session");
    zhandle_t *zh = open_session(servers, 30000, NULL, 0, session);
    await_state(session, ZOO_CONNECTED_STATE);
    expect_code(ZOK, create(zh, "/session", ZOO_PERSISTENT), "create");
    expect_code(ZOK, create(zh, "/session/chroot", ZOO_PERSISTENT), "create");
    timeouts(servers);
    read_only_flag(servers);
    under_chroot(servers);
    restart(zh, session, "restart");
    restart(zh, session, "kill");
    take_over(servers, cuttable);
    wrong_credentials(servers);
    expiry(cuttable, zh);
    zookeeper_close(zh);
}
