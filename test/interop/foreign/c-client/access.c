/* ACLs and authentication: digest, ip, auth, and a scheme that the server does not know. */
#include <pthread.h>
#include <stdio.h>
#include <string.h>

#include "chapters.h"
#include "transcript.h"

struct answer {
    pthread_mutex_t lock;
    pthread_cond_t arrived;
    int present;
    int code;
};

static void on_answer(int code, const void *data) {
    struct answer *answer = (struct answer *)data;
    pthread_mutex_lock(&answer->lock);
    answer->present = 1;
    answer->code = code;
    pthread_cond_signal(&answer->arrived);
    pthread_mutex_unlock(&answer->lock);
}

static void authenticate(zhandle_t *zh, const char *scheme, const char *id, int wanted) {
    struct answer answer = {PTHREAD_MUTEX_INITIALIZER, PTHREAD_COND_INITIALIZER, 0, 0};
    char what[64];
    snprintf(what, sizeof what, "add_auth %s", scheme);
    expect_code(ZOK, zoo_add_auth(zh, scheme, id, (int)strlen(id), on_answer, &answer), what);
    pthread_mutex_lock(&answer.lock);
    while (!answer.present) pthread_cond_wait(&answer.arrived, &answer.lock);
    pthread_mutex_unlock(&answer.lock);
    expect_code(wanted, answer.code, "  answered");
}

static int create(zhandle_t *zh, const char *path, const struct ACL_vector *acl) {
    char created[64];
    return zoo_create(zh, path, "secret", 6, acl, ZOO_PERSISTENT, created, sizeof created);
}

static void show_acl(zhandle_t *zh, const char *path, int wanted) {
    struct ACL_vector acl;
    struct Stat stat;
    int code = zoo_get_acl(zh, path, &acl, &stat);
    expect_code(wanted, code, "get_acl");
    if (code != ZOK) return;
    say_acl(&acl);
    say_stat(zh, &stat);
    deallocate_ACL_vector(&acl);
}

static void a_stranger_is_refused(const char *servers) {
    zhandle_t *zh = open_session(servers, 10000, NULL, 0, inbox_new("stranger"));
    char value[16];
    int length = sizeof value;
    struct Stat stat;
    struct String_vector children;
    expect_code(ZNOAUTH, zoo_get(zh, "/access/mine", 0, value, &length, &stat), "stranger: get");
    expect_code(ZNOAUTH, zoo_set(zh, "/access/mine", "x", 1, -1), "stranger: set");
    expect_code(ZNOAUTH, zoo_get_children(zh, "/access/mine", 0, &children), "stranger: children");
    expect_code(ZNOAUTH, create(zh, "/access/mine/child", &ZOO_OPEN_ACL_UNSAFE), "stranger: create below");
    expect_code(ZNOAUTH, zoo_set_acl(zh, "/access/mine", -1, &ZOO_OPEN_ACL_UNSAFE), "stranger: set_acl");
    expect_code(ZOK, zoo_exists(zh, "/access/mine", 0, &stat), "stranger: exists");
    show_acl(zh, "/access/mine", ZNOAUTH);
    expect_code(ZNOAUTH, zoo_delete(zh, "/access/mine/inner", -1), "stranger: delete below");
    authenticate(zh, "digest", "someone:wrong", ZOK);
    expect_code(ZNOAUTH, zoo_get(zh, "/access/mine", 0, value, &length, &stat), "wrong password: get");
    authenticate(zh, "digest", "owner:right", ZOK);
    length = sizeof value;
    expect_code(ZOK, zoo_get(zh, "/access/mine", 0, value, &length, &stat), "right password: get");
    zookeeper_close(zh);
}

static void the_superuser_may_all(const char *servers) {
    zhandle_t *zh = open_session(servers, 10000, NULL, 0, inbox_new("super"));
    authenticate(zh, "digest", "super:test", ZOK);
    expect_code(ZOK, zoo_set(zh, "/access/mine", "by super", 8, -1), "super: set");
    show_acl(zh, "/access/mine", ZOK);
    zookeeper_close(zh);
}

