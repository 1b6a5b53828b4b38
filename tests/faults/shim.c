/* Faults in what a process reads and writes: preloaded, it counts the calls that change files below
   one folder, and at a chosen one kills the process (half of the bytes written), fails, or sets the
   wall clock. It counts the files opened for reading as well; a chosen one vanishes just before. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <sys/types.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

enum { COUNT, KILL, FAIL_ONCE, FAIL_FROM_THEN_ON, VANISH, CLOCK };

static char root[PATH_MAX];
static int armed, action, code;
static long at, calls, reads, jump;

/* Begin to count calls below `folder`; do `what` at call number `number`; `with` is the errno of a
   failure, the seconds of a jump of the clock. */
void fault_arm(const char *folder, int what, long number, int with) {
    snprintf(root, sizeof root, "%s", folder);
    action = what, at = number, code = with, calls = reads = jump = 0, armed = 1;
}

long fault_calls(void) { return calls; }
long fault_reads(void) { return reads; }

static int inside(const char *path) {
    return armed && path && (path[0] != '/' || !strncmp(path, root, strlen(root)));
}

static int inside_fd(int fd) {
    char link[64], path[PATH_MAX];
    if (!armed) return 0;
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    ssize_t size = readlink(link, path, sizeof path - 1);
    if (size < 0) return 0;
    path[size] = 0;
    return path[0] == '/' && !strncmp(path, root, strlen(root));
}

static int inside_at(int folder, const char *path) {
    return folder == AT_FDCWD || path[0] == '/' ? inside(path) : inside_fd(folder);
}

/* 0: go on; 1: the call is to fail, errno is set; 2: the process is to be killed. */
static int fault(void) {
    long number = __atomic_add_fetch(&calls, 1, __ATOMIC_SEQ_CST);
    if (action == KILL && number == at) return 2;
    if (action == CLOCK && number == at) jump = code;
    if ((action == FAIL_ONCE && number == at) || (action == FAIL_FROM_THEN_ON && number >= at)) {
        errno = code;
        return 1;
    }
    return 0;
}

static void die(void) {
    kill(getpid(), SIGKILL);
    for (;;) pause();
}

#define REAL(name) ((typeof(&name))dlsym(RTLD_NEXT, #name))
#define GUARD(condition)                  \
    if (condition) {                      \
        int found = fault();              \
        if (found == 2) die();            \
        if (found == 1) return -1;        \
    }

static void vanish(int folder, const char *path, int flags) {
    if (flags & (O_CREAT | O_TRUNC | O_DIRECTORY) || (flags & O_ACCMODE) != O_RDONLY) return;
    if (!inside_at(folder, path)) return;
    long number = __atomic_add_fetch(&reads, 1, __ATOMIC_SEQ_CST);
    if (action == VANISH && number == at) REAL(unlinkat)(folder, path, 0);
}

#define OPEN(name)                                                          \
    int name(const char *path, int flags, ...) {                            \
        va_list rest;                                                       \
        va_start(rest, flags);                                              \
        mode_t mode = flags & (O_CREAT | O_TMPFILE) ? va_arg(rest, mode_t) : 0; \
        va_end(rest);                                                       \
        GUARD(flags & (O_CREAT | O_TRUNC) && inside(path))                  \
        vanish(AT_FDCWD, path, flags);                                      \
        return REAL(name)(path, flags, mode);                               \
    }
#define OPENAT(name)                                                        \
    int name(int folder, const char *path, int flags, ...) {                \
        va_list rest;                                                       \
        va_start(rest, flags);                                              \
        mode_t mode = flags & (O_CREAT | O_TMPFILE) ? va_arg(rest, mode_t) : 0; \
        va_end(rest);                                                       \
        GUARD(flags & (O_CREAT | O_TRUNC) && inside_at(folder, path))       \
        vanish(folder, path, flags);                                        \
        return REAL(name)(folder, path, flags, mode);                       \
    }
OPEN(open)
OPEN(open64)
OPENAT(openat)
OPENAT(openat64)

ssize_t write(int fd, const void *data, size_t size) {
    if (inside_fd(fd)) {
        int found = fault();
        if (found == 2) {
            REAL(write)(fd, data, size / 2);
            die();
        }
        if (found == 1) return -1;
    }
    return REAL(write)(fd, data, size);
}

#define PWRITE(name, offset_type)                                           \
    ssize_t name(int fd, const void *data, size_t size, offset_type where) { \
        if (inside_fd(fd)) {                                                \
            int found = fault();                                            \
            if (found == 2) {                                               \
                REAL(name)(fd, data, size / 2, where);                      \
                die();                                                      \
            }                                                               \
            if (found == 1) return -1;                                      \
        }                                                                   \
        return REAL(name)(fd, data, size, where);                           \
    }
PWRITE(pwrite, off_t)
PWRITE(pwrite64, off64_t)

ssize_t writev(int fd, const struct iovec *parts, int count) {
    GUARD(inside_fd(fd))
    return REAL(writev)(fd, parts, count);
}

#define OF_FD(name, ...) GUARD(inside_fd(fd)) return REAL(name)(__VA_ARGS__);
#define OF_AT(name, folder, path, ...) GUARD(inside_at(folder, path)) return REAL(name)(__VA_ARGS__);
#define OF_PATH(name, path, ...) GUARD(inside(path)) return REAL(name)(__VA_ARGS__);

int fsync(int fd) { OF_FD(fsync, fd) }
int fdatasync(int fd) { OF_FD(fdatasync, fd) }
int ftruncate(int fd, off_t size) { OF_FD(ftruncate, fd, size) }
int ftruncate64(int fd, off64_t size) { OF_FD(ftruncate64, fd, size) }
int fchmod(int fd, mode_t mode) { OF_FD(fchmod, fd, mode) }
int chmod(const char *path, mode_t mode) { OF_PATH(chmod, path, path, mode) }
int mkdir(const char *path, mode_t mode) { OF_PATH(mkdir, path, path, mode) }
int rmdir(const char *path) { OF_PATH(rmdir, path, path) }
int unlink(const char *path) { OF_PATH(unlink, path, path) }
int unlinkat(int folder, const char *path, int flags) { OF_AT(unlinkat, folder, path, folder, path, flags) }
int rename(const char *from, const char *to) { OF_PATH(rename, to, from, to) }
int renameat(int a, const char *from, int b, const char *to) { OF_AT(renameat, b, to, a, from, b, to) }
int renameat2(int a, const char *from, int b, const char *to, unsigned flags) {
    OF_AT(renameat2, b, to, a, from, b, to, flags)
}
int link(const char *from, const char *to) { OF_PATH(link, to, from, to) }
int symlink(const char *from, const char *to) { OF_PATH(symlink, to, from, to) }

int clock_gettime(clockid_t clock, struct timespec *now) {
    int failed = REAL(clock_gettime)(clock, now);
    if (!failed && clock == CLOCK_REALTIME) now->tv_sec += jump;
    return failed;
}
int gettimeofday(struct timeval *restrict now, void *restrict zone) {
    int failed = REAL(gettimeofday)(now, zone);
    if (!failed) now->tv_sec += jump;
    return failed;
}
time_t time(time_t *now) {
    time_t found = REAL(time)(NULL) + jump;
    if (now) *now = found;
    return found;
}
