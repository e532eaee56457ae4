/* The transcript, the event inboxes and the talk with the runner; see transcript.h. */
#include "transcript.h"

#include <errno.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define EVENT_WAIT_SECONDS 15
#define STATE_WAIT_SECONDS 40
#define EVENTS_MAX 1024

struct event {
    int type;
    int state;
    char path[256];
};

struct inbox {
    const char *name;
    pthread_mutex_t lock;
    pthread_cond_t arrived;
    struct event events[EVENTS_MAX];
    int taken;
    int count;
};

static int failure_count;

int failures(void) { return failure_count; }

void say(const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    vprintf(format, arguments);
    va_end(arguments);
    putchar('\n');
    fflush(stdout);
}

static const char *code_name(int code) {
    static char number[32];
    if (code == ZOK) return "ok";
    snprintf(number, sizeof number, "error %d", code);
    return number;
}

void expect_code(int wanted, int code, const char *what) {
    if (code == wanted) {
        say("%s: %s", what, code_name(code));
        return;
    }
    failure_count += 1;
    say("%s: %s, WANTED %d", what, code_name(code), wanted);
}

void expect_true(int met, const char *what) {
    if (!met) failure_count += 1;
    say("%s: %s", what, met ? "met" : "NOT MET");
}

/* Session events of an inbox are for await_state alone, except when the session is over. */
static int is_passing_state(const struct event *event) {
    return event->type == ZOO_SESSION_EVENT;
}

static const char *type_name(int type) {
    if (type == ZOO_CREATED_EVENT) return "created";
    if (type == ZOO_DELETED_EVENT) return "deleted";
    if (type == ZOO_CHANGED_EVENT) return "changed";
    if (type == ZOO_CHILD_EVENT) return "children";
    if (type == ZOO_SESSION_EVENT) return "session";
    if (type == ZOO_NOTWATCHING_EVENT) return "not-watching";
    return "unknown";
}

static const char *state_name(int state) {
    if (state == ZOO_EXPIRED_SESSION_STATE) return "expired";
    if (state == ZOO_AUTH_FAILED_STATE) return "auth-failed";
    if (state == ZOO_CONNECTING_STATE) return "connecting";
    if (state == ZOO_ASSOCIATING_STATE) return "associating";
    if (state == ZOO_CONNECTED_STATE) return "connected";
    if (state == ZOO_READONLY_STATE) return "read-only";
    if (state == ZOO_NOTCONNECTED_STATE) return "not-connected";
    return "unknown";
}

struct inbox *inbox_new(const char *name) {
    struct inbox *inbox = calloc(1, sizeof *inbox);
    inbox->name = name;
    pthread_mutex_init(&inbox->lock, NULL);
    pthread_cond_init(&inbox->arrived, NULL);
    return inbox;
}

void inbox_watcher(zhandle_t *zh, int type, int state, const char *path, void *context) {
    struct inbox *inbox = context;
    (void)zh;
    if (inbox == NULL) return;
    pthread_mutex_lock(&inbox->lock);
    if (inbox->count < EVENTS_MAX) {
        struct event *event = &inbox->events[inbox->count++];
        event->type = type;
        event->state = state;
        snprintf(event->path, sizeof event->path, "%s", path ? path : "");
    }
    pthread_cond_broadcast(&inbox->arrived);
    pthread_mutex_unlock(&inbox->lock);
}

/* The next event, session events only when asked for. False when the time is over. */
static int take(struct inbox *inbox, int session_events, int wait_seconds, struct event *out) {
    struct timespec deadline;
    clock_gettime(CLOCK_REALTIME, &deadline);
    deadline.tv_sec += wait_seconds;
    int found = 0;
    pthread_mutex_lock(&inbox->lock);
    for (;;) {
        while (inbox->taken < inbox->count && !found) {
            struct event *event = &inbox->events[inbox->taken++];
            if (is_passing_state(event) != session_events) continue;
            *out = *event;
            found = 1;
        }
        if (found || wait_seconds == 0) break;
        if (pthread_cond_timedwait(&inbox->arrived, &inbox->lock, &deadline) == ETIMEDOUT) break;
    }
    pthread_mutex_unlock(&inbox->lock);
    return found;
}

