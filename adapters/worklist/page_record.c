/* What is on record about one client: who was told what, and who was answerable. */
#include "adapters/station/words.h"
#include "adapters/worklist/answerable.h"
#include "adapters/worklist/care.h"
#include "adapters/worklist/pages.h"
#include "adapters/worklist/say.h"

#include <glib/gi18n.h>
#include <string.h>

static json_t *readers_of(const Worklist *w, const json_t *row)
{
    json_t *list = json_array(), *reader;
    size_t i;
    json_array_foreach (json_object_get(row, "readers"), i, reader) {
        g_autofree char *at = say_time_text(case_text(reader, "at"));
        json_array_append_new(list, json_pack("{s:s, s:s, s:s, s:b}", "by", worklist_service_name(w, case_text(reader, "service")), "worker", case_text(reader, "worker"), "at", at, "asked",
                                              strcmp(case_text(reader, "step"), "asked") == 0));
    }
    return list;
}

static json_t *disclosure_of(const Worklist *w, const json_t *row)
{
    const char *to = case_text(row, "recipient"), *reason = case_text(row, "sharing_reason"), *basis = case_text(row, "legal_basis");
    g_autofree char *at = say_time_text(case_text(row, "at")), *what = say_sentence(words_of(case_text(row, "kind"))), *parts = care_joined(json_object_get(row, "sealed"), "parts", NULL),
                    *review = care_joined(json_object_get(row, "review"), "review", NULL);
    bool statutory = json_is_true(json_object_get(row, "statutory")), stated = *basis != '\0' || statutory;
    return json_pack("{s:s, s:s, s:s, s:s, s:s, s:s, s:s, s:b, s:b, s:s, s:s, s:o}", "at", at, "what", what, "by", worklist_service_name(w, case_text(row, "sender")), "to", *to != '\0' ? worklist_service_name(w, to) : "",
                     "parts", parts, "basis", words_of(basis), "reason", words_of(reason), "statutory", statutory, "stated", stated, "review", review, "opened_by",
                     case_text(row, "opened_by"), "readers", readers_of(w, row));
}

/* Who was told what about the client: all that this service sent or received. It opens everything once, so it is a page of its own. */
void page_disclosures(Request *request, const char *rest)
{
    Worklist *w = request->worklist;
    TcError error;
    Case *it = page_case(request, rest);
    if (it == NULL || !view_record(request, it, "disclosures"))
        return;
    json_auto_t *rows = tc_client_disclosures(w->client, case_text(it->request, "id"), &error);
    json_t *list = json_array(), *row;
    size_t i;
    json_array_foreach (rows, i, row)
        json_array_insert_new(list, 0, disclosure_of(w, row));
    reply_page(request, 200, "disclosures", json_pack("{s:s, s:s, s:s, s:o}", "title", _("Who was told what"), "id", it->conversation, "name", it->name != NULL ? it->name : _("A client"), "rows", list));
}

/* Who was answerable, and when, by the broker's record. */
void page_answerable(Request *request, const char *rest)
{
    Worklist *w = request->worklist;
    Case *it = page_case(request, rest);
    if (it == NULL || !view_record(request, it, "answerable"))
        return;
    const json_t *rows = answerables_rows(w->answerables, it), *row;
    json_t *list = json_array();
    for (size_t i = json_array_size(rows); i-- > 0;) {
        row = json_array_get(rows, i);
        const char *residual = case_text(row, "residual"), *from = case_text(row, "from"), *prescriber = case_text(row, "prescriber");
        g_autofree char *at = say_time_text(case_text(row, "at")), *step = say_sentence(words_of(case_text(row, "step")));
        json_array_append_new(list, json_pack("{s:s, s:s, s:s, s:s, s:s, s:s, s:s, s:b, s:b, s:b}", "at", at, "step", step, "coordinator", worklist_service_name(w, case_text(row, "coordinator")), "worker",
                                              case_text(row, "worker"), "residual", *residual != '\0' ? worklist_service_name(w, residual) : "", "from", *from != '\0' && strcmp(from, case_text(row, "coordinator")) != 0 ? worklist_service_name(w, from) : "",
                                              "prescriber", *prescriber != '\0' ? worklist_service_name(w, prescriber) : "", "in_custody", json_is_true(json_object_get(row, "in_custody")), "on_order",
                                              json_is_true(json_object_get(row, "on_order")), "died", json_is_true(json_object_get(row, "died"))));
    }
    reply_page(request, 200, "answerable", json_pack("{s:s, s:s, s:s, s:b, s:o}", "title", _("Who was answerable"), "id", it->conversation, "name", it->name != NULL ? it->name : _("A client"), "asked",
                                                     rows == NULL, "rows", list));
}
