/* The one-page dose sheet, to read or print. */
#include "adapters/worklist/pages.h"

#include <glib/gi18n.h>
#include <stdlib.h>

void page_dose(Request *request, const char *rest)
{
    Worklist *w = request->worklist;
    TcError error;
    json_auto_t *message = tc_client_message(w->client, rest, &error);
    json_auto_t *conversation = message != NULL ? tc_client_conversation(w->client, case_text(message, "conversation"), &error) : NULL;
    char *page = conversation != NULL ? tc_dose_page(message, conversation, tc_client_now(w->client), &error) : NULL;
    if (page == NULL) {
        reply_problem(request, 404, _("There is no dose to show here"), error.text);
        return;
    }
    view_record(w, request->session->account, case_text(message, "conversation"), "dose");
    reply_page(request, 200, "dose", json_pack("{s:s, s:s, s:s}", "title", _("Dose"), "page", page, "id", case_text(message, "conversation")));
    free(page);
}