static void an_unknown_scheme_ends_the_session(const char *servers) {
    struct inbox *inbox = inbox_new("unknown-scheme");
    zhandle_t *zh = open_session(servers, 10000, NULL, 0, inbox);
    await_state(inbox, ZOO_CONNECTED_STATE);
    authenticate(zh, "kerberos5", "someone", ZAUTHFAILED);
    await_state(inbox, ZOO_AUTH_FAILED_STATE);
    struct Stat stat;
    expect_code(ZINVALIDSTATE, zoo_exists(zh, "/", 0, &stat), "exists after it");
    zookeeper_close(zh);
}

static void odd_acls(zhandle_t *zh) {
    struct ACL unknown_scheme[] = {{31, {"no-such-scheme", "x"}}};
    struct ACL bad_digest[] = {{31, {"digest", "no-colon"}}};
    struct ACL bad_world[] = {{31, {"world", "nobody"}}};
    struct ACL by_ip[] = {{ZOO_PERM_READ, {"ip", "127.0.0.1"}}, {ZOO_PERM_ALL, {"ip", "10.0.0.0/8"}}};
    struct ACL read_twice[] = {{ZOO_PERM_READ, {"world", "anyone"}}, {ZOO_PERM_READ, {"world", "anyone"}}};
    struct ACL_vector acl = {1, unknown_scheme};
    expect_code(ZINVALIDACL, create(zh, "/access/odd", &acl), "acl of an unknown scheme");
    acl.data = bad_digest;
    expect_code(ZINVALIDACL, create(zh, "/access/odd", &acl), "digest without a colon");
    acl.data = bad_world;
    expect_code(ZINVALIDACL, create(zh, "/access/odd", &acl), "world that is not anyone");
    acl.count = 0;
    expect_code(ZINVALIDACL, create(zh, "/access/odd", &acl), "no acl at all");
    acl = (struct ACL_vector){2, by_ip};
    expect_code(ZOK, create(zh, "/access/ip", &acl), "acl by address");
    char value[16];
    int length = sizeof value;
    struct Stat stat;
    expect_code(ZOK, zoo_get(zh, "/access/ip", 0, value, &length, &stat), "  get");
    expect_code(ZNOAUTH, zoo_set(zh, "/access/ip", "x", 1, -1), "  set");
    acl = (struct ACL_vector){2, read_twice};
    expect_code(ZOK, create(zh, "/access/twice", &acl), "acl with an entry twice");
    show_acl(zh, "/access/twice", ZOK);
    expect_code(ZNONODE, zoo_set_acl(zh, "/access/none", -1, &ZOO_OPEN_ACL_UNSAFE), "set_acl of no node");
    show_acl(zh, "/access/none", ZNONODE);
}

void chapter_access(const char *servers) {
    say("# access");
    zhandle_t *zh = open_session(servers, 10000, NULL, 0, inbox_new("owner"));
    expect_code(ZOK, create(zh, "/access", &ZOO_OPEN_ACL_UNSAFE), "create");
    expect_code(ZINVALIDACL, create(zh, "/access/mine", &ZOO_CREATOR_ALL_ACL), "creator's acl without a creator");
    authenticate(zh, "digest", "owner:right", ZOK);
    expect_code(ZOK, create(zh, "/access/mine", &ZOO_CREATOR_ALL_ACL), "creator's acl");
    expect_code(ZOK, create(zh, "/access/mine/inner", &ZOO_READ_ACL_UNSAFE), "read-only acl");
    expect_code(ZNOAUTH, zoo_set(zh, "/access/mine/inner", "x", 1, -1), "set of a read-only node");
    show_acl(zh, "/access/mine", ZOK);
    show_acl(zh, "/access/mine/inner", ZOK);
    a_stranger_is_refused(servers);
    the_superuser_may_all(servers);
    expect_code(ZBADVERSION, zoo_set_acl(zh, "/access/mine", 5, &ZOO_OPEN_ACL_UNSAFE), "set_acl at a wrong version");
    expect_code(ZOK, zoo_set_acl(zh, "/access/mine", 0, &ZOO_OPEN_ACL_UNSAFE), "set_acl at version 0");
    show_acl(zh, "/access/mine", ZOK);
    odd_acls(zh);
    an_unknown_scheme_ends_the_session(servers);
    zookeeper_close(zh);
}
