#include "adapters/worklist/refused.h"

#include "adapters/station/words.h"
#include "adapters/worklist/library.h"
#include "adapters/worklist/say.h"

#include <stdlib.h>
#include <string.h>

enum { MESSAGES_MAX = 20 };

static char *note_of(const char *name)
{
    g_autofree char *digest = g_compute_checksum_for_string(G_CHECKSUM_SHA256, name, -1);
    return g_strconcat("worklist:refused:", digest, NULL);
}

bool refused_is_dealt_with(const Worklist *w, const char *name, const char *mark)
{
    g_autofree char *note = note_of(name);
    char *text = tc_client_note_get(w->client, note);
    bool same = text != NULL && strcmp(text, mark) == 0;
    free(text);
    return same;
}

bool refused_deal_with(Worklist *w, const char *name, const char *mark, TcError *error)
{
    g_autofree char *note = note_of(name);
    return tc_client_note_set(w->client, note, mark, error);
}

static json_t *message_view(Worklist *w, Case *it)
{
    const json_t *row = it->facts.refused;
    case_open(w->caseload, it);
    g_autofree char *at = say_time(it->facts.refused_at), *kind = say_sentence(words_of(case_text(row, "kind"))), *problem = library_said(w, case_text(row, "error.text"));
    return json_pack("{s:s, s:s, s:s, s:s, s:s, s:s}", "id", case_text(row, "id"), "conversation", it->conversation, "name", it->name != NULL ? it->name : "", "kind", kind, "at", at, "problem", problem);
}

json_t *refused_messages(Worklist *w)
{
    json_t *list = json_array();
    GSequence *all = caseload_list(w->caseload, CASES_REFUSED);
    for (GSequenceIter *at = g_sequence_get_end_iter(all); !g_sequence_iter_is_begin(at) && json_array_size(list) < MESSAGES_MAX;) {
        at = g_sequence_iter_prev(at);
        Case *it = g_sequence_get(at);
        const char *id = case_text(it->facts.refused, "id");
        if (!refused_is_dealt_with(w, id, id))
            json_array_append_new(list, message_view(w, it));
    }
    return list;
}

bool refused_message_dealt_with(Worklist *w, const char *id, TcError *error)
{
    GSequence *all = caseload_list(w->caseload, CASES_REFUSED);
    for (GSequenceIter *at = g_sequence_get_begin_iter(all); !g_sequence_iter_is_end(at); at = g_sequence_iter_next(at))
        if (strcmp(case_text(((Case *)g_sequence_get(at))->facts.refused, "id"), id) == 0)
            return refused_deal_with(w, id, id, error);
    return true;
}
