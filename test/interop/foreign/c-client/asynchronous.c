/* The asynchronous calls: a pipeline of every kind of request is answered in the order it was sent. */
#include <pthread.h>
#include <stdio.h>
#include <string.h>

#include "chapters.h"
#include "transcript.h"

#define WRITES 200

static struct {
    pthread_mutex_t lock;
    pthread_cond_t changed;
    int completed;
    int out_of_order;
} pipeline = {PTHREAD_MUTEX_INITIALIZER, PTHREAD_COND_INITIALIZER, 0, 0};

/* Completions run on one thread in the order of the replies, so what they print is in that order too. */
static void completed(const char *what, int code) {
    if (what != NULL) say("%s: %d", what, code);
    pthread_mutex_lock(&pipeline.lock);
    pipeline.completed += 1;
    pthread_cond_signal(&pipeline.changed);
    pthread_mutex_unlock(&pipeline.lock);
}

static void on_string(int code, const char *value, const void *data) {
    if (value != NULL) say("  %s", value);
    completed(data, code);
}

static void on_string_stat(int code, const char *value, const struct Stat *stat, const void *data) {
    if (value != NULL) say("  %s version %d", value, stat->version);
    completed(data, code);
}

static void on_stat(int code, const struct Stat *stat, const void *data) {
    if (code == ZOK) say("  version %d", stat->version);
    completed(data, code);
}

static void on_data(int code, const char *value, int length, const struct Stat *stat, const void *data) {
    (void)stat;
    if (code == ZOK) say_value(value, length);
    completed(data, code);
}

static void on_strings(int code, const struct String_vector *strings, const void *data) {
    if (code == ZOK) say("  %d children", strings->count);
    completed(data, code);
}

static void on_strings_stat(int code, const struct String_vector *strings, const struct Stat *stat, const void *data) {
    if (code == ZOK) say("  %d children, cversion %d", strings->count, stat->cversion);
    completed(data, code);
}

static void on_acl(int code, struct ACL_vector *acl, struct Stat *stat, const void *data) {
    (void)stat;
    if (code == ZOK) say_acl(acl);
    completed(data, code);
}

static void on_void(int code, const void *data) { completed(data, code); }

static void on_numbered_write(int code, const struct Stat *stat, const void *data) {
    long number = (long)(intptr_t)data;
    if (code != ZOK || stat->version != number) pipeline.out_of_order += 1;
    completed(NULL, code);
}

static void await_completions(int count) {
    pthread_mutex_lock(&pipeline.lock);
    while (pipeline.completed < count) pthread_cond_wait(&pipeline.changed, &pipeline.lock);
    pipeline.completed = 0;
    pthread_mutex_unlock(&pipeline.lock);
}

static void every_kind(zhandle_t *zh) {
    zoo_op_t operations[2];
    static zoo_op_result_t results[2];
    static char created[64];
    zoo_create_op_init(&operations[0], "/async/m", "m", 1, &ZOO_OPEN_ACL_UNSAFE, 0, created, sizeof created);
    zoo_delete_op_init(&operations[1], "/async/m", -1);
    const struct ACL_vector *open = &ZOO_OPEN_ACL_UNSAFE;
    int sent = 0;
    sent += zoo_acreate(zh, "/async", "x", 1, open, 0, on_string, "acreate") == ZOK;
    sent += zoo_acreate2(zh, "/async/two", "x", 1, open, ZOO_EPHEMERAL, on_string_stat, "acreate2") == ZOK;
    sent += zoo_acreate_ttl(zh, "/async/ttl", "x", 1, open, ZOO_PERSISTENT_WITH_TTL, 3600000, on_string, "acreate_ttl") == ZOK;
    sent += zoo_acreate2_ttl(zh, "/async/ttl2", "x", 1, open, ZOO_PERSISTENT_WITH_TTL, 3600000, on_string_stat, "acreate2_ttl") == ZOK;
    sent += zoo_aset(zh, "/async", "yy", 2, 0, on_stat, "aset") == ZOK;
    sent += zoo_aget(zh, "/async", 0, on_data, "aget") == ZOK;
    sent += zoo_aexists(zh, "/async/none", 0, on_stat, "aexists of no node") == ZOK;
    sent += zoo_aget_children(zh, "/async", 0, on_strings, "aget_children") == ZOK;
    sent += zoo_aget_children2(zh, "/async", 0, on_strings_stat, "aget_children2") == ZOK;
    sent += zoo_aget_acl(zh, "/async", on_acl, "aget_acl") == ZOK;
    sent += zoo_aset_acl(zh, "/async", 0, &ZOO_OPEN_ACL_UNSAFE, on_void, "aset_acl") == ZOK;
    sent += zoo_amulti(zh, 2, operations, results, on_void, "amulti") == ZOK;
    sent += zoo_async(zh, "/async", on_string, "async") == ZOK;
    sent += zoo_async(zh, "/no/such/node", on_string, "async of no node") == ZOK;
    sent += zoo_adelete(zh, "/async/two", -1, on_void, "adelete") == ZOK;
    sent += zoo_adelete(zh, "/async/two", -1, on_void, "adelete again") == ZOK;
    sent += zoo_agetconfig(zh, 0, on_data, "agetconfig") == ZOK;
    await_completions(sent);
    say("%d sent", sent);
}

/** Writes and reads of one session interleave; a read sees all writes sent before it. */
static void many_writes(zhandle_t *zh) {
    char value[16];
    for (long number = 0; number < WRITES; number++) {
        int length = snprintf(value, sizeof value, "%ld", number);
        zoo_aset(zh, "/async", value, length, -1, on_numbered_write, (void *)(intptr_t)(number + 2));
    }
    zoo_aget(zh, "/async", 0, on_data, "aget after the writes");
    await_completions(WRITES + 1);
    expect_true(pipeline.out_of_order == 0, "each write had the version of its turn");
}

void chapter_asynchronous(const char *servers) {
    say("# asynchronous");
    zhandle_t *zh = open_session(servers, 10000, NULL, 0, inbox_new("asynchronous"));
    every_kind(zh);
    many_writes(zh);
    zookeeper_close(zh);
}
