/*
 * zkload: one-threaded, pipelined load generator for any server that speaks the
 * ZooKeeper client protocol. The same binary drives every server under comparison.
 *
 *   cc -O2 -o zkload zkload.c
 *   zkload -a 127.0.0.1:2181[,127.0.0.1:2182...] -m MODE [-c conns] [-w window] [-t seconds]
 *          [-s bytes] [-k keys] [-r read%] [-p prefix] [-n count] [-P pid[,pid...]]
 *
 * MODE  create   create unique persistent znodes under the prefix
 *       set      setData on keys that setup creates
 *       get      getData on keys that setup creates
 *       mix      getData for -r percent of the requests, setData for the rest
 *       fanout   one writer; every other connection keeps a one-shot data watch on one znode;
 *                reports the time from the write to the last notification, and notifications/s
 *       connect  open sessions and close them again, -w at a time
 *
 * -n count ends a create run when exactly that many znodes exist, however long it takes (-t still bounds it).
 *
 * Prints one JSON line: ops, ops_per_s, latency in microseconds (p50 p90 p99 p999 max), errors,
 * and with -P the CPU seconds and the resident memory of those processes over the run.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/tcp.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { OP_CREATE = 1, OP_DELETE = 2, OP_EXISTS = 3, OP_GET = 4, OP_SET = 5, OP_PING = 11, OP_CLOSE = -11 };
enum { MAXWIN = 4096, RBUF = 1 << 18 };

typedef struct {
    int fd, live, window, armed;
    int32_t xid;
    uint64_t sent[MAXWIN];
    int head, tail, inflight;
    unsigned char *in, *out;
    int inlen, outlen, outoff;
} Conn;

static uint64_t now_ns(void) { struct timespec t; clock_gettime(CLOCK_MONOTONIC, &t); return t.tv_sec * 1000000000ull + t.tv_nsec; }
static uint64_t rng = 88172645463325252ull;
static uint64_t rnd(void) { rng ^= rng << 13; rng ^= rng >> 7; rng ^= rng << 17; return rng; }
static void die(const char *m) { perror(m); exit(1); }

/* log-linear latency histogram: 64 sub-buckets per power of two, in microseconds */
static uint64_t hist[64 * 64];
static uint64_t lat_max, ops, errors;
static void record(uint64_t us) {
    uint64_t e = us < 64 ? 0 : 58 - __builtin_clzll(us), i = 64 * e + ((us >> e) & 63);
    hist[i < 64 * 64 ? i : 64 * 64 - 1]++; ops++;
    if (us > lat_max) lat_max = us;
}
static uint64_t bucket_value(int i) { int e = i / 64; uint64_t m = i % 64; return e == 0 ? m : m << e; }
static uint64_t quantile(double q) {
    uint64_t want = (uint64_t)(q * ops), seen = 0;
    for (int i = 0; i < 64 * 64; i++) { seen += hist[i]; if (seen > want) return bucket_value(i); }
    return lat_max;
}

static void put32(unsigned char **p, int32_t v) { uint32_t x = htonl(v); memcpy(*p, &x, 4); *p += 4; }
static void put64(unsigned char **p, int64_t v) { put32(p, (int32_t)(v >> 32)); put32(p, (int32_t)v); }
static void putbuf(unsigned char **p, const void *d, int n) { put32(p, n); memcpy(*p, d, n); *p += n; }
static int32_t get32(const unsigned char *p) { uint32_t x; memcpy(&x, p, 4); return ntohl(x); }

static char addrs[16][64]; static int naddrs;
static int bytes = 100, keys = 1000, readpct = 90;
static const char *prefix = "/zkload"; static char payload[1 << 20];
static uint64_t created, create_max = UINT64_MAX;
static char runid[16];

static void addr_of(int i, struct sockaddr_in *sa) {
    char h[64]; strcpy(h, addrs[i % naddrs]); char *c = strchr(h, ':'); *c = 0;
    memset(sa, 0, sizeof *sa); sa->sin_family = AF_INET; sa->sin_port = htons(atoi(c + 1)); inet_pton(AF_INET, h, &sa->sin_addr);
}
static void read_full(int fd, unsigned char *b, int n) { while (n) { int r = read(fd, b, n); if (r <= 0) die("read (handshake or setup)"); b += r; n -= r; } }
static void write_full(int fd, unsigned char *b, int n) { while (n) { int r = write(fd, b, n); if (r <= 0) die("write"); b += r; n -= r; } }

