/* What every chapter of the C client program shares: the transcript, the watch events, and the talk with the runner.
 *
 * The transcript goes to stdout and must be the same on every server, so nothing in it depends on time, zxids or
 * session ids. A line that starts with '!' is not transcript: it asks the runner to do something to the server. */
#ifndef TRANSCRIPT_H
#define TRANSCRIPT_H

#include <zookeeper/zookeeper.h>

/** Where a handle's session events and its watches' events are kept until the program asks for them. */
struct inbox;

struct inbox *inbox_new(const char *name);
void inbox_watcher(zhandle_t *zh, int type, int state, const char *path, void *inbox);

/** Take the next event, print it, and note a failure when none comes in time. */
void await_event(struct inbox *inbox);
/** Take session events until one says `state`; print only that one, since how many precede it depends on timing. */
void await_state(struct inbox *inbox, int state);
/** After all that the server has sent so far has been seen, print the events that are left: usually none. */
void print_rest(zhandle_t *zh, struct inbox *inbox);

/** Print one line. */
void say(const char *format, ...) __attribute__((format(printf, 1, 2)));
/** Print `what` and the name of the code; a code other than `wanted` makes the program fail. */
void expect_code(int wanted, int code, const char *what);
/** Print `what` as met, or as NOT MET, which makes the program fail. */
void expect_true(int met, const char *what);
/** Print what of a Stat does not depend on time or zxids. */
void say_stat(zhandle_t *zh, const struct Stat *stat);
void say_acl(const struct ACL_vector *acl);
/** Print the names in alphabetical order. */
void say_children(struct String_vector *children);
/** Print a value: null, or its length and its first bytes. */
void say_value(const char *value, int length);

/** Ask the runner for something ("restart", "kill") and wait until it is done. */
void ask_runner(const char *request);

/** A connected handle; NULL client id for a new session. */
zhandle_t *open_session(const char *servers, int timeout_ms, const clientid_t *id, int flags, struct inbox *inbox);

int failures(void);

#endif
