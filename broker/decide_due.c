/* When a clock of this area runs out, and who is told in turn: as the protocol's page says, or as the area has set it. */
#include "broker/decide_work.h"

#include "broker/clock.h"

#define DUE_LEAST (15 * CLOCK_MINUTE)

/* The area of whoever is waited for; of the starter, when that has left the directory. */
static const ClockSetting *due_setting(const Work *work, int policy)
{
    const World *world = work->world;
    const TcService *service = tc_directory_service(world->directory, work->head->addressee);
    if (service == NULL)
        service = tc_directory_service(world->directory, work->head->starter);
    return service == NULL || world->clock_setting == NULL ? NULL : world->clock_setting(world->ctx, service->area, policy);
}

const Availability *decide_hours(const Work *work)
{
    const World *world = work->world;
    return world->availability == NULL ? NULL : world->availability(world->ctx, work->head->addressee);
}

int64_t decide_due(const Work *work, int policy, const Due *due)
{
    const ClockSetting *setting = due_setting(work, policy);
    if (setting == NULL || (setting->within == 0 && setting->working_days == 0))
        return due->usual;
    int64_t at = setting->within != 0 ? due->from + setting->within : availability_close(decide_hours(work), due->from, setting->working_days);
    if (due->no_later != 0)
        at = MIN(at, due->no_later);
    return MAX(at, work->world->now + DUE_LEAST);
}

int64_t decide_due_reminder(const Work *work, int policy, int64_t due_at)
{
    const ClockSetting *setting = due_setting(work, policy);
    int64_t at = setting == NULL || setting->remind == 0 ? 0 : due_at - setting->remind;
    return at > work->world->now ? at : 0;
}

void decide_due_ladder(const Work *work, int policy, ClockLadder *ladder)
{
    const ClockSetting *setting = due_setting(work, policy);
    if (setting == NULL || setting->role_count == 0)
        clock_ladder(policy, NULL, 0, ladder);
    else
        clock_ladder(policy, setting->roles, setting->role_count, ladder);
}
