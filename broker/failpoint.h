/* Named places where a test can make the broker die at once: TC_FAILPOINT=name or name:n (the nth time). Compiled in only with the
 * build option TC_FAILPOINTS; otherwise nothing. */
#ifndef BROKER_FAILPOINT_H
#define BROKER_FAILPOINT_H

#ifdef TC_FAILPOINTS
void failpoint(const char *name);
#else
static inline void failpoint(const char *name) { (void)name; }
#endif

#endif
