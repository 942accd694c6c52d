/* An access control that fails: preloaded before the broker, it stands between its handler and libzmq, and does to the handler's socket what the file
 * named by ZAP_FAULT says, a number of eight bytes, the moment it is written. The broker's own code is what runs in a real one. */
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>
#include <zmq.h>

#define HANDLER "inproc://zeromq.zap.01"
enum { GOOD, ABSENT, DEAD, STUCK, OPEN, WRONG_VERSION, WRONG_ID, NO_STATUS, TOO_SHORT, TOO_LONG };
enum { PART_VERSION, PART_ID, PART_STATUS, PART_TEXT, PART_USER, PART_METADATA };

static const volatile int64_t *fault;
static void *handler;
static int part;
static int dead;

__attribute__((constructor)) static void map_fault(void)
{
    const char *path = getenv("ZAP_FAULT");
    int file = path == NULL ? -1 : open(path, O_RDONLY | O_CLOEXEC);
    void *mapped = file < 0 ? MAP_FAILED : mmap(NULL, sizeof *fault, PROT_READ, MAP_SHARED, file, 0);
    if (file >= 0)
        close(file);
    if (mapped != MAP_FAILED)
        fault = mapped;
}

static int64_t now(void) { return fault == NULL ? GOOD : *fault; }

#define REAL(name) \
    static __typeof__(&name) real; \
    if (real == NULL) \
        *(void **)&real = dlsym(RTLD_NEXT, #name)

int zmq_bind(void *socket, const char *address)
{
    REAL(zmq_bind);
    if (strcmp(address, HANDLER) == 0)
        handler = socket;
    return socket == handler && now() == ABSENT ? 0 : real(socket, address);
}

/* Questions are not seen. One that died cannot be asked at all. */
int zmq_msg_recv(zmq_msg_t *message, void *socket, int flags)
{
    REAL(zmq_msg_recv);
    if (socket == handler && now() == DEAD && !dead)
        dead = zmq_unbind(socket, HANDLER) == 0;
    if (socket == handler && (now() == DEAD || now() == STUCK)) {
        errno = EAGAIN;
        return -1;
    }
    return real(message, socket, flags);
}

static int send_part(void *socket, const char *text, int flags)
{
    REAL(zmq_send);
    return real(socket, text, strlen(text), flags);
}

int zmq_send(void *socket, const void *data, size_t len, int flags)
{
    REAL(zmq_send);
    if (socket != handler || now() < OPEN)
        return real(socket, data, len, flags);
    int which = part;
    part = which == PART_METADATA ? 0 : which + 1;
    if (which == PART_VERSION && now() == WRONG_VERSION)
        return send_part(socket, "9.9", flags);
    if (which == PART_ID && now() == WRONG_ID)
        return send_part(socket, "2", flags);
    if (which == PART_STATUS && now() == NO_STATUS)
        return send_part(socket, "", flags);
    if (which == PART_STATUS && now() == OPEN)
        return send_part(socket, "200", flags);
    if (which == PART_TEXT && now() == TOO_SHORT)
        return real(socket, data, len, 0);
    if (which > PART_TEXT && now() == TOO_SHORT)
        return (int)len;
    if (which == PART_METADATA && now() == TOO_LONG) {
        real(socket, data, len, ZMQ_SNDMORE);
        return send_part(socket, "more", 0);
    }
    return real(socket, data, len, flags);
}
