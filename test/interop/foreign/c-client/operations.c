/* Every synchronous operation on nodes: all create modes, reads, writes, deletes, and what is refused. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "chapters.h"
#include "transcript.h"

#define PATH_MAX_BYTES 256
#define TTL_MS 3600000

static void create(zhandle_t *zh, const char *path, const char *value, int mode, int wanted) {
    char created[PATH_MAX_BYTES] = "", what[PATH_MAX_BYTES + 64];
    struct Stat stat;
    int64_t ttl = mode == ZOO_PERSISTENT_WITH_TTL || mode == ZOO_PERSISTENT_SEQUENTIAL_WITH_TTL ? TTL_MS : -1;
    int length = value ? (int)strlen(value) : -1;
    int code = zoo_create2_ttl(zh, path, value, length, &ZOO_OPEN_ACL_UNSAFE, mode, ttl, created, sizeof created, &stat);
    snprintf(what, sizeof what, "create2 %s mode %d", path, mode);
    expect_code(wanted, code, what);
    if (code != ZOK) return;
    say("  created %s", created);
    say_stat(zh, &stat);
}

static void create_all_modes(zhandle_t *zh) {
    create(zh, "/ops", "root", ZOO_PERSISTENT, ZOK);
    create(zh, "/ops/persistent", "data", ZOO_PERSISTENT, ZOK);
    create(zh, "/ops/null", NULL, ZOO_PERSISTENT, ZOK);
    create(zh, "/ops/empty", "", ZOO_PERSISTENT, ZOK);
    create(zh, "/ops/ephemeral", "data", ZOO_EPHEMERAL, ZOK);
    create(zh, "/ops/seq-", "data", ZOO_PERSISTENT_SEQUENTIAL, ZOK);
    create(zh, "/ops/eseq-", "data", ZOO_EPHEMERAL_SEQUENTIAL, ZOK);
    create(zh, "/ops/container", "data", ZOO_CONTAINER, ZOK);
    create(zh, "/ops/container/child", "data", ZOO_PERSISTENT, ZOK);
    create(zh, "/ops/ttl", "data", ZOO_PERSISTENT_WITH_TTL, ZOK);
    create(zh, "/ops/tseq-", "data", ZOO_PERSISTENT_SEQUENTIAL_WITH_TTL, ZOK);
    create(zh, "/ops/", "data", ZOO_PERSISTENT_SEQUENTIAL, ZOK);
    create(zh, "/ops/naïve-日本", "data", ZOO_PERSISTENT, ZOK);
    create(zh, "/ops/persistent", "again", ZOO_PERSISTENT, ZNODEEXISTS);
    create(zh, "/ops/none/child", "data", ZOO_PERSISTENT, ZNONODE);
    create(zh, "/ops/ephemeral/child", "data", ZOO_PERSISTENT, ZNOCHILDRENFOREPHEMERALS);
    create(zh, "/ops//double", "data", ZOO_PERSISTENT, ZBADARGUMENTS);
    create(zh, "/ops/./dot", "data", ZOO_PERSISTENT, ZBADARGUMENTS);
    create(zh, "/zookeeper", "data", ZOO_PERSISTENT, ZNODEEXISTS);
    create(zh, "/", "data", ZOO_PERSISTENT, ZNODEEXISTS);
}

static void create_the_older_way(zhandle_t *zh) {
    char created[PATH_MAX_BYTES];
    expect_code(ZOK, zoo_create(zh, "/ops/old", "x", 1, &ZOO_OPEN_ACL_UNSAFE, ZOO_PERSISTENT, created, sizeof created), "create");
    say("  created %s", created);
    expect_code(ZOK, zoo_create(zh, "/ops/old-", "x", 1, &ZOO_OPEN_ACL_UNSAFE, ZOO_SEQUENCE, created, sizeof created), "create with a sequence");
    say("  created %s", created);
    expect_code(ZOK, zoo_create_ttl(zh, "/ops/old-ttl", "x", 1, &ZOO_OPEN_ACL_UNSAFE, ZOO_PERSISTENT_WITH_TTL, TTL_MS, created, sizeof created), "create with a ttl");
    expect_code(ZOK, zoo_create(zh, "/ops/old-container", "x", 1, &ZOO_OPEN_ACL_UNSAFE, ZOO_CONTAINER, created, sizeof created), "create a container");
}

static void read_back(zhandle_t *zh, const char *path) {
    char value[64];
    int length = sizeof value;
    struct Stat stat;
    int code = zoo_get(zh, path, 0, value, &length, &stat);
    say("get %s", path);
    expect_code(ZOK, code, "  get");
    say_value(value, length);
    say_stat(zh, &stat);
    expect_code(ZOK, zoo_exists(zh, path, 0, &stat), "  exists");
    say_stat(zh, &stat);
}

static void write_and_delete(zhandle_t *zh) {
    struct Stat stat;
    expect_code(ZOK, zoo_set(zh, "/ops/persistent", "one", 3, -1), "set at any version");
    expect_code(ZOK, zoo_set2(zh, "/ops/persistent", "three", 5, 1, &stat), "set at version 1");
    say_stat(zh, &stat);
    expect_code(ZBADVERSION, zoo_set(zh, "/ops/persistent", "four", 4, 1), "set at version 1 again");
    expect_code(ZNONODE, zoo_set(zh, "/ops/none", "x", 1, -1), "set of no node");
    expect_code(ZOK, zoo_set2(zh, "/ops/persistent", NULL, -1, -1, &stat), "set to null");
    read_back(zh, "/ops/persistent");
    expect_code(ZBADVERSION, zoo_delete(zh, "/ops/persistent", 7), "delete at a wrong version");
    expect_code(ZNOTEMPTY, zoo_delete(zh, "/ops", -1), "delete of a parent");
    expect_code(ZOK, zoo_delete(zh, "/ops/persistent", 3), "delete at version 3");
    expect_code(ZNONODE, zoo_delete(zh, "/ops/persistent", -1), "delete of no node");
    expect_code(ZNONODE, zoo_exists(zh, "/ops/persistent", 0, &stat), "exists of no node");
    expect_code(ZBADARGUMENTS, zoo_delete(zh, "/", -1), "delete of the root");
    expect_code(ZOK, zoo_exists(zh, "/ops", 0, &stat), "exists of the parent");
    say_stat(zh, &stat);
}

static void list(zhandle_t *zh) {
    struct String_vector children;
    struct Stat stat;
    expect_code(ZOK, zoo_get_children(zh, "/ops", 0, &children), "children");
    say_children(&children);
    deallocate_String_vector(&children);
    expect_code(ZOK, zoo_get_children2(zh, "/ops/container", 0, &children, &stat), "children2");
    say_children(&children);
    say_stat(zh, &stat);
    deallocate_String_vector(&children);
    expect_code(ZOK, zoo_get_children2(zh, "/ops/null", 0, &children, &stat), "children2 of a leaf");
    say_children(&children);
    deallocate_String_vector(&children);
    expect_code(ZNONODE, zoo_get_children(zh, "/ops/none", 0, &children), "children of no node");
    expect_code(ZOK, zoo_get_children(zh, "/", 0, &children), "children of the root");
    say_children(&children);
    deallocate_String_vector(&children);
    expect_code(ZOK, zoo_get_children(zh, "/zookeeper", 0, &children), "children of /zookeeper");
    say_children(&children);
    deallocate_String_vector(&children);
}

static void configuration(zhandle_t *zh) {
    char value[512];
    int length = sizeof value;
    struct Stat stat;
    expect_code(ZOK, zoo_getconfig(zh, 0, value, &length, &stat), "getconfig");
    say_value(value, length);
    length = sizeof value;
    int code = zoo_reconfig(zh, "server.9=127.0.0.1:1:2:observer;3", NULL, NULL, -1, value, &length, &stat);
    expect_code(ZRECONFIGDISABLED, code, "reconfig");
}

/** The largest value that fits, read back in full; and one that does not fit, which costs the connection only. */
static void large_values(zhandle_t *zh, struct inbox *inbox) {
    const int fits = 1000000, too_large = 1100000;
    char *value = malloc(too_large), *back = malloc(too_large), created[PATH_MAX_BYTES];
    struct Stat stat;
    for (int i = 0; i < too_large; i++) value[i] = (char)('a' + i % 26);
    expect_code(ZOK, zoo_create(zh, "/ops/large", value, fits, &ZOO_OPEN_ACL_UNSAFE, 0, created, sizeof created), "create of 1,000,000 bytes");
    int length = too_large;
    expect_code(ZOK, zoo_get(zh, "/ops/large", 0, back, &length, &stat), "get of 1,000,000 bytes");
    expect_true(length == fits && memcmp(value, back, fits) == 0, "all bytes came back");
    await_state(inbox, ZOO_CONNECTED_STATE);
    expect_code(ZCONNECTIONLOSS, zoo_set(zh, "/ops/large", value, too_large, -1), "set of 1,100,000 bytes");
    await_state(inbox, ZOO_CONNECTED_STATE);
    expect_code(ZOK, zoo_exists(zh, "/ops/large", 0, &stat), "exists after it");
    say_stat(zh, &stat);
    free(value);
    free(back);
}

void chapter_operations(const char *servers) {
    say("# operations");
    struct inbox *inbox = inbox_new("operator");
    zhandle_t *zh = open_session(servers, 10000, NULL, 0, inbox);
    create_all_modes(zh);
    say("negotiated timeout %d ms", zoo_recv_timeout(zh));
    create_the_older_way(zh);
    read_back(zh, "/ops/null");
    read_back(zh, "/ops/empty");
    read_back(zh, "/ops/ephemeral");
    read_back(zh, "/ops/ttl");
    read_back(zh, "/ops/container");
    read_back(zh, "/ops/naïve-日本");
    write_and_delete(zh);
    list(zh);
    configuration(zh);
    large_values(zh, inbox);
    expect_code(ZOK, zookeeper_close(zh), "close");
    /* Its ephemerals are gone with it, the rest stays. */
    zh = open_session(servers, 10000, NULL, 0, inbox_new("second"));
    struct String_vector children;
    expect_code(ZOK, zoo_get_children(zh, "/ops", 0, &children), "children after the close");
    say_children(&children);
    deallocate_String_vector(&children);
    zookeeper_close(zh);
}
