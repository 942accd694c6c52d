#include "adapters/worklist/reason.h"

#include "proto/date.h"

#include <glib/gi18n.h>
#include <string.h>

static const struct { const char *code, *words; } needs[REASON_NEEDS] = {
    [REASON_NONE] = { "", "" },
    [REASON_GOVERNANCE] = { "governance", N_("You look at records for information governance, not to work with this client.") },
    [REASON_CONSENT] = { "consent", N_("This client refused or withdrew consent to share.") },
    [REASON_OVER] = { "over", N_("Nobody here has worked with this client for four weeks, and you never have.") },
};

const char *reason_words(ReasonNeed need) { return needs[need].words; }
const char *reason_code(ReasonNeed need) { return needs[need].code; }

static bool is(const json_t *row, const char *name, const char *value) { return strcmp(case_text(row, name), value) == 0; }

/* What the client last said about treatment sharing, in a message here or as the broker told. */
static bool said_no(const Case *it)
{
    size_t i;
    json_t *row;
    bool no = false;
    json_array_foreach (it->rows, i, row)
        if (is(row, "kind", "consent") || is(row, "step", "consent_changed"))
            no = is(row, "consent.state", "withdrawn") || is(row, "consent.state", "refused");
    return no;
}

static bool took_part(const Account *account, const Case *it)
{
    size_t i;
    json_t *row;
    json_array_foreach (it->rows, i, row)
        if (is(row, "opened_by", account->worker) || (is(row, "direction", "out") && is(row, "worker", account->worker)) || is(row, "release_answer.named_worker", account->worker) ||
            is(row, "referral_answer.named_worker", account->worker) || is(row, "transfer_answer.named_worker", account->worker))
            return true;
    return false;
}

static int64_t last_at(const Case *it)
{
    size_t i;
    json_t *row;
    int64_t last = 0, at;
    json_array_foreach (it->rows, i, row)
        if (tc_date_parse_time(case_text(row, "at"), &at))
            last = MAX(last, at);
    return last;
}

ReasonNeed reason_need(const Account *account, const Case *it, int64_t now)
{
    static const int64_t over = REASON_OVER_DAYS * 24 * 60 * 60 * (int64_t)G_USEC_PER_SEC;
    if (account->role == ROLE_GOVERNANCE)
        return REASON_GOVERNANCE;
    if (said_no(it))
        return REASON_CONSENT;
    return it->waiting == NULL && now - last_at(it) > over && !took_part(account, it) ? REASON_OVER : REASON_NONE;
}
