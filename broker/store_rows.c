#include "broker/store_rows.h"

void rows_head(const PGresult *result, int row, TcHead *head, uint8_t signature[64])
{
    head->batch = (uint64_t)row_int(result, row, 0);
    head->last_sequence = (uint64_t)row_int(result, row, 1);
    head->at = row_int(result, row, 2);
    row_digest(result, row, 3, &head->root);
    row_digest(result, row, 4, &head->previous);
    row_digest(result, row, 5, &head->last_hash);
    memset(signature, 0, 64);
    if (PQgetlength(result, row, 6) == 64)
        memcpy(signature, PQgetvalue(result, row, 6), 64);
}

static void split_told_before(const char *text, Head *head)
{
    g_auto(GStrv) each = g_strsplit(text, ",", G_N_ELEMENTS(head->told_before));
    for (size_t i = 0; each[i]; i++)
        g_strlcpy(head->told_before[i], each[i], sizeof head->told_before[i]);
}

/* As migration 005 says. */
static void split_clocks(const uint8_t *all, size_t count, Head *head)
{
    for (size_t i = 0; i < MIN(count, G_N_ELEMENTS(head->clocks)); i++, all += HEAD_CLOCK_LEN) {
        uint16_t policy;
        uint64_t due_at;
        uint32_t rung;
        memcpy(head->clocks[i].id.b, all, 16);
        memcpy(&policy, all + 16, 2);
        memcpy(&due_at, all + 18, 8);
        memcpy(&rung, all + 26, 4);
        head->clocks[i].policy = GUINT16_FROM_BE(policy);
        head->clocks[i].due_at = (int64_t)GUINT64_FROM_BE(due_at);
        head->clocks[i].rung = GUINT32_FROM_BE(rung);
    }
}

/* As table.c puts it: "area kind capabilities", or nothing. */
static void split_request(const char *text, ServiceRequest *request)
{
    g_auto(GStrv) each = g_strsplit(text, " ", 3);
    if (g_strv_length(each) != 3)
        return;
    g_strlcpy(request->area, each[0], sizeof request->area);
    request->kind = (int)g_ascii_strtoll(each[1], NULL, 10);
    request->capabilities = (uint32_t)g_ascii_strtoull(each[2], NULL, 10);
}

void rows_conversation(const PGresult *result, int row, Head *head)
{
    memset(head, 0, sizeof *head);
    head->conversation = row_uuid(result, row, 0);
    head->version = (uint32_t)row_int(result, row, 1);
    head->machine = (int)row_int(result, row, 2);
    head->state = (int)row_int(result, row, 3);
    row_text(result, row, 4, head->starter, sizeof head->starter);
    row_text(result, row, 5, head->addressee, sizeof head->addressee);
    row_text(result, row, 6, head->told, sizeof head->told);
    split_told_before(PQgetvalue(result, row, 7), head);
    TcId *ids[] = { &head->first, &head->newest_notification, &head->newest_answer, &head->newest_report, &head->last_recalled };
    for (size_t i = 0; i < G_N_ELEMENTS(ids); i++)
        *ids[i] = row_uuid(result, row, 8 + (int)i);
    head->release_at = row_int(result, row, 13);
    head->client = row_uuid(result, row, 14);
    split_clocks((const uint8_t *)PQgetvalue(result, row, 15), (size_t)PQgetlength(result, row, 15) / HEAD_CLOCK_LEN, head);
    head->marks = (uint32_t)row_int(result, row, 16);
    row_text(result, row, 17, head->residual, sizeof head->residual);
    split_request(PQgetvalue(result, row, 18), &head->request);
    head->possible = row_uuid(result, row, 19);
}

void rows_care(const PGresult *result, int row, Care *care)
{
    memset(care, 0, sizeof *care);
    care->client = row_uuid(result, row, 0);
    care->version = (uint32_t)row_int(result, row, 1);
    care->step = (int)row_int(result, row, 2);
    row_text(result, row, 3, care->coordinator, sizeof care->coordinator);
    row_text(result, row, 4, care->worker, sizeof care->worker);
    row_text(result, row, 5, care->residual, sizeof care->residual);
    row_text(result, row, 6, care->receiver, sizeof care->receiver);
    row_text(result, row, 7, care->place, sizeof care->place);
    care->in_custody = row_int(result, row, 8) != 0;
    care->on_order = row_int(result, row, 9) != 0;
    care->died = row_int(result, row, 10) != 0;
    care->conversation = row_uuid(result, row, 11);
    care->message = row_uuid(result, row, 12);
    row_text(result, row, 13, care->prescriber, sizeof care->prescriber);
    row_text(result, row, 14, care->consent, sizeof care->consent);
    care->same_as = row_uuid(result, row, 15);
    care->released_at = row_int(result, row, 16);
}

void rows_ref(const PGresult *result, int row, MessageRef *ref)
{
    memset(ref, 0, sizeof *ref);
    ref->id = row_uuid(result, row, 0);
    ref->conversation = row_uuid(result, row, 1);
    ref->kind = (int)row_int(result, row, 2);
    row_text(result, row, 3, ref->sender, sizeof ref->sender);
    row_text(result, row, 4, ref->recipient, sizeof ref->recipient);
    row_digest(result, row, 5, &ref->digest);
    row_digest(result, row, 6, &ref->content_digest);
    ref->sequence = (uint64_t)row_int(result, row, 7);
    ref->batch = (uint64_t)row_int(result, row, 8);
    ref->delivery = (uint64_t)row_int(result, row, 9);
    ref->opened = row_int(result, row, 10) != 0;
    ref->recalled = row_int(result, row, 11) != 0;
    ref->governed = (unsigned)row_int(result, row, 12);
    ref->withheld = row_int(result, row, 13) != 0;
}

void rows_clock(const PGresult *result, int row, ClockDue *clock)
{
    memset(clock, 0, sizeof *clock);
    clock->id = row_uuid(result, row, 0);
    clock->conversation = row_uuid(result, row, 1);
    clock->message = row_uuid(result, row, 2);
    clock->policy = (int)row_int(result, row, 3);
    clock->started_at = row_int(result, row, 4);
    clock->due_at = row_int(result, row, 5);
    clock->rung = (uint32_t)row_int(result, row, 6);
    row_text(result, row, 7, clock->waiting_for, sizeof clock->waiting_for);
}

void rows_provenance(const PGresult *result, int row, int column, Provenance *provenance)
{
    memset(provenance, 0, sizeof *provenance);
    provenance->session = row_uuid(result, row, column);
    if (PQgetlength(result, row, column + 1) == 64)
        memcpy(provenance->signature, PQgetvalue(result, row, column + 1), 64);
    provenance->index = (uint32_t)row_int(result, row, column + 2);
    provenance->count = (uint32_t)row_int(result, row, column + 3);
    provenance->path = row_span(result, row, column + 4);
}
