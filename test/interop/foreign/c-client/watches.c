/* Watches: each kind fires once and for the right change, removal, and the replay after a lost connection. */
#include <stdio.h>
#include <string.h>

#include "chapters.h"
#include "transcript.h"

static char created[128];

static int create(zhandle_t *zh, const char *path, int mode) {
    return zoo_create(zh, path, "x", 1, &ZOO_OPEN_ACL_UNSAFE, mode, created, sizeof created);
}

static int watch_data(zhandle_t *zh, const char *path, struct inbox *inbox) {
    char value[16];
    int length = sizeof value;
    struct Stat stat;
    return zoo_wget(zh, path, inbox_watcher, inbox, value, &length, &stat);
}

static int watch_existence(zhandle_t *zh, const char *path, struct inbox *inbox) {
    struct Stat stat;
    return zoo_wexists(zh, path, inbox_watcher, inbox, &stat);
}

static int watch_children(zhandle_t *zh, const char *path, struct inbox *inbox) {
    struct String_vector children;
    int code = zoo_wget_children(zh, path, inbox_watcher, inbox, &children);
    if (code == ZOK) deallocate_String_vector(&children);
    return code;
}

static void each_kind_fires_once(zhandle_t *zh, zhandle_t *writer) {
    struct inbox *data = inbox_new("data watch"), *exists = inbox_new("exists watch"), *children = inbox_new("child watch");
    expect_code(ZNONODE, watch_existence(zh, "/watch/a", exists), "exists watch on no node");
    expect_code(ZNONODE, watch_data(zh, "/watch/a", data), "data watch on no node is none");
    expect_code(ZOK, watch_children(zh, "/watch", children), "child watch on the parent");
    expect_code(ZOK, create(writer, "/watch/a", ZOO_PERSISTENT), "create");
    await_event(exists);
    await_event(children);
    expect_code(ZOK, watch_data(zh, "/watch/a", data), "data watch");
    expect_code(ZOK, watch_existence(zh, "/watch/a", exists), "exists watch");
    expect_code(ZOK, watch_children(zh, "/watch/a", children), "child watch");
    expect_code(ZOK, zoo_set(writer, "/watch/a", "y", 1, -1), "set");
    await_event(data);
    await_event(exists);
    expect_code(ZOK, zoo_set(writer, "/watch/a", "z", 1, -1), "set again");
    expect_code(ZOK, create(writer, "/watch/a/b", ZOO_PERSISTENT), "create below");
    await_event(children);
    expect_code(ZOK, create(writer, "/watch/a/c", ZOO_PERSISTENT), "create below again");
    print_rest(zh, data);
    print_rest(zh, exists);
    print_rest(zh, children);
    expect_code(ZOK, zoo_delete(writer, "/watch/a/c", -1), "delete below");
}

static void deletion_tells_all_kinds(zhandle_t *zh, zhandle_t *writer) {
    struct inbox *data = inbox_new("data watch"), *exists = inbox_new("exists watch"), *children = inbox_new("child watch"),
                 *parent = inbox_new("parent's child watch");
    expect_code(ZOK, watch_data(zh, "/watch/a/b", data), "data watch");
    expect_code(ZOK, watch_existence(zh, "/watch/a/b", exists), "exists watch");
    expect_code(ZOK, watch_children(zh, "/watch/a/b", children), "child watch");
    expect_code(ZOK, watch_children(zh, "/watch/a", parent), "child watch on the parent");
    expect_code(ZOK, zoo_delete(writer, "/watch/a/b", -1), "delete");
    await_event(data);
    await_event(exists);
    await_event(children);
    await_event(parent);
    print_rest(zh, data);
    print_rest(zh, exists);
    print_rest(zh, children);
    print_rest(zh, parent);
}

static void the_own_write_comes_back(zhandle_t *zh) {
    struct inbox *data = inbox_new("own data watch");
    expect_code(ZOK, watch_data(zh, "/watch/a", data), "data watch");
    expect_code(ZOK, zoo_set(zh, "/watch/a", "mine", 4, -1), "own set");
    await_event(data);
    print_rest(zh, data);
}

static void a_multi_fires_its_watches(zhandle_t *zh, zhandle_t *writer) {
    struct inbox *exists = inbox_new("exists watch"), *children = inbox_new("child watch");
    zoo_op_t operations[3];
    struct Stat stat;
    expect_code(ZNONODE, watch_existence(zh, "/watch/multi", exists), "exists watch");
    expect_code(ZOK, watch_children(zh, "/watch", children), "child watch");
    zoo_create_op_init(&operations[0], "/watch/multi", "x", 1, &ZOO_OPEN_ACL_UNSAFE, 0, created, sizeof created);
    zoo_set_op_init(&operations[1], "/watch/multi", "y", 1, -1, &stat);
    zoo_delete_op_init(&operations[2], "/watch/multi", -1);
    zoo_op_result_t results[3];
    expect_code(ZOK, zoo_multi(writer, 3, operations, results), "multi that creates, sets and deletes");
    await_event(exists);
    await_event(children);
    print_rest(zh, exists);
    print_rest(zh, children);
}