static int dial(int i) {
    struct sockaddr_in sa; addr_of(i, &sa);
    int fd = socket(AF_INET, SOCK_STREAM, 0), one = 1;
    if (connect(fd, (void *)&sa, sizeof sa)) die("connect");
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
    unsigned char b[128], *p = b + 4; char pw[16] = {0};
    put32(&p, 0); put64(&p, 0); put32(&p, 30000); put64(&p, 0); putbuf(&p, pw, 16); *p++ = 0;
    unsigned char *q = b; put32(&q, p - b - 4);
    write_full(fd, b, p - b);
    read_full(fd, b, 4); int n = get32(b); read_full(fd, b, n);
    if (get32(b + 4) <= 0) { fprintf(stderr, "session refused\n"); exit(1); }
    return fd;
}
/* synchronous request used by setup; returns the error code of the reply */
static int32_t call(int fd, int op, const char *path, const void *data, int n) {
    unsigned char *b = malloc(n + 4096), *p = b + 4; put32(&p, 1); put32(&p, op);
    putbuf(&p, path, strlen(path));
    if (op == OP_CREATE) { putbuf(&p, data, n); put32(&p, 1); put32(&p, 31); putbuf(&p, "world", 5); putbuf(&p, "anyone", 6); put32(&p, 0); }
    unsigned char *q = b; put32(&q, p - b - 4); write_full(fd, b, p - b);
    unsigned char h[4]; read_full(fd, h, 4); int len = get32(h); unsigned char *r = malloc(len); read_full(fd, r, len);
    int32_t err = get32(r + 12); free(r); free(b); return err;
}

static void enqueue(Conn *c, int op, const char *path, int watch) {
    if (c->outlen + bytes + 512 > RBUF) return;
    unsigned char *b = c->out + c->outlen, *p = b + 4; put32(&p, ++c->xid); put32(&p, op); putbuf(&p, path, strlen(path));
    if (op == OP_CREATE) { putbuf(&p, payload, bytes); put32(&p, 1); put32(&p, 31); putbuf(&p, "world", 5); putbuf(&p, "anyone", 6); put32(&p, 0); }
    if (op == OP_SET) { putbuf(&p, payload, bytes); put32(&p, -1); }
    if (op == OP_GET) *p++ = watch;
    unsigned char *q = b; put32(&q, p - b - 4); c->outlen += p - b;
    c->sent[c->head++ & (MAXWIN - 1)] = now_ns(); c->inflight++;
}
static void flush_conn(Conn *c) {
    while (c->outoff < c->outlen) {
        int r = write(c->fd, c->out + c->outoff, c->outlen - c->outoff);
        if (r < 0) { if (errno == EAGAIN) return; c->live = 0; errors++; return; }
        c->outoff += r;
    }
    c->outoff = c->outlen = 0;
}
static int mode_is(const char *m, const char *x) { return !strcmp(m, x); }
static void next_request(Conn *c, const char *mode) {
    char path[256];
    if (mode_is(mode, "create")) { if (created >= create_max) return; snprintf(path, sizeof path, "%s/c%s-%llu", prefix, runid, (unsigned long long)created++); enqueue(c, OP_CREATE, path, 0); return; }
    snprintf(path, sizeof path, "%s/k%06llu", prefix, (unsigned long long)(rnd() % keys));
    int rd = mode_is(mode, "get") || (mode_is(mode, "mix") && (int)(rnd() % 100) < readpct);
    enqueue(c, rd ? OP_GET : OP_SET, path, 0);
}

static int pids[16], npids;
static double cpu_of(int pid) { char f[64], s[1024]; snprintf(f, 64, "/proc/%d/stat", pid); FILE *h = fopen(f, "r"); if (!h) return 0; if (!fgets(s, sizeof s, h)) s[0] = 0; fclose(h); char *p = strrchr(s, ')'); unsigned long u = 0, k = 0; if (p) sscanf(p + 2, "%*c %*d %*d %*d %*d %*d %*u %*u %*u %*u %*u %lu %lu", &u, &k); return (double)(u + k) / sysconf(_SC_CLK_TCK); }
static long rss_of(int pid) { char f[64], s[256]; long kb = 0; snprintf(f, 64, "/proc/%d/status", pid); FILE *h = fopen(f, "r"); if (!h) return 0; while (fgets(s, sizeof s, h)) if (sscanf(s, "VmRSS: %ld", &kb) == 1) break; fclose(h); return kb; }
static double cpu_all(void) { double t = 0; for (int i = 0; i < npids; i++) t += cpu_of(pids[i]); return t; }
static long rss_all(void) { long t = 0; for (int i = 0; i < npids; i++) t += rss_of(pids[i]); return t; }

