/* Row by row, what each table gets of a batch. The order of columns is that of broker/sql/put_*.sql. */
#include "broker/table.h"

#include "broker/codes.h"

#define I8 COLUMN_INT8
#define I4 COLUMN_INT4
#define I2 COLUMN_INT2
#define BO COLUMN_BOOL
#define TX COLUMN_TEXT
#define BY COLUMN_BYTEA
#define UU COLUMN_UUID

#define EACH_ENTRY(batch, entry) \
    for (BatchEntry *entry = (BatchEntry *)(void *)(batch)->entries->data, *entry##_end = entry + (batch)->entries->len; entry < entry##_end; entry++)
#define EACH(type, row, array) \
    for (const type *row = (const type *)(const void *)(array)->data, *row##_end = row + (array)->len; row < row##_end; row++)

static const TcId no_id;

static bool zero(const TcDigest *digest) { static const TcDigest none; return tc_digest_equal(digest, &none); }

static void fill_audit(Column *c, const Batch *batch)
{
    EACH(SealedAudit, a, batch->audit) {
        const TcAuditRow *r = &a->row;
        column_int(&c[0], (int64_t)r->sequence);
        column_int(&c[1], (int64_t)batch->head.batch);
        column_int(&c[2], r->at);
        column_int(&c[3], r->event);
        column_text(&c[4], r->service);
        column_uuid(&c[5], &r->conversation);
        column_uuid(&c[6], &r->message);
        column_bytes(&c[7], zero(&r->digest) ? NULL : r->digest.b, 32);
        column_text(&c[8], r->detail);
        column_bytes(&c[9], r->previous.b, 32);
        column_bytes(&c[10], a->hash.b, 32);
        column_bytes(&c[11], a + 1 == a_end ? batch->signature : NULL, sizeof batch->signature);
    }
}

static void put_provenance(Column *c, const Provenance *p)
{
    column_uuid_always(&c[0], &p->session);
    column_bytes(&c[1], p->signature, sizeof p->signature);
    column_int(&c[2], p->index);
    column_int(&c[3], p->count);
    column_bytes(&c[4], p->path.data ? p->path.data : (const uint8_t *)"", p->path.len);
}

/* The number that a message got in its recipient's queue. */
static uint64_t delivery_of(const Batch *batch, const BatchEntry *entry, const TcId *message)
{
    const Decision *d = &entry->decision;
    for (guint i = 0; i < d->deliveries->len; i++) {
        const DeliveryRow *row = &g_array_index(d->deliveries, DeliveryRow, i);
        if (row->type == DELIVERY_MESSAGE && tc_id_equal(&row->message, message) && strcmp(row->recipient, d->recipient) == 0)
            return g_array_index(batch->delivery_numbers, uint64_t, entry->first_delivery + i);
    }
    return 0;
}

static void fill_message(Column *c, const Batch *batch)
{
    EACH_ENTRY(batch, e) {
        const Item *item = e->decision.store_message;
        if (!item)
            continue;
        const Message *m = &item->message;
        column_uuid(&c[0], &m->id);
        column_int(&c[1], m->kind);
        column_text(&c[2], m->sender);
        column_text(&c[3], e->decision.recipient);
        column_uuid(&c[4], &m->conversation);
        column_int(&c[5], batch->head.at);
        column_int(&c[6], (int64_t)batch->head.batch);
        column_int(&c[7], (int64_t)g_array_index(batch->audit, SealedAudit, e->first_audit).row.sequence);
        column_int(&c[8], (int64_t)delivery_of(batch, e, &m->id));
        column_bytes(&c[9], item->digest.b, 32);
        column_bytes(&c[10], m->content_digest.b, 32);
        put_provenance(&c[11], &item->provenance);
        column_bytes(&c[16], item->body.data, item->body.len);
        column_bytes(&c[17], m->content.data, m->content.len);
        column_int(&c[18], consent_governs(m));
    }
}

static void fill_wrap(Column *c, const Batch *batch)
{
    EACH_ENTRY(batch, e) {
        const Item *item = e->decision.store_wrap;
        if (!item)
            continue;
        column_uuid(&c[0], &item->wrap.id);
        column_uuid(&c[1], &item->wrap.message);
        column_text(&c[2], item->wrap.maker);
        column_int(&c[3], (int64_t)batch->head.batch);
        column_int(&c[4], (int64_t)g_array_index(batch->audit, SealedAudit, e->first_audit).row.sequence);
        column_bytes(&c[5], item->digest.b, 32);
        put_provenance(&c[6], &item->provenance);
        column_bytes(&c[11], item->body.data, item->body.len);
    }
}

static void put_told_before(Column *c, const Head *head)
{
    g_autoptr(GString) all = g_string_new(NULL);
    for (size_t i = 0; i < G_N_ELEMENTS(head->told_before) && head->told_before[i][0]; i++)
        g_string_append_printf(all, "%s%s", i ? "," : "", head->told_before[i]);
    column_text(c, all->str);
}

/* As migration 005 says. */
static void put_clocks(Column *c, const Head *head)
{
    uint8_t all[HEAD_CLOCKS_LEN];
    for (size_t i = 0; i < G_N_ELEMENTS(head->clocks); i++) {
        uint8_t *slot = all + HEAD_CLOCK_LEN * i;
        uint16_t policy = GUINT16_TO_BE((uint16_t)head->clocks[i].policy);
        uint64_t due_at = GUINT64_TO_BE((uint64_t)head->clocks[i].due_at);
        uint32_t rung = GUINT32_TO_BE(head->clocks[i].rung);
        memcpy(slot, head->clocks[i].id.b, 16);
        memcpy(slot + 16, &policy, 2);
        memcpy(slot + 18, &due_at, 8);
        memcpy(slot + 26, &rung, 4);
    }
    column_bytes(c, all, sizeof all);
}

/* "area kind capabilities"; empty for none. Of a release: the area, without a kind. */
static void put_request(Column *c, const ServiceRequest *request)
{
    g_autofree char *text = request->area[0] == '\0' ? g_strdup("") : g_strdup_printf("%s %d %u", request->area, request->kind, request->capabilities);
    column_text(c, text);
}

static void fill_conversation(Column *c, const Batch *batch)
{
    EACH_ENTRY(batch, e) {
        if (!e->decision.head_changed)
            continue;
        const Head *h = &e->decision.head;
        column_uuid(&c[0], &h->conversation);
        column_int(&c[1], h->version);
        column_int(&c[2], e->decision.conversation_event);
        column_int(&c[3], h->machine);
        column_int(&c[4], h->state);
        column_int(&c[5], batch->head.at);
        column_text(&c[6], h->starter);
        column_text(&c[7], h->addressee);
        column_text(&c[8], h->told);
        put_told_before(&c[9], h);
        const TcId *ids[] = { &h->first, &h->newest_notification, &h->newest_answer, &h->newest_report, &h->last_recalled };
        for (size_t i = 0; i < G_N_ELEMENTS(ids); i++)
            column_uuid(&c[10 + i], ids[i]);
        column_int(&c[15], h->release_at);
        column_uuid(&c[16], &h->client);
        put_clocks(&c[17], h);
        column_int(&c[18], h->marks);
        column_text(&c[19], h->residual);
        put_request(&c[20], &h->request);
        column_uuid(&c[21], &h->possible);
    }
}

static void fill_care(Column *c, const Batch *batch)
{
    EACH_ENTRY(batch, e)
        EACH(CareRow, r, e->decision.cares) {
            const Care *care = &r->care;
            const char *texts[] = { care->coordinator, care->worker, care->residual, care->receiver, care->place };
            const bool flags[] = { care->in_custody, care->on_order, care->died };
            column_uuid(&c[0], &care->client);
            column_int(&c[1], care->version);
            column_int(&c[2], care->step);
            for (size_t i = 0; i < G_N_ELEMENTS(texts); i++)
                column_text(&c[3 + i], texts[i]);
            for (size_t i = 0; i < G_N_ELEMENTS(flags); i++)
                column_int(&c[8 + i], flags[i]);
            column_uuid(&c[11], &care->conversation);
            column_uuid(&c[12], &care->message);
            column_int(&c[13], care->version - 1);
            column_bytes(&c[14], r->from[0] ? r->from : NULL, strlen(r->from)); /* null in the first version */
            column_int(&c[15], batch->head.at);
            column_text(&c[16], care->prescriber);
            column_text(&c[17], care->consent);
            column_uuid(&c[18], &care->same_as);
            column_int(&c[19], care->released_at);
        }
}

static void fill_delivery(Column *c, const Batch *batch)
{
    EACH_ENTRY(batch, e) {
        const uint64_t *number = &g_array_index(batch->delivery_numbers, uint64_t, e->first_delivery);
        EACH(DeliveryRow, d, e->decision.deliveries) {
            column_text(&c[0], d->recipient);
            column_int(&c[1], (int64_t)*number++);
            column_int(&c[2], d->type);
            column_int(&c[3], batch->head.at);
            column_uuid(&c[4], &d->message);
            column_bytes(&c[5], d->body.data, d->body.len);
        }
    }
}

static void fill_floor(Column *c, const Batch *batch)
{
    EACH_ENTRY(batch, e)
        EACH(FloorRow, f, e->decision.floors) {
            column_text(&c[0], f->service);
            column_text(&c[1], f->station);
            column_int(&c[2], (int64_t)f->number);
            column_int(&c[3], batch->head.at);
        }
}

static void fill_confirmation(Column *c, const Batch *batch)
{
    EACH_ENTRY(batch, e)
        EACH(ConfirmationRow, r, e->decision.confirmations) {
            column_uuid_always(&c[0], r->delivery ? &no_id : &r->message);
            column_int(&c[1], (int64_t)r->delivery);
            column_text(&c[2], r->service);
            column_int(&c[3], r->step);
            column_text(&c[4], r->station);
            column_text(&c[5], r->worker);
            column_int(&c[6], batch->head.at);
        }
}

static void fill_recall(Column *c, const Batch *batch)
{
    EACH_ENTRY(batch, e)
        EACH(RecallRow, r, e->decision.recalls) {
            column_uuid(&c[0], &r->message);
            column_int(&c[1], r->stopped);
        }
}

static void fill_withhold(Column *c, const Batch *batch)
{
    EACH_ENTRY(batch, e)
        EACH(WithholdRow, r, e->decision.withholds) {
            column_text(&c[0], r->recipient);
            column_int(&c[1], (int64_t)r->number);
            column_uuid(&c[2], &r->message);
        }
}

static void fill_clock(Column *c, const Batch *batch)
{
    EACH_ENTRY(batch, e)
        EACH(ClockRow, r, e->decision.clocks) {
            column_uuid(&c[0], &r->id);
            column_uuid_always(&c[1], &r->conversation);
            column_uuid_always(&c[2], &r->message);
            column_int(&c[3], r->policy);
            column_int(&c[4], r->started_at);
            column_int(&c[5], r->due_at);
            column_int(&c[6], r->rung);
            column_text(&c[7], r->waiting_for);
        }
}

static void fill_clock_end(Column *c, const Batch *batch)
{
    EACH_ENTRY(batch, e)
        EACH(ClockEndRow, r, e->decision.clock_ends) {
            column_uuid(&c[0], &r->id);
            column_int(&c[1], r->how);
            column_int(&c[2], batch->head.at);
        }
}

static void fill_token(Column *c, const Batch *batch)
{
    EACH_ENTRY(batch, e)
        EACH(TokenRow, r, e->decision.tokens) {
            column_bytes(&c[0], r->strong.b, 32);
            column_bytes(&c[1], r->born.b, 32);
            column_uuid(&c[2], &r->client);
            column_uuid(&c[3], &r->conversation);
        }
}

static void fill_settled(Column *c, const Batch *batch)
{
    EACH_ENTRY(batch, e)
        EACH(SettledRow, r, e->decision.settled) {
            column_uuid(&c[0], &r->one);
            column_uuid(&c[1], &r->other);
        }
}

static void fill_link(Column *c, const Batch *batch)
{
    EACH_ENTRY(batch, e)
        EACH(LinkRow, r, e->decision.links) {
            column_uuid(&c[0], &r->client);
            column_uuid(&c[1], &r->conversation);
            column_uuid(&c[2], &r->message);
            column_int(&c[3], r->possible);
            column_int(&c[4], batch->head.at);
        }
}

static uint64_t sequence_of(const Batch *batch, const BatchEntry *entry);

static void fill_availability(Column *c, const Batch *batch)
{
    EACH_ENTRY(batch, e) {
        if (!availability_changes(e->event, &e->decision))
            continue;
        Span header = availability_header(e->event);
        column_text(&c[0], e->event->service);
        column_int(&c[1], (int64_t)sequence_of(batch, e));
        column_bytes(&c[2], header.data, header.len);
    }
}

static uint64_t sequence_of(const Batch *batch, const BatchEntry *entry)
{
    return g_array_index(batch->audit, SealedAudit, entry->first_audit).row.sequence;
}

/* What an operator, or the broker itself, did; 0: no act, or one of which nothing comes. */
static int act_of(const BatchEntry *entry) { return entry->event->kind == EVENT_ADMIN && !entry->decision.no_effect ? entry->event->admin.audit_event : 0; }

static void fill_directory(Column *c, const Batch *batch)
{
    EACH_ENTRY(batch, e) {
        if (act_of(e) != AUDIT_DIRECTORY)
            continue;
        column_int(&c[0], (int64_t)e->event->admin.serial);
        column_int(&c[1], (int64_t)sequence_of(batch, e));
        column_bytes(&c[2], e->event->admin.body.data, e->event->admin.body.len);
    }
}

static void fill_block(Column *c, const Batch *batch)
{
    EACH_ENTRY(batch, e) {
        int event = act_of(e);
        if (event != AUDIT_BLOCKED && event != AUDIT_UNBLOCKED)
            continue;
        column_int(&c[0], (int64_t)sequence_of(batch, e));
        column_text(&c[1], e->event->admin.subject);
        column_int(&c[2], event == AUDIT_BLOCKED);
        column_int(&c[3], batch->head.at);
    }
}

static void fill_setting(Column *c, const Batch *batch)
{
    EACH_ENTRY(batch, e) {
        if (act_of(e) != AUDIT_SETTING)
            continue;
        column_int(&c[0], (int64_t)sequence_of(batch, e));
        column_text(&c[1], e->event->admin.subject);
        column_text(&c[2], e->event->admin.detail);
    }
}

static const ColumnType audit_types[] = { I8, I8, I8, I4, TX, UU, UU, BY, TX, BY, BY, BY };
static const ColumnType message_types[] = { UU, I2, TX, TX, UU, I8, I8, I8, I8, BY, BY, UU, BY, I4, I4, BY, BY, BY, I2 };
static const ColumnType wrap_types[] = { UU, UU, TX, I8, I8, BY, UU, BY, I4, I4, BY, BY };
static const ColumnType conversation_types[] = { UU, I4, I2, I2, I2, I8, TX, TX, TX, TX, UU, UU, UU, UU, UU, I8, UU, BY, I4, TX, TX, UU };
static const ColumnType care_types[] = { UU, I4, I2, TX, TX, TX, TX, TX, BO, BO, BO, UU, UU, I4, TX, I8, TX, TX, UU, I8 };
static const ColumnType delivery_types[] = { TX, I8, I2, I8, UU, BY };
static const ColumnType floor_types[] = { TX, TX, I8, I8 };
static const ColumnType confirmation_types[] = { UU, I8, TX, I2, TX, TX, I8 };
static const ColumnType recall_types[] = { UU, BO };
static const ColumnType withhold_types[] = { TX, I8, UU };
static const ColumnType clock_types[] = { UU, UU, UU, I2, I8, I8, I4, TX };
static const ColumnType clock_end_types[] = { UU, I2, I8 };
static const ColumnType token_types[] = { BY, BY, UU, UU };
static const ColumnType settled_types[] = { UU, UU };
static const ColumnType link_types[] = { UU, UU, UU, BO, I8 };
static const ColumnType directory_types[] = { I8, I8, BY };
static const ColumnType availability_types[] = { TX, I8, BY };
static const ColumnType setting_types[] = { I8, TX, TX };
static const ColumnType block_types[] = { I8, TX, BO, I8 };

#define TABLE(name) { "put_" #name, name##_types, G_N_ELEMENTS(name##_types), fill_##name }

const Table tables[] = {
    TABLE(message), TABLE(wrap), TABLE(conversation), TABLE(care), TABLE(delivery), TABLE(floor), TABLE(confirmation),
    TABLE(recall), TABLE(withhold), TABLE(clock), TABLE(clock_end), TABLE(token), TABLE(link), TABLE(settled), TABLE(directory), TABLE(block),
    TABLE(availability), TABLE(setting),
    TABLE(audit), /* last: the signature of the head is in it */
};
#define FITS(name) _Static_assert(G_N_ELEMENTS(name##_types) <= TABLE_MAX_COLUMNS, "too many columns")
FITS(conversation);
FITS(message);
FITS(care);

const unsigned table_count = G_N_ELEMENTS(tables);