static void removal(zhandle_t *zh, zhandle_t *writer) {
    struct inbox *data = inbox_new("removed data watch"), *children = inbox_new("removed child watch"), *kept = inbox_new("kept data watch");
    expect_code(ZOK, watch_data(zh, "/watch/a", data), "data watch");
    expect_code(ZOK, watch_data(zh, "/watch/a", kept), "second data watch");
    expect_code(ZOK, watch_children(zh, "/watch/a", children), "child watch");
    expect_code(ZOK, zoo_remove_watches(zh, "/watch/a", ZWATCHTYPE_DATA, inbox_watcher, data, 0), "remove one data watch");
    expect_code(ZOK, zoo_remove_watches(zh, "/watch/a", ZWATCHTYPE_CHILD, inbox_watcher, children, 0), "remove the child watch");
    expect_code(ZNOWATCHER, zoo_remove_watches(zh, "/watch/a", ZWATCHTYPE_CHILD, inbox_watcher, children, 0), "remove it again");
    expect_code(ZNOWATCHER, zoo_remove_all_watches(zh, "/watch/none", ZWATCHTYPE_ANY, 0), "remove where none is");
    expect_code(ZOK, zoo_set(writer, "/watch/a", "w", 1, -1), "set");
    await_event(kept);
    expect_code(ZOK, watch_data(zh, "/watch/a", kept), "data watch");
    expect_code(ZOK, watch_children(zh, "/watch/a", children), "child watch");
    expect_code(ZOK, zoo_remove_all_watches(zh, "/watch/a", ZWATCHTYPE_ANY, 0), "remove all watches");
    expect_code(ZOK, zoo_set(writer, "/watch/a", "w", 1, -1), "set");
    expect_code(ZOK, create(writer, "/watch/a/d", ZOO_PERSISTENT), "create below");
    expect_code(ZOK, zoo_delete(writer, "/watch/a/d", -1), "delete below");
    print_rest(zh, data);
    print_rest(zh, kept);
    print_rest(zh, children);
}

/** What happened while the client was away is told when it is back, and only that. */
static void replay(zhandle_t *zh, zhandle_t *writer, struct inbox *session) {
    struct inbox *changed = inbox_new("watch of the changed"), *untouched = inbox_new("watch of the untouched"),
                 *removed = inbox_new("watch of the removed"), *made = inbox_new("watch of the created"),
                 *children = inbox_new("watch of the children");
    expect_code(ZOK, create(writer, "/watch/untouched", ZOO_PERSISTENT), "create");
    expect_code(ZOK, create(writer, "/watch/removed", ZOO_PERSISTENT), "create");
    expect_code(ZOK, watch_data(zh, "/watch/a", changed), "data watch");
    expect_code(ZOK, watch_data(zh, "/watch/untouched", untouched), "data watch");
    expect_code(ZOK, watch_data(zh, "/watch/removed", removed), "data watch");
    expect_code(ZNONODE, watch_existence(zh, "/watch/made", made), "exists watch");
    expect_code(ZOK, watch_children(zh, "/watch/a", children), "child watch");
    ask_runner("cut");
    await_state(session, ZOO_CONNECTING_STATE);
    expect_code(ZOK, zoo_set(writer, "/watch/a", "v", 1, -1), "set");
    expect_code(ZOK, zoo_delete(writer, "/watch/removed", -1), "delete");
    expect_code(ZOK, create(writer, "/watch/made", ZOO_PERSISTENT), "create");
    expect_code(ZOK, create(writer, "/watch/a/e", ZOO_PERSISTENT), "create below");
    ask_runner("mend");
    await_state(session, ZOO_CONNECTED_STATE);
    await_event(changed);
    await_event(removed);
    await_event(made);
    await_event(children);
    print_rest(zh, untouched);
    expect_code(ZOK, zoo_set(writer, "/watch/untouched", "v", 1, -1), "set");
    await_event(untouched);
    print_rest(zh, changed);
}

void chapter_watches(const char *servers, const char *cuttable) {
    say("# watches");
    struct inbox *session = inbox_new("watcher");
    zhandle_t *zh = open_session(cuttable, 20000, NULL, 0, session), *writer = open_session(servers, 20000, NULL, 0, inbox_new("writer"));
    await_state(session, ZOO_CONNECTED_STATE);
    expect_code(ZOK, create(writer, "/watch", ZOO_PERSISTENT), "create");
    each_kind_fires_once(zh, writer);
    deletion_tells_all_kinds(zh, writer);
    the_own_write_comes_back(zh);
    a_multi_fires_its_watches(zh, writer);
    removal(zh, writer);
    replay(zh, writer, session);
    zookeeper_close(zh);
    zookeeper_close(writer);
}
