/* Filling a TcError: one place, so that every error has a code, the field where there is one, and a sentence that says what to do.
 *
 * All functions take NULL for a caller that does not ask, and give false, so that they can be returned. Nothing allocates what the
 * caller must free. A sentence never repeats a value that came from outside. Any thread. */
#ifndef SDK_ERROR_H
#define SDK_ERROR_H

#include "proto/check.h"
#include "throughcare/throughcare.h"

bool error_set(TcError *error, const char *code, const char *field, const char *format, ...) G_GNUC_PRINTF(4, 5);
/* A code of the table with its own sentence and advice. field may be NULL. */
bool error_code(TcError *error, uint32_t code, const char *field);
/* A problem found by the check: its path from the type's name on is put after prefix ("" or "parts.minimum"). */
bool error_problem(TcError *error, const TcProblem *problem, const char *prefix);

#endif
