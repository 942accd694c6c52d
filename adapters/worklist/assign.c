#include "adapters/worklist/assign.h"

#include <string.h>

/* The other side expects the worker that we named. */
static bool they_expect(const Case *it)
{
    return !it->ours && strcmp(it->kind, "release_notification") == 0 && strcmp(it->state, "named") == 0 && case_last(it, "release_answer") != NULL;
}

/* The newest answer again, with where and when they will meet, and another name in it. */
static json_t *answer_of(Worklist *w, const Account *by, const Case *it, const Account *to)
{
    TcError error;
    json_auto_t *before = tc_client_message(w->client, case_text(case_last(it, "release_answer"), "id"), &error);
    json_t *minimum = json_pack("{s:o}", "worker", account_contact(to)), *said = json_object_get(json_object_get(before, "parts"), "minimum");
    if (json_object_get(said, "appointment") != NULL)
        json_object_set(minimum, "appointment", json_object_get(said, "appointment"));
    return json_pack("{s:s, s:s, s:s, s:s, s:{s:s, s:s}, s:{s:o}}", "kind", "release_answer", "worker", by->worker, "in_reply_to", case_text(it->request, "id"), "conversation", it->conversation,
                     "release_answer", "reply", "other_worker", "named_worker", to->worker, "parts", "minimum", minimum);
}

bool assign_case(Worklist *w, const Account *by, const char *conversation, const Account *to, bool *told, TcError *error)
{
    const Case *it = caseload_find(w->caseload, conversation);
    *told = false;
    if (it == NULL) {
        *error = (TcError){ .code = "not_found", .text = "This case is not known here any more. Look at the list again." };
        return false;
    }
    if (they_expect(it) && strcmp(it->facts.worker, to->worker) != 0) {
        json_auto_t *answer = answer_of(w, by, it, to);
        g_autofree char *key = g_strdup_printf("worklist:assign:%s:%s", case_text(case_last(it, "release_answer"), "id"), to->worker);
        if (!tc_client_send(w->client, answer, key, NULL, error))
            return false;
        *told = true;
    }
    return caseload_assign(w->caseload, conversation, to->worker, by->worker, error);
}
