/* What every program that holds keys or opens content does first. Once, at the start of main; any thread; cannot fail. */
#ifndef TC_GUARD_H
#define TC_GUARD_H

/* No core file, and no debugger of the same user: what is in memory stays there. */
void tc_guard_memory(void);

#endif