static void report(const char *mode, int conns, int window, double secs, double cpu0) {
    printf("{\"mode\":\"%s\",\"conns\":%d,\"window\":%d,\"bytes\":%d,\"seconds\":%.2f,\"ops\":%llu,\"ops_per_s\":%.0f,\"p50_us\":%llu,\"p90_us\":%llu,\"p99_us\":%llu,\"p999_us\":%llu,\"max_us\":%llu,\"errors\":%llu",
           mode, conns, window, bytes, secs, (unsigned long long)ops, ops / secs, (unsigned long long)quantile(.5), (unsigned long long)quantile(.9), (unsigned long long)quantile(.99), (unsigned long long)quantile(.999), (unsigned long long)lat_max, (unsigned long long)errors);
    if (npids) { double cpu = cpu_all() - cpu0; printf(",\"server_cpu_s\":%.2f,\"server_cpu_us_per_op\":%.2f,\"server_rss_mb\":%.1f", cpu, ops ? cpu * 1e6 / ops : 0, rss_all() / 1024.0); }
    printf("}\n");
}

/* one writer, conns watchers: rounds of write, then wait until every watcher was told and has re-armed */
static void fanout(int conns, double secs) {
    char path[256]; snprintf(path, sizeof path, "%s/k000000", prefix);
    Conn *cs = calloc(conns + 1, sizeof *cs); int ep = epoll_create1(0);
    for (int i = 0; i <= conns; i++) { Conn *c = &cs[i]; c->fd = dial(i); c->live = 1; c->in = malloc(RBUF); c->out = malloc(RBUF); fcntl(c->fd, F_SETFL, O_NONBLOCK); struct epoll_event e = {.events = EPOLLIN, .data.ptr = c}; epoll_ctl(ep, EPOLL_CTL_ADD, c->fd, &e); }
    double cpu0 = cpu_all(); uint64_t start = now_ns(), told = 0, rounds = 0;
    while ((now_ns() - start) / 1e9 < secs) {
        for (int i = 1; i <= conns; i++) { enqueue(&cs[i], OP_GET, path, 1); flush_conn(&cs[i]); }
        int armed = 0, events = 0, wrote = 0; uint64_t t0 = 0;
        while (armed < conns || !wrote || events < conns) {
            if (armed == conns && !t0) { t0 = now_ns(); enqueue(&cs[0], OP_SET, path, 0); flush_conn(&cs[0]); }
            struct epoll_event ev[256]; int n = epoll_wait(ep, ev, 256, 5000);
            if (n == 0) { fprintf(stderr, "fanout stalled: armed %d, told %d of %d\n", armed, events, conns); exit(1); }
            for (int i = 0; i < n; i++) {
                Conn *c = ev[i].data.ptr; int r = read(c->fd, c->in + c->inlen, RBUF - c->inlen); if (r <= 0) { if (r < 0 && errno == EAGAIN) continue; fprintf(stderr, "connection lost\n"); exit(1); }
                c->inlen += r; int off = 0;
                while (c->inlen - off >= 4) { int len = get32(c->in + off); if (c->inlen - off < 4 + len) break; int32_t xid = get32(c->in + off + 4);
                    if (xid == -1) { events++; told++; } else if (c == cs) wrote = 1; else armed++;
                    off += 4 + len; }
                memmove(c->in, c->in + off, c->inlen - off); c->inlen -= off;
            }
        }
        record((now_ns() - t0) / 1000); rounds++;
    }
    double el = (now_ns() - start) / 1e9; fprintf(stderr, "notifications_per_s %.0f over %llu rounds\n", told / el, (unsigned long long)rounds);
    report("fanout", conns, 1, el, cpu0);
}

