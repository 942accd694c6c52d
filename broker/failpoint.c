#include "broker/failpoint.h"

#ifdef TC_FAILPOINTS
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

void failpoint(const char *name)
{
    static long left = -1;
    const char *wanted = getenv("TC_FAILPOINT");
    size_t len = strlen(name);
    if (!wanted || strncmp(wanted, name, len) != 0 || (wanted[len] != '\0' && wanted[len] != ':'))
        return;
    if (left < 0)
        left = wanted[len] == ':' ? strtol(wanted + len + 1, NULL, 10) : 1;
    if (--left <= 0)
        _exit(86);
}
#endif
