/* What a sending adapter must not let through, because the broker cannot see it and a person could be hurt by it: doses without a
 * product, milligrams or frequency, or in millilitres; confirmed answers that nobody stands behind; channels marked safe that are
 * not; a named worker who cannot be reached; days that cannot be. Works on JSON; pure; any thread. */
#ifndef SDK_SAFETY_H
#define SDK_SAFETY_H

#include "throughcare/throughcare.h"

/* Before the grammar is looked at, so that a dose that lacks its unit is refused as what it is. Code "unsafe_dose". */
bool safety_check_doses(const json_t *message, TcError *error);
/* Figures go alone, and nothing else carries them. */
bool safety_check_figures(const json_t *message, TcError *error);
/* After it: values have the forms of the protocol. now: microseconds. */
bool safety_check(const json_t *message, int64_t now, TcError *error);
/* Against what other messages about the client say (aside.h). */
bool safety_check_aside(const json_t *message, const json_t *aside, TcError *error);

#endif
