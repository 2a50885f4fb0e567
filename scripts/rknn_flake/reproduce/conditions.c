/* Loaded into every program of a build by the loader's preload list: the clock is OFFSET seconds ahead, and folders list
   their files backwards. No libc is linked, so that one file serves the machine's and nixpkgs' glibc of any version; and no
   environment variable or file is needed, which builds could see. libfaketime stood still in a sandbox (its semaphore
   in /dev/shm), and it shifts the times of files, which are no clock. */
#define _GNU_SOURCE
#include <dirent.h>
#include <dlfcn.h>
#include <errno.h>
#include <pthread.h>
#include <semaphore.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <time.h>

#pragma weak dlsym

#if defined(__aarch64__) && !defined(__clang__)
/* "undefined symbol: __aarch64_swp1_acq": it is in libgcc, which is not linked either. */
#pragma GCC target("no-outline-atomics")
#endif

static long system_call(long number, long first, long second) {
  long result;
#if defined(__x86_64__)
  __asm__ volatile("syscall" : "=a"(result) : "a"(number), "D"(first), "S"(second) : "rcx", "r11", "memory");
#elif defined(__aarch64__)
  register long x8 __asm__("x8") = number, x0 __asm__("x0") = first, x1 __asm__("x1") = second;
  __asm__ volatile("svc 0" : "+r"(x0) : "r"(x8), "r"(x1) : "memory");
  result = x0;
#else
#error "unknown processor"
#endif
  return result;
}

int clock_gettime(clockid_t clock, struct timespec *now) {
  long result = system_call(SYS_clock_gettime, clock, (long)now);
  if (result < 0) {
    errno = (int)-result;
    return -1;
  }
  if (clock == CLOCK_REALTIME || clock == CLOCK_REALTIME_COARSE || clock == CLOCK_TAI) now->tv_sec += OFFSET;
  return 0;
}

int timespec_get(struct timespec *now, int base) {
  return base == TIME_UTC && clock_gettime(CLOCK_REALTIME, now) == 0 ? base : 0;
}

int gettimeofday(struct timeval *restrict now, void *restrict zone) {
  (void)zone;
  struct timespec precise;
  if (clock_gettime(CLOCK_REALTIME, &precise) != 0) return -1;
  now->tv_sec = precise.tv_sec;
  now->tv_usec = precise.tv_nsec / 1000;
  return 0;
}

time_t time(time_t *kept) {
  struct timespec now;
  if (clock_gettime(CLOCK_REALTIME, &now) != 0) return -1;
  if (kept) *kept = now.tv_sec;
  return now.tv_sec;
}

static void *next_function(const char *name) {
  return dlsym ? dlsym(RTLD_NEXT, name) : NULL;
}

/* A deadline that was made from the moved clock would be waited for in the kernel's, for more than a year. One on the
   monotonic clock is never that late. */
static const struct timespec *kernels(const struct timespec *deadline, struct timespec *moved) {
  if (!deadline || system_call(SYS_clock_gettime, CLOCK_REALTIME, (long)moved) < 0) return deadline;
  if (deadline->tv_sec - moved->tv_sec < OFFSET / 2) return deadline;
  *moved = *deadline;
  moved->tv_sec -= OFFSET;
  return moved;
}

