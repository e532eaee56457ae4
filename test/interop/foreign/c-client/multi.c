/* Multi: all kinds of operation in one transaction, and a transaction that is refused as a whole. */
#include <stdio.h>
#include <string.h>

#include "chapters.h"
#include "transcript.h"

#define OPERATIONS_MAX 8

static void run(zhandle_t *zh, const char *what, zoo_op_t *operations, int count, int wanted) {
    zoo_op_result_t results[OPERATIONS_MAX];
    memset(results, 0, sizeof results);
    expect_code(wanted, zoo_multi(zh, count, operations, results), what);
    for (int i = 0; i < count; i++) {
        say("  result %d: %d%s%.*s", i, results[i].err, results[i].value ? " " : "",
            results[i].value ? results[i].valuelen : 0, results[i].value ? results[i].value : "");
    }
}

static void all_kinds(zhandle_t *zh) {
    /* No container: the C client reads its reply as a plain create's, which no server sends (ZooKeeper 3.8). */
    char first[64] = "", second[64] = "", third[64] = "";
    struct Stat stat;
    zoo_op_t operations[6];
    zoo_create_op_init(&operations[0], "/multi", "a", 1, &ZOO_OPEN_ACL_UNSAFE, ZOO_PERSISTENT, first, sizeof first);
    zoo_create_op_init(&operations[1], "/multi/seq-", "b", 1, &ZOO_OPEN_ACL_UNSAFE, ZOO_PERSISTENT_SEQUENTIAL, second, sizeof second);
    zoo_create_op_init(&operations[2], "/multi/seq-", "c", 1, &ZOO_OPEN_ACL_UNSAFE, ZOO_EPHEMERAL_SEQUENTIAL, third, sizeof third);
    zoo_check_op_init(&operations[3], "/multi", 0);
    zoo_set_op_init(&operations[4], "/multi", "e", 1, 0, &stat);
    zoo_delete_op_init(&operations[5], "/multi/seq-0000000000", 0);
    run(zh, "multi of every kind", operations, 6, ZOK);
    say_stat(zh, &stat);
}

static void refused_as_a_whole(zhandle_t *zh) {
    char created[64] = "";
    struct Stat stat;
    zoo_op_t operations[4];
    zoo_create_op_init(&operations[0], "/multi/never", "a", 1, &ZOO_OPEN_ACL_UNSAFE, ZOO_PERSISTENT, created, sizeof created);
    zoo_set_op_init(&operations[1], "/multi", "f", 1, -1, &stat);
    zoo_check_op_init(&operations[2], "/multi", 99);
    zoo_delete_op_init(&operations[3], "/multi/none", -1);
    run(zh, "multi with a failing check", operations, 4, ZBADVERSION);
    expect_code(ZNONODE, zoo_exists(zh, "/multi/never", 0, &stat), "nothing of it was done");
    zoo_delete_op_init(&operations[0], "/multi/none", -1);
    zoo_delete_op_init(&operations[1], "/multi", -1);
    run(zh, "multi whose first operation fails", operations, 2, ZNONODE);
    zoo_delete_op_init(&operations[0], "/multi", -1);
    run(zh, "multi that would delete a parent", operations, 1, ZNOTEMPTY);
    zoo_create_op_init(&operations[0], "/multi", "a", 1, &ZOO_OPEN_ACL_UNSAFE, ZOO_PERSISTENT, created, sizeof created);
    run(zh, "multi that creates what exists", operations, 1, ZNODEEXISTS);
}

/** Later operations see what earlier ones of the same transaction did. */
static void on_itself(zhandle_t *zh) {
    char created[64] = "";
    struct Stat stat;
    zoo_op_t operations[6];
    zoo_create_op_init(&operations[0], "/multi/own", "a", 1, &ZOO_OPEN_ACL_UNSAFE, ZOO_PERSISTENT, created, sizeof created);
    zoo_create_op_init(&operations[1], "/multi/own/child", "a", 1, &ZOO_OPEN_ACL_UNSAFE, ZOO_EPHEMERAL, created, sizeof created);
    zoo_set_op_init(&operations[2], "/multi/own", "b", 1, 0, &stat);
    zoo_check_op_init(&operations[3], "/multi/own", 1);
    zoo_delete_op_init(&operations[4], "/multi/own/child", 0);
    zoo_delete_op_init(&operations[5], "/multi/own", 1);
    run(zh, "multi on its own nodes", operations, 6, ZOK);
    expect_code(ZNONODE, zoo_exists(zh, "/multi/own", 0, &stat), "nothing of it is left");
    expect_code(ZOK, zoo_multi(zh, 0, operations, NULL), "multi of nothing");
}

void chapter_multi(const char *servers) {
    say("# multi");
    zhandle_t *zh = open_session(servers, 10000, NULL, 0, inbox_new("multi"));
    all_kinds(zh);
    refused_as_a_whole(zh);
    on_itself(zh);
    struct String_vector children;
    expect_code(ZOK, zoo_get_children(zh, "/multi", 0, &children), "children");
    say_children(&children);
    deallocate_String_vector(&children);
    zookeeper_close(zh);
}
