/*
 * faults: preloaded into a server (LD_PRELOAD), makes its disk fail when a control file says so.
 *
 *   cc -shared -fPIC -O2 -o faults.so faults.c -ldl
 *   CHAOS_FAULTS=control-file LD_PRELOAD=./faults.so server ...
 *
 * The control file is mapped, so a change takes effect at the next call:
 *   byte 0       writes (write, pwrite, writev, pwritev, fallocate, ftruncate that grows):
 *                '-' work, 'S' fail with ENOSPC, 'E' fail with EIO
 *   byte 1       syncs (fsync, fdatasync, msync): '-' work, 'E' fail with EIO,
 *                '1' fail once with EIO and work again, 'F' freeze until the byte changes
 *   bytes 8-15   bytes that may still be written before ENOSPC, as a native 64-bit number; negative is no limit.
 *                The write that meets the limit is short, as on a real disk.
 *   bytes 16-23  how many calls were made to fail, counted by this library
 *   bytes 64-319 only files whose path contains this text; always zero-terminated
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

enum { CONTROL_BYTES = 320, PATH_AT = 64 };

struct control {
    volatile char writes, syncs;
    char unused[6];
    volatile int64_t budget;
    volatile int64_t failed;
};
static struct control *control;

__attribute__((constructor)) static void map_control(void) {
    const char *name = getenv("CHAOS_FAULTS");
    if (!name) return;
    int fd = open(name, O_RDWR | O_CLOEXEC);
    if (fd < 0) return;
    void *map = mmap(0, CONTROL_BYTES, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    if (map != MAP_FAILED) control = map;
    close(fd);
}

/* the next definition of a function, looked up once per function */
#define NEXT(type, name, ...)                                                                                          \
    static type (*next)(__VA_ARGS__);                                                                                  \
    if (!next) next = (type(*)(__VA_ARGS__))dlsym(RTLD_NEXT, name)

static int concerned(int fd) {
    if (!control) return 0;
    if (control->writes == '-' && control->syncs == '-' && control->budget < 0) return 0;
    struct stat st;
    if (fstat(fd, &st) || !S_ISREG(st.st_mode)) return 0;
    char link[64], path[4096];
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    ssize_t n = readlink(link, path, sizeof path - 1);
    if (n < 0) return 0;
    path[n] = 0;
    return strstr(path, (char *)control + PATH_AT) != 0;
}
static int fail(int code) {
    __sync_fetch_and_add(&control->failed, 1);
    errno = code;
    return -1;
}
/* how many of the wanted bytes may be written; -1 with errno when none */
static ssize_t allowed(int fd, size_t want) {
    if (!concerned(fd)) return want;
    if (control->writes == 'S') return fail(ENOSPC);
    if (control->writes == 'E') return fail(EIO);
    if (control->budget < 0 || want == 0) return want;
    int64_t left = control->budget, take;
    do { take = left < (int64_t)want ? left : (int64_t)want; } while (take > 0 && !__sync_bool_compare_and_swap(&control->budget, left, left - take) && (left = control->budget, 1));
    return take > 0 ? take : fail(ENOSPC);
}
static size_t total(const struct iovec *iov, int count) {
    size_t sum = 0;
    for (int i = 0; i < count; i++) sum += iov[i].iov_len;
    return sum;
}

ssize_t write(int fd, const void *data, size_t size) {
    NEXT(ssize_t, "write", int, const void *, size_t);
    ssize_t n = allowed(fd, size);
    return n < 0 ? -1 : next(fd, data, n);
}
ssize_t pwrite64(int fd, const void *data, size_t size, off64_t at) {
    NEXT(ssize_t, "pwrite64", int, const void *, size_t, off64_t);
    ssize_t n = allowed(fd, size);
    return n < 0 ? -1 : next(fd, data, n, at);
}
ssize_t pwrite(int fd, const void *data, size_t size, off_t at) { return pwrite64(fd, data, size, at); }

/* a vector that may be written only in part is cut to its first piece, or to a part of that */
ssize_t writev(int fd, const struct iovec *iov, int count) {
    NEXT(ssize_t, "writev", int, const struct iovec *, int);
    size_t want = total(iov, count);
    ssize_t n = allowed(fd, want);
    if (n < 0) return -1;
    if ((size_t)n == want) return next(fd, iov, count);
    struct iovec part = {iov[0].iov_base, (size_t)n < iov[0].iov_len ? (size_t)n : iov[0].iov_len};
    return next(fd, &part, 1);
}
ssize_t pwritev64(int fd, const struct iovec *iov, int count, off64_t at) {
    NEXT(ssize_t, "pwritev64", int, const struct iovec *, int, off64_t);
    size_t want = total(iov, count);
    ssize_t n = allowed(fd, want);
    if (n < 0) return -1;
    if ((size_t)n == want) return next(fd, iov, count, at);
    struct iovec part = {iov[0].iov_base, (size_t)n < iov[0].iov_len ? (size_t)n : iov[0].iov_len};
    return next(fd, &part, 1, at);
}
ssize_t pwritev(int fd, const struct iovec *iov, int count, off_t at) { return pwritev64(fd, iov, count, at); }

int fallocate64(int fd, int mode, off64_t at, off64_t size) {
    NEXT(int, "fallocate64", int, int, off64_t, off64_t);
    ssize_t n = allowed(fd, size);
    return n < 0 ? -1 : n < size ? fail(ENOSPC) : next(fd, mode, at, size);
}
int fallocate(int fd, int mode, off_t at, off_t size) { return fallocate64(fd, mode, at, size); }
int posix_fallocate64(int fd, off64_t at, off64_t size) {
    NEXT(int, "posix_fallocate64", int, off64_t, off64_t);
    ssize_t n = allowed(fd, size);
    return n < 0 || n < size ? ENOSPC : next(fd, at, size);
}
int posix_fallocate(int fd, off_t at, off_t size) { return posix_fallocate64(fd, at, size); }
int ftruncate64(int fd, off64_t size) {
    NEXT(int, "ftruncate64", int, off64_t);
    struct stat st;
    if (concerned(fd) && !fstat(fd, &st) && size > st.st_size && control->writes != '-')
        return fail(control->writes == 'E' ? EIO : ENOSPC);
    return next(fd, size);
}
int ftruncate(int fd, off_t size) { return ftruncate64(fd, size); }

static int sync_fails(void) {
    while (control->syncs == 'F') usleep(2000);
    if (control->syncs == 'E') return 1;
    return control->syncs == '1' && __sync_bool_compare_and_swap(&control->syncs, '1', '-');
}
int fsync(int fd) {
    NEXT(int, "fsync", int);
    return concerned(fd) && sync_fails() ? fail(EIO) : next(fd);
}
int fdatasync(int fd) {
    NEXT(int, "fdatasync", int);
    return concerned(fd) && sync_fails() ? fail(EIO) : next(fd);
}
/* a mapping has no descriptor to ask for its path: only faults without a path concern it */
int msync(void *at, size_t size, int flags) {
    NEXT(int, "msync", void *, size_t, int);
    int named = control && ((char *)control)[PATH_AT] != 0;
    return control && !named && control->syncs != '-' && sync_fails() ? fail(EIO) : next(at, size, flags);
}