void await_event(struct inbox *inbox) {
    struct event event;
    if (take(inbox, 0, EVENT_WAIT_SECONDS, &event)) {
        say("%s got %s %s", inbox->name, type_name(event.type), event.path);
        return;
    }
    failure_count += 1;
    say("%s got NO EVENT", inbox->name);
}

void await_state(struct inbox *inbox, int state) {
    struct event event;
    while (take(inbox, 1, STATE_WAIT_SECONDS, &event)) {
        if (event.state != state) continue;
        say("%s is %s", inbox->name, state_name(state));
        return;
    }
    failure_count += 1;
    say("%s NEVER became %s", inbox->name, state_name(state));
}

struct latch {
    pthread_mutex_t lock;
    pthread_cond_t opened;
    int open;
};

static void open_latch(int code, const char *value, const void *data) {
    struct latch *latch = (struct latch *)data;
    (void)code;
    (void)value;
    pthread_mutex_lock(&latch->lock);
    latch->open = 1;
    pthread_cond_signal(&latch->opened);
    pthread_mutex_unlock(&latch->lock);
}

void print_rest(zhandle_t *zh, struct inbox *inbox) {
    /* A sync's completion runs on the thread that delivers events, after the events the server sent before it. */
    struct latch latch = {PTHREAD_MUTEX_INITIALIZER, PTHREAD_COND_INITIALIZER, 0};
    if (zoo_async(zh, "/", open_latch, &latch) == ZOK) {
        pthread_mutex_lock(&latch.lock);
        while (!latch.open) pthread_cond_wait(&latch.opened, &latch.lock);
        pthread_mutex_unlock(&latch.lock);
    }
    struct event event;
    int rest = 0;
    while (take(inbox, 0, 0, &event)) {
        rest += 1;
        say("%s also got %s %s", inbox->name, type_name(event.type), event.path);
    }
    if (rest == 0) say("%s got nothing else", inbox->name);
}

void say_stat(zhandle_t *zh, const struct Stat *stat) {
    const char *owner = "nobody";
    if (stat->ephemeralOwner != 0) owner = stat->ephemeralOwner == zoo_client_id(zh)->client_id ? "me" : "other";
    if (stat->ephemeralOwner == INT64_MIN) owner = "container";
    if (((uint64_t)stat->ephemeralOwner >> 56) == 0xff) owner = "ttl";
    say("  stat version=%d cversion=%d aversion=%d owner=%s length=%d children=%d mzxid%sczxid pzxid%sczxid mtime%sctime",
        stat->version, stat->cversion, stat->aversion, owner, stat->dataLength, stat->numChildren,
        stat->mzxid == stat->czxid ? "=" : ">", stat->pzxid == stat->czxid ? "=" : ">",
        stat->mtime >= stat->ctime ? ">=" : "<");
}

void say_acl(const struct ACL_vector *acl) {
    for (int i = 0; i < acl->count; i++)
        say("  acl %s:%s perms=%d", acl->data[i].id.scheme, acl->data[i].id.id, acl->data[i].perms);
}

static int by_name(const void *a, const void *b) { return strcmp(*(char *const *)a, *(char *const *)b); }

void say_children(struct String_vector *children) {
    qsort(children->data, children->count, sizeof(char *), by_name);
    printf("  children:");
    for (int i = 0; i < children->count; i++) printf(" %s", children->data[i]);
    say("%s", children->count == 0 ? " none" : "");
}

void say_value(const char *value, int length) {
    if (length < 0) {
        say("  value null");
        return;
    }
    say("  value %d bytes: %.*s", length, length < 40 ? length : 40, value);
}

void ask_runner(const char *request) {
    char answer[64];
    say("!%s", request);
    if (fgets(answer, sizeof answer, stdin) == NULL || strncmp(answer, "done", 4) != 0) {
        fprintf(stderr, "the runner did not do: %s\n", request);
        exit(3);
    }
}

zhandle_t *open_session(const char *servers, int timeout_ms, const clientid_t *id, int flags, struct inbox *inbox) {
    zhandle_t *zh = zookeeper_init(servers, inbox_watcher, timeout_ms, id, inbox, flags);
    if (zh == NULL) {
        perror("zookeeper_init");
        exit(3);
    }
    return zh;
}