/* NAME(parameters), whose parameter `until` is such a deadline, called with `arguments`. */
#define WAIT(NAME, parameters, ...)                                    \
  int NAME parameters {                                                \
    int(*real) parameters = next_function(#NAME);                      \
    struct timespec moved;                                             \
    return real ? real(__VA_ARGS__, kernels(until, &moved)) : ENOSYS;  \
  }

typedef const struct timespec *restrict deadline;
WAIT(pthread_cond_timedwait, (pthread_cond_t *restrict cond, pthread_mutex_t *restrict held, deadline until), cond, held)
WAIT(pthread_cond_clockwait,
     (pthread_cond_t *restrict cond, pthread_mutex_t *restrict held, clockid_t clock, deadline until), cond, held, clock)
WAIT(pthread_mutex_timedlock, (pthread_mutex_t *restrict mutex, deadline until), mutex)
WAIT(pthread_mutex_clocklock, (pthread_mutex_t *restrict mutex, clockid_t clock, deadline until), mutex, clock)
WAIT(sem_timedwait, (sem_t *restrict semaphore, deadline until), semaphore)
WAIT(sem_clockwait, (sem_t *restrict semaphore, clockid_t clock, deadline until), semaphore, clock)

int clock_nanosleep(clockid_t clock, int flags, const struct timespec *until, struct timespec *left) {
  int (*real)(clockid_t, int, const struct timespec *, struct timespec *) = next_function("clock_nanosleep");
  struct timespec moved;
  if (!real) return ENOSYS;
  return real(clock, flags, flags & TIMER_ABSTIME ? kernels(until, &moved) : until, left);
}

#ifdef BACKWARDS
/* A folder that is being read: all its entries, and how many were given out. */
struct folder {
  DIR *dir;
  struct dirent **entries;
  size_t count, given;
  struct folder *next;
};
static struct folder *folders;
static char busy;

static void lock(void) {
  while (__atomic_test_and_set(&busy, __ATOMIC_ACQUIRE)) system_call(SYS_sched_yield, 0, 0);
}

static void unlock(void) { __atomic_clear(&busy, __ATOMIC_RELEASE); }

static struct folder *find(DIR *dir) {
  lock();
  struct folder *found = folders;
  while (found && found->dir != dir) found = found->next;
  unlock();
  return found;
}

static void forget(DIR *dir) {
  lock();
  struct folder **place = &folders;
  while (*place && (*place)->dir != dir) place = &(*place)->next;
  struct folder *found = *place;
  if (found) *place = found->next;
  unlock();
  if (!found) return;
  for (size_t i = 0; i < found->count; i++) free(found->entries[i]);
  free(found->entries);
  free(found);
}

static struct folder *collect(DIR *dir, struct dirent *(*real)(DIR *)) {
  struct folder *folder = calloc(1, sizeof *folder);
  size_t room = 0;
  struct dirent *entry;
  int before = errno;
  if (!folder) return NULL;
  folder->dir = dir;
  while ((entry = real(dir))) {
    if (folder->count == room) {
      room = room ? 2 * room : 64;
      struct dirent **larger = realloc(folder->entries, room * sizeof *larger);
      if (!larger) abort();
      folder->entries = larger;
    }
    struct dirent *copy = calloc(1, sizeof *copy);
    if (!copy) abort();
    memcpy(copy, entry, entry->d_reclen < sizeof *copy ? entry->d_reclen : sizeof *copy);
    folder->entries[folder->count++] = copy;
  }
  errno = before;
  lock();
  folder->next = folders;
  folders = folder;
  unlock();
  return folder;
}

struct dirent *readdir(DIR *dir) {
  struct dirent *(*real)(DIR *) = next_function("readdir");
  if (!real) return NULL;
  struct folder *folder = find(dir);
  if (!folder && !(folder = collect(dir, real))) return NULL;
  return folder->given < folder->count ? folder->entries[folder->count - ++folder->given] : NULL;
}

struct dirent64 *readdir64(DIR *dir) { return (struct dirent64 *)readdir(dir); }

int closedir(DIR *dir) {
  int (*real)(DIR *) = next_function("closedir");
  forget(dir);
  return real ? real(dir) : 0;
}

void rewinddir(DIR *dir) {
  void (*real)(DIR *) = next_function("rewinddir");
  forget(dir);
  if (real) real(dir);
}

long telldir(DIR *dir) {
  struct folder *folder = find(dir);
  return folder ? (long)folder->given : 0;
}

void seekdir(DIR *dir, long place) {
  struct folder *folder = find(dir);
  if (folder && place >= 0 && (size_t)place <= folder->count) folder->given = (size_t)place;
}
#endif
