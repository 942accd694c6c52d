/* What became of something that was sent: its reference, and whether it is safe. */
#include "adapters/station/words.h"
#include "adapters/worklist/client.h"
#include "adapters/worklist/library.h"
#include "adapters/worklist/pages.h"
#include "adapters/worklist/say.h"

#include <glib/gi18n.h>
#include <string.h>

/* What cannot wait for a connection is told by telephone. */
static bool is_soon(const json_t *message, const Case *it)
{
    const char *own = case_text(message, "urgency"), *urgency = *own != '\0' ? own : it->facts.urgency;
    return strcmp(urgency, "before_leaves_cell") == 0 || strcmp(urgency, "same_day") == 0;
}

void page_sent(Request *request, const char *rest)
{
    Worklist *w = request->worklist;
    TcError error;
    json_auto_t *message = tc_client_message(w->client, rest, &error);
    const Case *it = message != NULL ? caseload_find(w->caseload, case_text(message, "conversation")) : NULL;
    if (it == NULL) {
        reply_problem(request, 404, _("There is no such message here"), _("Go back to Today."));
        return;
    }
    const char *state = case_text(message, "delivery_state"), *to = case_text(message, "recipient");
    bool back = strcmp(state, "taken_back") == 0 || case_is_recalled(it, rest);
    bool waits = !back && w->state != TC_STATE_CONNECTED && strcmp(state, "accepted") != 0 && strcmp(state, "refused") != 0;
    g_autofree char *reference = g_ascii_strup(rest + MAX(strlen(rest), 8) - 8, -1), *kind = say_sentence(words_of(case_text(message, "kind"))), *problem = library_said(w, case_text(message, "error.text"));
    reply_page(request, 200, "sent", json_pack("{s:s, s:s, s:s, s:s, s:s, s:b, s:b, s:b, s:b, s:b, s:s, s:s}", "title", back ? _("Taken back") : waits ? _("Not sent yet") : _("Sent"), "kind", kind, "standing", words_of(case_text(message, "error.standing")), "reference", reference, "id", it->conversation, "safe",
               strcmp(state, "accepted") == 0, "waits", waits, "soon", is_soon(message, it), "back", back, "refused", strcmp(state, "refused") == 0, "problem", problem, "to",
               *to != '\0' ? worklist_service_name(w, to) : _("the service that fits")));
}
