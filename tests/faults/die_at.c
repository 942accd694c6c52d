/* A program that is killed at one of its own acts: preloaded before an adapter, it sends the process SIGKILL at the nth call named by DIE_AT, "fdatasync 7
 * before" or "zmq_send 3 after". fdatasync is a commit of the spool, zmq_msg_recv a frame taken from the network, zmq_send one given to it. */
#include <dlfcn.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <zmq.h>

static char wanted[32];
static long left = -1;
static int after;

__attribute__((constructor)) static void read_wish(void)
{
    char when[8] = "";
    const char *wish = getenv("DIE_AT");
    if (wish != NULL && sscanf(wish, "%31s %ld %7s", wanted, &left, when) == 3)
        after = strcmp(when, "after") == 0;
}

/* Counted before the call; true for the one to die at. */
static int is_it(const char *name)
{
    if (left <= 0 || strcmp(name, wanted) != 0 || --left > 0)
        return 0;
    if (!after)
        kill(getpid(), SIGKILL);
    return 1;
}

static void die_if(int it)
{
    if (it)
        kill(getpid(), SIGKILL);
}

#define REAL(name) \
    static __typeof__(&name) real; \
    if (real == NULL) \
        *(void **)&real = dlsym(RTLD_NEXT, #name)

int fdatasync(int file)
{
    REAL(fdatasync);
    int it = is_it("fdatasync"), done = real(file);
    die_if(it);
    return done;
}

int zmq_send(void *socket, const void *data, size_t len, int flags)
{
    REAL(zmq_send);
    int it = is_it("zmq_send"), done = real(socket, data, len, flags);
    die_if(it);
    return done;
}

/* One that brings nothing is not counted. */
int zmq_msg_recv(zmq_msg_t *message, void *socket, int flags)
{
    REAL(zmq_msg_recv);
    int done = real(message, socket, flags);
    if (done >= 0)
        die_if(is_it("zmq_msg_recv"));
    return done;
}
