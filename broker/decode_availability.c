#include "broker/decode_availability.h"

#include "proto/unpack.h"
#include "throughcare.pb-c.h"

_Static_assert(AVAILABILITY_OPENINGS == 24 && AVAILABILITY_CLOSURES == 16, "limits.def allows as many");

static void read_availability(const Tc__AvailabilityHeader *from, Availability *to)
{
    if (from->n_hours > 0)
        to->opening_count = 0;
    for (size_t i = 0; i < from->n_hours && i < AVAILABILITY_OPENINGS; i++)
        to->openings[to->opening_count++] = (Opening){ (int)from->hours[i]->day, (int)from->hours[i]->opens, (int)from->hours[i]->closes };
    for (size_t i = 0; i < from->n_closures && i < AVAILABILITY_CLOSURES; i++) {
        Closure *closure = &to->closures[to->closure_count++];
        g_strlcpy(closure->from_day, from->closures[i]->from_day, sizeof closure->from_day);
        g_strlcpy(closure->to_day, from->closures[i]->to_day, sizeof closure->to_day);
    }
    if (from->has_places)
        to->places = (int)from->places;
    for (size_t i = 0; i < from->n_capabilities; i++)
        to->capabilities |= 1u << from->capabilities[i];
}

bool decode_availability(Span header, Availability *to)
{
    TcProblem problem;
    g_autoptr(TcArena) arena = tc_arena_new(tc_unpack_budget(header.len));
    const Tc__Header *from =
        header.data == NULL ? NULL : (const Tc__Header *)tc_unpack(arena, &tc__header__descriptor, header.data, header.len, TC_UNKNOWN_REFUSED, &problem);
    *to = availability_unsaid;
    if (from == NULL || from->availability == NULL)
        return false;
    read_availability(from->availability, to);
    return true;
}
