#include "adapters/worklist/rules.h"

#include "broker/authorise.h"
#include "broker/codes.h"
#include "broker/kind.h"
#include "broker/machine.h"
#include "proto/json.h"
#include "throughcare.pb-c.h"

#include <string.h>

static int kind_code(const char *name)
{
    int code;
    return tc_json_code_of(&tc__kind__code__descriptor, name, &code) ? code : KIND_NONE;
}

static int service_kind(const char *name)
{
    int code;
    return tc_json_code_of(&tc__service_kind__code__descriptor, name, &code) ? code : SERVICE_NONE;
}

bool rules_may_send(const char *kind, const char *from, RulesSide side, const char *to)
{
    static const Relation ours[] = { RELATION_STARTS, RELATION_STARTER, RELATION_ADDRESSEE, RELATION_TOLD };
    static const Relation theirs[] = { RELATION_STARTS, RELATION_ADDRESSEE, RELATION_STARTER, RELATION_STARTER };
    AuthoriseCase what = { kind_code(kind), service_kind(from), service_kind(to), ours[side], theirs[side] };
    return authorise(&what);
}

bool rules_replies(const char *kind, const char *to)
{
    const KindRule *rule = kind_rule(kind_code(kind));
    return rule != NULL && (rule->replies_to == ANY_REQUEST || (rule->replies_to != KIND_NONE && rule->replies_to == kind_code(to)));
}

bool rules_answers(const char *kind)
{
    const KindRule *rule = kind_rule(kind_code(kind));
    return rule != NULL && rule->place == PLACE_ANSWER;
}

bool rules_needs_person(const char *kind)
{
    const KindRule *rule = kind_rule(kind_code(kind));
    return rule != NULL && (rule->required & 1u << PART_MINIMUM) != 0;
}

static int number_of(const MachineName *names, size_t count, const char *name)
{
    for (size_t i = 0; i < count; i++)
        if (strcmp(names[i].name, name) == 0)
            return names[i].number;
    return 0;
}

bool rules_takes(const char *kind, const char *state, const char *events)
{
    size_t states, count;
    const KindRule *rule = kind_rule(kind_code(kind));
    g_auto(GStrv) each = g_strsplit(events, ",", -1);
    if (rule == NULL || rule->machine == MACHINE_NONE)
        return false;
    const MachineName *names = machine_states(rule->machine, &states), *all = machine_events(rule->machine, &count);
    int now = number_of(names, states, state);
    for (size_t i = 0; now != STATE_NEW && each[i] != NULL; i++)
        if (machine_step(rule->machine, now, number_of(all, count, each[i])) != NULL)
            return true;
    return false;
}
