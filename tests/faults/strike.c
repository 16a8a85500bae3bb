/* Counts the calls that change a disk, and kills, or refuses, the N-th of one kind: to be preloaded.

   strace can do the same (-e inject) but stops a process at each call of any kind, which costs ten times as much on a
   busy machine. tests/faults/test_system_calls.py checks that this library counts what strace counts. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <signal.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

/* Shared by all processes of a pass, so that a reader's calls count as the program's own. */
static struct {
    char call[32];
    long nth, made;
    int error, on, met;
} *plan;

/* Have the `nth` call be struck from now on: by `error`, or by a kill where it is 0. */
int arm(const char *call, long nth, int error) {
    if (!plan)
        plan = mmap(NULL, sizeof *plan, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (plan == MAP_FAILED)
        return -1;
    memset(plan, 0, sizeof *plan);
    strncpy(plan->call, call, sizeof plan->call - 1);
    plan->nth = nth;
    plan->error = error;
    plan->on = 1;
    return 0;
}

/* Return how many calls were made since, -1 - that number where one was struck; and end it. */
long disarm(void) {
    plan->on = 0;
    return plan->met ? -1 - plan->made : plan->made;
}

/* No disk refuses what is written to a pipe. */
static int on_disk(int file) {
    struct stat told;
    return file < 0 || (fstat(file, &told) == 0 && (S_ISREG(told.st_mode) || S_ISDIR(told.st_mode)));
}

static int struck(const char *call, int file) {
    if (!plan || !plan->on || strcmp(call, plan->call) || (plan->error && !on_disk(file)))
        return 0;
    if (__atomic_add_fetch(&plan->made, 1, __ATOMIC_SEQ_CST) != plan->nth)
        return 0;
    plan->met = 1;
    if (!plan->error)
        kill(getpid(), SIGKILL);
    errno = plan->error;
    return 1;
}

#define WRAP(type, symbol, call, file, declared, given)                        \
    type symbol declared {                                                     \
        static type(*next) declared;                                           \
        if (!next)                                                             \
            next = (type(*) declared)dlsym(RTLD_NEXT, #symbol);                \
        return struck(call, file) ? -1 : next given;                           \
    }

WRAP(int, fsync, "fsync", file, (int file), (file))
WRAP(int, fdatasync, "fdatasync", file, (int file), (file))
WRAP(int, ftruncate, "ftruncate", file, (int file, off_t size), (file, size))
WRAP(int, ftruncate64, "ftruncate", file, (int file, off64_t size), (file, size))
WRAP(int, rename, "rename", -1, (const char *from, const char *to), (from, to))
WRAP(int, link, "link", -1, (const char *from, const char *to), (from, to))
WRAP(int, unlink, "unlink", -1, (const char *path), (path))
WRAP(int, unlinkat, "unlinkat", -1, (int folder, const char *path, int how), (folder, path, how))
WRAP(int, rmdir, "rmdir", -1, (const char *path), (path))
WRAP(int, mkdir, "mkdir", -1, (const char *path, mode_t mode), (path, mode))
WRAP(ssize_t, write, "write", file, (int file, const void *data, size_t size), (file, data, size))
WRAP(ssize_t, pwrite, "pwrite64", file, (int file, const void *data, size_t size, off_t at), (file, data, size, at))
WRAP(ssize_t, pwrite64, "pwrite64", file, (int file, const void *data, size_t size, off64_t at), (file, data, size, at))