int main(int argc, char **argv) {
    const char *mode = "set"; int conns = 16, window = 32; double secs = 10; int o;
    snprintf(runid, sizeof runid, "%x", (unsigned)(now_ns() ^ getpid()));
    while ((o = getopt(argc, argv, "a:m:c:w:t:s:k:r:p:n:P:")) != -1) switch (o) {
        case 'a': for (char *s = strtok(optarg, ","); s; s = strtok(0, ",")) strncpy(addrs[naddrs++], s, 63); break;
        case 'm': mode = optarg; break; case 'c': conns = atoi(optarg); break; case 'w': window = atoi(optarg); break;
        case 't': secs = atof(optarg); break; case 's': bytes = atoi(optarg); break; case 'k': keys = atoi(optarg); break;
        case 'r': readpct = atoi(optarg); break; case 'p': prefix = optarg; break; case 'n': create_max = strtoull(optarg, 0, 10); break;
        case 'P': for (char *s = strtok(optarg, ","); s; s = strtok(0, ",")) pids[npids++] = atoi(s); break;
        default: fprintf(stderr, "see the comment at the top of zkload.c\n"); return 2; }
    if (!naddrs || window < 1 || window > MAXWIN || bytes < 0 || bytes > 100000) { fprintf(stderr, "zkload: needs -a host:port; -w 1..%d; -s 0..100000\n", MAXWIN); return 2; }
    memset(payload, 'x', sizeof payload);

    if (mode_is(mode, "connect")) {
        double cpu0 = cpu_all(); uint64_t start = now_ns(); int fds[MAXWIN];
        while ((now_ns() - start) / 1e9 < secs) {
            for (int i = 0; i < window; i++) { uint64_t t = now_ns(); fds[i] = dial(i); record((now_ns() - t) / 1000); }
            for (int i = 0; i < window; i++) { unsigned char b[12], *p = b; put32(&p, 8); put32(&p, 1); put32(&p, OP_CLOSE); write_full(fds[i], b, 12); unsigned char r[64]; if (read(fds[i], r, 64) < 0) errors++; close(fds[i]); }
        }
        report(mode, 0, window, (now_ns() - start) / 1e9, cpu0); return 0;
    }

    int s = dial(0); char path[256]; call(s, OP_CREATE, prefix, "", 0);
    if (!mode_is(mode, "create")) for (int i = 0; i < keys; i++) { snprintf(path, sizeof path, "%s/k%06d", prefix, i); int32_t e = call(s, OP_CREATE, path, payload, bytes); if (e && e != -110) { fprintf(stderr, "setup: create %s failed with %d\n", path, e); return 1; } }
    if (mode_is(mode, "fanout")) { fanout(conns, secs); return 0; }

    Conn *cs = calloc(conns, sizeof *cs); int ep = epoll_create1(0);
    for (int i = 0; i < conns; i++) { Conn *c = &cs[i]; c->fd = dial(i); c->live = 1; c->in = malloc(RBUF); c->out = malloc(RBUF); fcntl(c->fd, F_SETFL, O_NONBLOCK); struct epoll_event e = {.events = EPOLLIN, .data.ptr = c}; epoll_ctl(ep, EPOLL_CTL_ADD, c->fd, &e); }
    double cpu0 = cpu_all(); uint64_t start = now_ns(), end = start + (uint64_t)(secs * 1e9);
    for (int i = 0; i < conns; i++) { for (int j = 0; j < window; j++) next_request(&cs[i], mode); flush_conn(&cs[i]); }
    int live = conns;
    while (now_ns() < end && live > 0 && ops < create_max) {
        struct epoll_event ev[256]; int n = epoll_wait(ep, ev, 256, 1000);
        for (int i = 0; i < n; i++) {
            Conn *c = ev[i].data.ptr; if (!c->live) continue;
            int r = read(c->fd, c->in + c->inlen, RBUF - c->inlen);
            if (r <= 0) { if (r < 0 && errno == EAGAIN) continue; c->live = 0; live--; errors++; epoll_ctl(ep, EPOLL_CTL_DEL, c->fd, 0); continue; }
            c->inlen += r; int off = 0; uint64_t t = now_ns();
            while (c->inlen - off >= 4) {
                int len = get32(c->in + off); if (c->inlen - off < 4 + len) break;
                if (get32(c->in + off + 4) > 0) { record((t - c->sent[c->tail++ & (MAXWIN - 1)]) / 1000); if (get32(c->in + off + 16)) errors++; c->inflight--; next_request(c, mode); }
                off += 4 + len;
            }
            memmove(c->in, c->in + off, c->inlen - off); c->inlen -= off; flush_conn(c);
        }
        /* a partial write is resumed on the next reply; sockets on loopback rarely need more */
        if (n == 0) for (int i = 0; i < conns; i++) flush_conn(&cs[i]);
    }
    report(mode, conns, window, (now_ns() - start) / 1e9, cpu0);
    return 0;
}
