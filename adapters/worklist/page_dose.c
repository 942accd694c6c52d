/* The one-page dose sheet, to read or print: by what is known of the client in all conversations, so that none is shown that should not be. */
#include "adapters/worklist/client.h"
#include "adapters/worklist/medication.h"
#include "adapters/worklist/pages.h"

#include <glib/gi18n.h>
#include <stdlib.h>

void page_dose(Request *request, const char *rest)
{
    Worklist *w = request->worklist;
    TcError error = { 0 };
    json_auto_t *message = tc_client_message(w->client, rest, &error);
    Case *it = message != NULL ? caseload_find(w->caseload, case_text(message, "conversation")) : NULL;
    g_autoptr(GPtrArray) cases = it != NULL ? client_cases(w, it) : g_ptr_array_new();
    json_auto_t *rows = medication_rows(cases);
    char *page = it != NULL ? tc_dose_page(message, rows, tc_client_now(w->client), &error) : NULL;
    if (page == NULL) {
        reply_problem(request, 404, _("There is no dose to show here"), error.text);
        return;
    }
    if (view_record(request, it, "dose"))
        reply_page(request, 200, "dose", json_pack("{s:s, s:s, s:s}", "title", _("Dose"), "page", page, "id", it->conversation));
    free(page);
}
