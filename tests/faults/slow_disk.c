/* A slower disk: preloaded before PostgreSQL, it makes every fdatasync, which is how a commit gets to the disk, take SLOW_DISK microseconds longer. */
#include <dlfcn.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <time.h>
#include <unistd.h>

static struct timespec longer;

__attribute__((constructor)) static void read_wish(void)
{
    const char *wish = getenv("SLOW_DISK");
    long us = wish == NULL ? 0 : atol(wish);
    longer = (struct timespec){us / 1000000, us % 1000000 * 1000};
}

int fdatasync(int file)
{
    static __typeof__(&fdatasync) real;
    if (real == NULL)
        *(void **)&real = dlsym(RTLD_NEXT, "fdatasync");
    int done = real(file);
    prctl(PR_SET_TIMERSLACK, 1UL, 0, 0, 0); /* otherwise the kernel adds 50 us of its own */
    nanosleep(&longer, NULL);
    return done;
}
