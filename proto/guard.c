#include "proto/guard.h"

#include <sys/prctl.h>
#include <sys/resource.h>

void tc_guard_memory(void)
{
    struct rlimit none = { 0, 0 };
    prctl(PR_SET_DUMPABLE, 0);
    setrlimit(RLIMIT_CORE, &none);
}
