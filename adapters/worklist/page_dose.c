/* The dose sheet, to read or print: by what is known of the client in all conversations, so that none is shown that should not be. The doses stand on it all,
 * or none does; what else was answered beside them only where they may be shown. */
#include "adapters/worklist/client.h"
#include "adapters/worklist/field.h"
#include "adapters/worklist/medication.h"
#include "adapters/worklist/pages.h"
#include "adapters/worklist/said.h"
#include "adapters/worklist/say.h"

#include <glib/gi18n.h>

/* Of what else was answered, but who answers, which stands by itself. */
static json_t *more_of(const Worklist *w, const json_t *message)
{
    json_auto_t *copy = json_deep_copy(message);
    json_object_del(field_get(copy, "parts.clinical"), "answerer");
    return said_part(w, copy, "clinical");
}

static json_t *view_of(const Worklist *w, const json_t *message, json_t *answer)
{
    const json_t *person = field_get(message, "parts.minimum.person");
    bool shown = json_array_size(json_object_get(answer, "doses")) > 0;
    g_autofree char *printed = say_time(tc_client_now(w->client)), *born = say_short_day(case_text(person, "date_of_birth"));
    g_autofree char *name = g_strjoin(" ", case_text(person, "forenames"), case_text(person, "surname"), NULL);
    return json_pack("{s:s, s:s, s:s, s:s, s:s, s:O?, s:s, s:o, s:b, s:[o], s:s, s:s, s:s}", "title", _("Dose sheet"), "id", case_text(message, "conversation"), "printed", printed, "name", g_strstrip(name), "born", born,
                     "prison_numbers", json_object_get(person, "prison_numbers"), "nhs_number", case_text(person, "nhs_number"), "more", shown ? more_of(w, message) : json_array(),
                     "alone", true, "medication", answer, "asker", worklist_service_name(w, case_text(message, "recipient")), "phone", case_text(message, "parts.clinical.answerer.phone"), "number",
                     case_text(message, "id"));
}

void page_dose(Request *request, const char *rest)
{
    Worklist *w = request->worklist;
    TcError error = { 0 };
    json_auto_t *message = tc_client_message(w->client, rest, &error);
    Case *it = message != NULL ? caseload_find(w->caseload, case_text(message, "conversation")) : NULL;
    g_autoptr(GPtrArray) cases = it != NULL ? client_cases(w, it) : g_ptr_array_new();
    json_t *answer = medication_of(w, cases, rest);
    if (answer == NULL) {
        reply_problem(request, 404, _("There is no dose to show here"), _("Go back to the client, and see what was answered."));
        return;
    }
    if (view_record(request, it, "dose_sheet")) /* "dose" is the form of an answer */
        reply_page(request, 200, "dose", view_of(w, message, answer));
    else
        json_decref(answer);
}
