/* What is known of a client: what the messages of any of their conversations said last, and whom to ring about it. */
#include "adapters/worklist/client.h"
#include "adapters/worklist/field.h"

#include <string.h>

enum { OPENED_MAX = 40 }; /* messages opened for one fact */

/* ---- At a path ---- */

static bool is_sealed_in(const json_t *row, const char *path)
{
    size_t i;
    json_t *part;
    json_array_foreach (json_object_get(row, "sealed"), i, part) {
        g_autofree char *within = g_strconcat("parts.", json_string_value(part), NULL);
        if (g_str_has_prefix(path, within))
            return true;
    }
    return false;
}

static json_t *known_in(const Worklist *worklist, const Case *it, const char *path, int *left)
{
    for (size_t i = json_array_size(it->rows); i-- > 0 && *left > 0;) {
        const json_t *row = json_array_get(it->rows, i);
        if (!case_counts(row) || case_is_recalled(it, case_text(row, "id")) || !is_sealed_in(row, path))
            continue;
        (*left)--;
        json_auto_t *message = worklist_message(worklist, case_text(row, "id"));
        json_t *value = strcmp(case_text(message, "signature"), "good") == 0 ? field_get(message, path) : NULL;
        if (value != NULL)
            return json_incref(value);
    }
    return NULL;
}

json_t *client_known(const Worklist *worklist, Case *it, const char *path)
{
    g_autoptr(GPtrArray) cases = client_cases(worklist, it);
    json_t *found = NULL;
    int left = OPENED_MAX;
    for (guint i = 0; found == NULL && i < cases->len; i++)
        found = known_in(worklist, cases->pdata[i], path, &left);
    return found;
}

/* ---- Whom to ring ---- */

/* A newer version by a colleague may keep the contact of who wrote the first. */
static bool is_one_writers(const Case *it, const json_t *message)
{
    size_t i;
    json_t *row;
    json_array_foreach (it->rows, i, row)
        if (case_counts(row) && strcmp(case_text(row, "kind"), case_text(message, "kind")) == 0 && strcmp(case_text(row, "sender"), case_text(message, "sender")) == 0 && strcmp(case_text(row, "worker"), case_text(message, "worker")) != 0)
            return false;
    return true;
}

/* Whom an answer names, else who wrote it; "": that is not certain. */
static const char *whose_contact(const Case *it, const json_t *message)
{
    static const char *const named[] = { "release_answer.named_worker", "referral_answer.named_worker", "transfer_answer.named_worker" };
    for (size_t i = 0; i < G_N_ELEMENTS(named); i++)
        if (*case_text(message, named[i]) != '\0')
            return case_text(message, named[i]);
    return is_one_writers(it, message) ? case_text(message, "worker") : "";
}

char *client_worker_in(const Case *it, const json_t *message, const char *reference, bool phone)
{
    const json_t *contact = strcmp(case_text(message, "signature"), "good") == 0 ? field_get(message, "parts.minimum.worker") : NULL;
    const char *name = case_text(contact, "name"), *number = phone ? case_text(contact, "phone") : "";
    if (*name == '\0' || *reference == '\0' || strcmp(whose_contact(it, message), reference) != 0)
        return NULL;
    return g_strjoin(", ", name, reference, *number != '\0' ? number : NULL, NULL);
}

static char *worker_of(const Worklist *worklist, const Case *it, const char *service, const char *reference, int *left)
{
    char *said = NULL;
    for (size_t i = json_array_size(it->rows); said == NULL && i-- > 0 && *left > 0;) {
        const json_t *row = json_array_get(it->rows, i);
        if (!case_counts(row) || case_is_recalled(it, case_text(row, "id")) || strcmp(case_text(row, "sender"), service) != 0 || strcmp(whose_contact(it, row), reference) != 0)
            continue;
        (*left)--;
        json_auto_t *message = worklist_message(worklist, case_text(row, "id"));
        said = client_worker_in(it, message, reference, true);
    }
    return said;
}

char *client_worker_said(const Worklist *worklist, const GPtrArray *cases, const char *service, const char *reference)
{
    char *said = strcmp(service, worklist->service) == 0 ? worklist_worker_said(worklist, reference) : NULL;
    int left = OPENED_MAX;
    for (guint i = 0; said == NULL && *reference != '\0' && i < cases->len; i++)
        said = worker_of(worklist, cases->pdata[i], service, reference, &left);
    return said != NULL ? said : g_strdup(reference);
}

/* ---- What goes on ---- */

static const struct { const char *part, *path; } sendable[] = {
    { "clinical", "parts.clinical.assessment" }, { "clinical", "parts.clinical.care_plan" }, { "clinical", "parts.clinical.script_end" },
    { "clinical", "parts.clinical.naloxone" }, { "clinical", "parts.clinical.last_test" }, { "risk", "parts.risk" }, { "safeguarding", "parts.safeguarding" },
    { "minimum", "parts.minimum.contacts" }, { "minimum", "parts.minimum.staff_risk" },
};

json_t *client_sendable(const Worklist *worklist, Case *it, const char *part)
{
    json_t *message = json_object();
    for (size_t i = 0; i < G_N_ELEMENTS(sendable); i++) {
        json_t *value = strcmp(sendable[i].part, part) == 0 ? client_known(worklist, it, sendable[i].path) : NULL;
        if (value != NULL)
            field_put(message, sendable[i].path, value);
    }
    return message;
}
