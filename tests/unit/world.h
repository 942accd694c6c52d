/* A made-up area for tests of the rules: its signed directory, and a play in which messages, wraps, confirmations and clocks are
 * decided one after another against what earlier ones left, in memory, as the loop would with a database.
 *
 * Every decision is taken twice and must give the same rows. world_text says what a decision did in one line a row.
 * Services: carat, cjip, cjip2, tier2, health, prescriber, pharmacy, police, tier3, spoc, manager, gp, arrest,
 * probation, social. */
#ifndef TESTS_UNIT_WORLD_H
#define TESTS_UNIT_WORLD_H

#include "broker/clock.h"
#include "broker/codes.h"
#include "broker/decide.h"
#include "broker/decode.h"
#include "broker/machine.h"
#include "proto/errors.h"
#include "proto/digests.h"
#include "proto/sign.h"
#include "proto/uuid.h"
#include "sample.h"

#include <sodium.h>

#define WORLD_NOW SAMPLE_TIME
#define WORLD_MINUTE G_TIME_SPAN_MINUTE
#define WORLD_HOUR G_TIME_SPAN_HOUR
#define WORLD_DAY G_TIME_SPAN_DAY

static const struct WorldService { const char *id; int kind; } world_services[] = {
    { "carat", SERVICE_CARAT }, { "cjip", SERVICE_CJIP }, { "cjip2", SERVICE_CJIP }, { "tier2", SERVICE_TIER2 },
    { "health", SERVICE_PRISON_HEALTH }, { "prescriber", SERVICE_PRESCRIBER }, { "pharmacy", SERVICE_PHARMACY },
    { "police", SERVICE_POLICE }, { "tier3", SERVICE_TIER3 }, { "spoc", SERVICE_SPOC }, { "manager", SERVICE_DAT },
    { "gp", SERVICE_GP }, { "arrest", SERVICE_ARREST_REFERRAL }, { "probation", SERVICE_PROBATION }, { "social", SERVICE_SOCIAL_CARE },
};
#define WORLD_SERVICES G_N_ELEMENTS(world_services)

static inline int world_index(const char *service)
{
    for (size_t i = 0; i < WORLD_SERVICES; i++)
        if (strcmp(world_services[i].id, service) == 0)
            return (int)i;
    g_assert_not_reached();
}

/* ---- The directory ---- */

static inline void world_secret(const char *service, uint8_t secret[TC_SIGN_SECRET_LEN], TcDigest *public_key)
{
    uint8_t seed[TC_SIGN_SEED_LEN] = { 0x5e, (uint8_t)world_index(service) };
    tc_sign_keypair_from_seed(seed, public_key->b, secret);
}

static inline TcDigest world_sealing_key(const char *service)
{
    return (TcDigest){ { 0xca, (uint8_t)world_index(service), 1 } };
}

static const char *world_two_stations; /* a service of the next directory that has a second station, "list"; NULL: none has */

typedef struct WorldEntry {
    Tc__ServiceEntry service;
    Tc__StationEntry station, second, *stations[2];
    Tc__KeyEntry signing, sealing, *signings[1], *sealings[1];
    Tc__RoleEntry role, *roles[1];
    TcDigest curve_key, second_key, signing_key, sealing_key;
} WorldEntry;

static inline void world_entry(WorldEntry *entry, const char *id, int kind)
{
    uint8_t secret[TC_SIGN_SECRET_LEN];
    tc__service_entry__init(&entry->service);
    tc__station_entry__init(&entry->station);
    tc__station_entry__init(&entry->second);
    tc__key_entry__init(&entry->signing);
    tc__key_entry__init(&entry->sealing);
    tc__role_entry__init(&entry->role);
    world_secret(id, secret, &entry->signing_key);
    entry->sealing_key = world_sealing_key(id);
    entry->curve_key = (TcDigest){ { 0xc5, (uint8_t)world_index(id) } };
    entry->station = (Tc__StationEntry){ .base = entry->station.base, .id = (char *)"desk", .curve_key = sample_bytes(entry->curve_key.b, 32) };
    entry->signing.key = sample_bytes(entry->signing_key.b, 32);
    entry->sealing.key = sample_bytes(entry->sealing_key.b, 32);
    entry->second_key = (TcDigest){ { 0xc6, (uint8_t)world_index(id) } };
    entry->second = (Tc__StationEntry){ .base = entry->second.base, .id = (char *)"list", .curve_key = sample_bytes(entry->second_key.b, 32) };
    entry->stations[0] = &entry->station;
    entry->stations[1] = &entry->second;
    entry->signings[0] = &entry->signing;
    entry->sealings[0] = &entry->sealing;
    entry->roles[0] = &entry->role;
    entry->service.id = entry->service.name = (char *)id;
    entry->service.organisation = (char *)"org";
    entry->service.area = (char *)"leeds";
    entry->service.kind = (Tc__ServiceKind__Code)kind;
    entry->service.stations = entry->stations;
    entry->service.signing_keys = entry->signings;
    entry->service.sealing_keys = entry->sealings;
    entry->service.n_stations = g_strcmp0(world_two_stations, id) == 0 ? 2 : 1;
    entry->service.n_signing_keys = entry->service.n_sealing_keys = 1;
    if (kind == SERVICE_PRISON_HEALTH) {
        entry->role.role = TC__ROLE__CODE__MANAGER;
        entry->role.service = (char *)"manager";
        entry->service.roles = entry->roles;
        entry->service.n_roles = 1;
    }
}

static inline GBytes *world_sign_directory(Tc__Snapshot *snapshot, const uint8_t *secret)
{
    TcDigest digest;
    uint8_t signature[TC_SIGN_LEN];
    Tc__SignedSnapshot envelope = TC__SIGNED_SNAPSHOT__INIT;
    g_autoptr(GByteArray) bytes = sample_pack(&snapshot->base);
    tc_digest_directory(bytes->data, bytes->len, &digest);
    tc_sign_digest(secret, digest.b, signature);
    envelope.snapshot = sample_bytes(bytes->data, bytes->len);
    envelope.signature = sample_bytes(signature, sizeof signature);
    return g_byte_array_free_to_bytes(sample_pack(&envelope.base));
}

/* spoc: the area's; "spoc" in most tests. In force at now. */
static inline TcDirectory *world_directory_with(const char *spoc, int64_t now)
{
    static WorldEntry entries[WORLD_SERVICES];
    Tc__ServiceEntry *services[WORLD_SERVICES];
    uint8_t seed[TC_SIGN_SEED_LEN] = { 0xa7 }, secret[TC_SIGN_SECRET_LEN];
    TcDigest authority, broker_key = { { 0xb8 } };
    char *problem = NULL, *hosts[] = { (char *)"127.0.0.1" };
    Tc__Snapshot snapshot = TC__SNAPSHOT__INIT;
    Tc__BrokerEntry broker = TC__BROKER_ENTRY__INIT;
    Tc__KeyEntry key = TC__KEY_ENTRY__INIT, *keys[] = { &key };
    Tc__AreaEntry area = TC__AREA_ENTRY__INIT, *areas[] = { &area };
    Tc__OrganisationEntry organisation = TC__ORGANISATION_ENTRY__INIT, *organisations[] = { &organisation };
    g_assert(sodium_init() >= 0);
    tc_sign_keypair_from_seed(seed, authority.b, secret);
    for (size_t i = 0; i < WORLD_SERVICES; i++) {
        world_entry(&entries[i], world_services[i].id, world_services[i].kind);
        services[i] = &entries[i].service;
    }
    key.key = broker.curve_key = sample_bytes(broker_key.b, 32);
    broker.id = sample_bytes(sample_16, 16);
    broker.hosts = hosts;
    broker.signing_keys = keys;
    area.code = area.name = (char *)"leeds";
    area.spoc = (char *)spoc;
    organisation.code = organisation.name = (char *)"org";
    organisation.port = 7100;
    organisation.items_per_minute = 60;
    broker.n_hosts = broker.n_signing_keys = snapshot.n_areas = snapshot.n_organisations = 1;
    snapshot.authority = sample_bytes(authority.b, 32);
    snapshot.name = (char *)"Leeds";
    snapshot.serial = 1;
    snapshot.issued_at = now - WORLD_DAY;
    snapshot.expires_at = now + 13 * WORLD_DAY;
    snapshot.broker = &broker;
    snapshot.areas = areas;
    snapshot.organisations = organisations;
    snapshot.services = services;
    snapshot.n_services = WORLD_SERVICES;
    g_autoptr(GBytes) bytes = world_sign_directory(&snapshot, secret);
    TcDirectory *directory = tc_directory_open(bytes, &authority, &problem);
    if (directory == NULL)
        g_error("%s", problem);
    return directory;
}

static inline TcDirectory *world_directory(void)
{
    return world_directory_with("spoc", WORLD_NOW);
}

/* ---- What a decision did, as text ---- */

static inline const char *world_code(const ProtobufCEnumDescriptor *list, int value)
{
    const ProtobufCEnumValue *found = protobuf_c_enum_descriptor_get_value(list, value);
    return found == NULL ? "?" : found->name;
}

static inline void world_text_delivery(GString *text, const DeliveryRow *row)
{
    g_string_append_printf(text, "%s>%s", world_code(&tc__delivery_type__code__descriptor, row->type), row->recipient);
    if (row->type == DELIVERY_EVIDENCE) {
        Tc__Evidence *evidence = tc__evidence__unpack(NULL, row->body.len, row->body.data);
        g_string_append_printf(text, " %s by %s", world_code(&tc__step__code__descriptor, (int)evidence->step), evidence->by);
        if (evidence->has_policy)
            g_string_append_printf(text, " %s", world_code(&tc__policy__code__descriptor, (int)evidence->policy));
        if (evidence->has_role)
            g_string_append_printf(text, "/%s", world_code(&tc__role__code__descriptor, (int)evidence->role));
        if (evidence->has_why)
            g_string_append_printf(text, " %s", world_code(&tc__candidate_reason__code__descriptor, (int)evidence->why));
        if (evidence->n_messages != 1)
            g_string_append_printf(text, " of %zu", evidence->n_messages);
        tc__evidence__free_unpacked(evidence, NULL);
    }
    if (row->type == DELIVERY_NOTICE) {
        Tc__Notice *notice = tc__notice__unpack(NULL, row->body.len, row->body.data);
        g_string_append_printf(text, " %s/%s for %s rung %u", world_code(&tc__policy__code__descriptor, (int)notice->policy),
                               world_code(&tc__role__code__descriptor, (int)notice->role), notice->waiting_for, notice->rung);
        tc__notice__free_unpacked(notice, NULL);
    }
    if (row->type == DELIVERY_WRAP_REQUEST) {
        Tc__WrapRequest *request = tc__wrap_request__unpack(NULL, row->body.len, row->body.data);
        g_string_append_printf(text, " for %s, %zu parts", request->service, request->n_parts);
        tc__wrap_request__free_unpacked(request, NULL);
    }
    g_string_append_c(text, '\n');
}

static inline void world_text_due(GString *text, int64_t span)
{
    g_string_append_printf(text, " in %" G_GINT64_FORMAT "m", span / WORLD_MINUTE);
}

/* One line a row, in order: audit, deliveries, clocks started and ended, links. A refusal is "refused CODE FIELD STANDING". */
static inline char *world_text(const Decision *decision)
{
    GString *text = g_string_new(NULL);
    if (decision->refusal.code != 0)
        g_string_append_printf(text, "refused %s %s%s%s\n", tc_errors_name((uint32_t)decision->refusal.code),
                               decision->refusal.field == NULL ? "-" : decision->refusal.field,
                               decision->refusal.standing == NULL ? "" : " ",
                               decision->refusal.standing == NULL ? "" : decision->refusal.standing);
    if (decision->no_effect)
        g_string_append(text, "no effect\n");
    for (guint i = 0; i < decision->audit->len; i++) {
        const AuditRow *row = &g_array_index(decision->audit, AuditRow, i);
        g_string_append_printf(text, "%s %s%s%s\n", world_code(&tc__audit_event__code__descriptor, row->event), row->service,
                               *row->detail == '\0' ? "" : " ", row->detail);
    }
    for (guint i = 0; i < decision->deliveries->len; i++)
        world_text_delivery(text, &g_array_index(decision->deliveries, DeliveryRow, i));
    for (guint i = 0; i < decision->clocks->len; i++) {
        const ClockRow *row = &g_array_index(decision->clocks, ClockRow, i);
        g_string_append_printf(text, "+%s", clock_policy_name(row->policy));
        world_text_due(text, row->due_at - row->started_at);
        g_string_append_c(text, '\n');
    }
    for (guint i = 0; i < decision->withholds->len; i++)
        g_string_append_printf(text, "withheld from %s\n", g_array_index(decision->withholds, WithholdRow, i).recipient);
    for (guint i = 0; i < decision->links->len; i++)
        g_string_append(text, g_array_index(decision->links, LinkRow, i).possible ? "possible\n" : "linked\n");
    return g_string_free(text, FALSE);
}

/* ---- A play ---- */

typedef struct Play {
    TcDirectory *directory;
    World world;
    const char *blocked;
    Settings *settings;                      /* NULL: everything as usual */
    Availability said[WORLD_SERVICES];       /* as play_init leaves it: nothing */
    GArray *messages;                        /* MessageRef */
    GArray *heads;                           /* Head */
    GArray *clocks;                          /* ClockDue: running */
    GArray *notices;                         /* WorldNotice */
    GArray *confirmed;                       /* uint64_t: message id's last bytes, step and service mixed */
    GArray *tokens;                          /* TokenRow */
    GArray *cares;                           /* CareRow: every version */
    GArray *settled;                         /* SettledRow */
    GArray *sent;                            /* QueuedPlain: every delivery of a message */
    uint64_t numbers[WORLD_SERVICES], floors[WORLD_SERVICES];
    uint8_t next_id;
    MergeKnown merge;                        /* of the event decided now */
    Decision last;
    char *text;                              /* of last */
} Play;
typedef struct WorldNotice { TcId clock, conversation; uint64_t number; int service; } WorldNotice;

static inline bool play_blocked(const void *ctx, const char *service)
{
    const Play *play = ctx;
    return play->blocked != NULL && strcmp(play->blocked, service) == 0;
}

static inline const Availability *play_availability(const void *ctx, const char *service)
{
    return &((const Play *)ctx)->said[world_index(service)];
}

static inline const ClockSetting *play_setting(const void *ctx, const char *area, int policy)
{
    const Play *play = ctx;
    return play->settings == NULL ? NULL : settings_clock(play->settings, area, policy);
}

static inline void play_init(Play *play)
{
    *play = (Play){ .directory = world_directory() };
    for (size_t i = 0; i < WORLD_SERVICES; i++)
        play->said[i] = availability_unsaid;
    play->world = (World){ play->directory, WORLD_NOW, WORLD_NOW - 60 * WORLD_DAY, play_blocked, play_availability, play_setting, play };
    play->messages = g_array_new(FALSE, TRUE, sizeof(MessageRef));
    play->heads = g_array_new(FALSE, TRUE, sizeof(Head));
    play->clocks = g_array_new(FALSE, TRUE, sizeof(ClockDue));
    play->notices = g_array_new(FALSE, TRUE, sizeof(WorldNotice));
    play->confirmed = g_array_new(FALSE, TRUE, sizeof(TcDigest));
    play->tokens = g_array_new(FALSE, TRUE, sizeof(TokenRow));
    play->cares = g_array_new(FALSE, TRUE, sizeof(CareRow));
    play->settled = g_array_new(FALSE, TRUE, sizeof(SettledRow));
    play->sent = g_array_new(FALSE, TRUE, sizeof(QueuedPlain));
    decision_init(&play->last);
}

static inline void play_end(Play *play)
{
    decision_clear(&play->last);
    g_free(play->text);
    g_array_unref(play->messages);
    g_array_unref(play->heads);
    g_array_unref(play->clocks);
    g_array_unref(play->notices);
    g_array_unref(play->confirmed);
    g_array_unref(play->tokens);
    g_array_unref(play->cares);
    g_array_unref(play->settled);
    g_array_unref(play->sent);
    settings_free(play->settings);
    tc_directory_unref(play->directory);
}

static inline Head *play_head(const Play *play, const TcId *conversation)
{
    for (guint i = 0; i < play->heads->len; i++)
        if (tc_id_equal(&g_array_index(play->heads, Head, i).conversation, conversation))
            return &g_array_index(play->heads, Head, i);
    return NULL;
}

static inline MessageRef *play_ref(const Play *play, const TcId *id)
{
    for (guint i = 0; i < play->messages->len; i++)
        if (tc_id_equal(&g_array_index(play->messages, MessageRef, i).id, id))
            return &g_array_index(play->messages, MessageRef, i);
    return NULL;
}

/* The newest version of a client's coordination; version 0: nobody. */
static inline Care play_care(const Play *play, const TcId *client)
{
    for (guint i = play->cares->len; i-- > 0;)
        if (tc_id_equal(&g_array_index(play->cares, CareRow, i).care.client, client))
            return g_array_index(play->cares, CareRow, i).care;
    return (Care){ 0 };
}

/* The record that stands for a client, and the way there. */
static inline Care play_standing(const Play *play, const TcId *client)
{
    Care care = play_care(play, client);
    while (!tc_id_is_none(&care.same_as))
        care = play_care(play, &care.same_as);
    return care;
}

static inline TcId play_root(const Play *play, const TcId *client)
{
    Care care = play_standing(play, client);
    return care.version == 0 ? *client : care.client;
}

static inline TcId play_new_id(Play *play)
{
    TcId id;
    tc_uuid_floor(play->world.now, id.b);
    id.b[15] = ++play->next_id;
    return id;
}

static inline TcDigest play_confirmation(const Event *event)
{
    const Confirmation *confirmation = &event->item.confirmation;
    TcDigest key = { { 0 } };
    memcpy(key.b, confirmation->message.b, 16);
    memcpy(key.b + 16, &confirmation->delivery, sizeof confirmation->delivery);
    key.b[24] = (uint8_t)confirmation->step;
    key.b[25] = (uint8_t)world_index(event->service);
    return key;
}

static inline gint play_by_service(gconstpointer a, gconstpointer b)
{
    return strcmp(((const HolderPlain *)a)->service, ((const HolderPlain *)b)->service);
}

static inline bool play_is_one_of(const Play *play, const TcId *client, const TcId *one, const TcId *other)
{
    TcId root = play_root(play, client);
    return tc_id_equal(&root, one) || tc_id_equal(&root, other);
}

/* As load.c finds it. */
static inline void play_know_merge(Play *play, Known *known, const Message *message)
{
    MergeKnown *merge = &play->merge;
    const Head *other = play_head(play, &message->group.merge.other);
    *merge = (MergeKnown){ .client = other != NULL ? other->client : known->head.possible };
    if (other != NULL)
        merge->other_head = *other;
    if (!tc_id_is_none(&message->group.merge.other) && other == NULL)
        merge->client = (TcId){ { 0 } };
    merge->other = play_standing(play, &merge->client);
    merge->other.client = play_root(play, &merge->client);
    known->merge = merge;
    Care own = play_care(play, &known->head.client), theirs = play_care(play, &merge->client);
    if (merge->other.version == 0 || !tc_id_equal(&merge->other.client, &known->care.client) || tc_id_equal(&merge->client, &known->head.client))
        return;
    while (!tc_id_is_none(&theirs.same_as) && !tc_id_equal(&theirs.same_as, &known->head.client))
        theirs = play_care(play, &theirs.same_as);
    merge->cut_ours = tc_id_is_none(&theirs.same_as);
    if (!merge->cut_ours)
        merge->cut = theirs;
    else if (!tc_id_is_none(&own.same_as))
        merge->cut = own;
}

/* Whoever takes part in a conversation of the client, and what each of them does not hold yet. */
static inline void play_know_holders(const Play *play, Known *known, const TcId *own)
{
    TcId root = play_root(play, own), *client = &root, other = known->merge == NULL ? root : known->merge->other.client;
    known->holders = g_array_new(FALSE, TRUE, sizeof(HolderPlain));
    known->queued = g_array_new(FALSE, TRUE, sizeof(QueuedPlain));
    for (guint i = 0; i < play->heads->len; i++) {
        const Head *head = &g_array_index(play->heads, Head, i);
        const char *const parties[] = { head->starter, head->addressee, head->told };
        for (size_t j = 0; j < G_N_ELEMENTS(parties) && play_is_one_of(play, &head->client, client, &other); j++) {
            HolderPlain holder = { .message = head->newest_notification };
            g_strlcpy(holder.service, parties[j], sizeof holder.service);
            if (holder.service[0] != '\0')
                g_array_append_val(known->holders, holder);
        }
    }
    g_array_sort(known->holders, play_by_service);
    for (guint i = 0; i < play->sent->len; i++) {
        const QueuedPlain *row = &g_array_index(play->sent, QueuedPlain, i);
        const MessageRef *ref = play_ref(play, &row->message);
        const Head *head = play_head(play, &ref->conversation);
        if (play_is_one_of(play, &head->client, client, &other) && row->number > play->floors[world_index(row->recipient)] && row->governed != 0)
            g_array_append_val(known->queued, *row);
    }
}

static inline bool play_settled(const Play *play, const TcId *a, const TcId *b)
{
    for (guint i = 0; i < play->settled->len; i++) {
        const SettledRow *row = &g_array_index(play->settled, SettledRow, i);
        if ((tc_id_equal(&row->one, a) && tc_id_equal(&row->other, b)) || (tc_id_equal(&row->one, b) && tc_id_equal(&row->other, a)))
            return true;
    }
    return false;
}

/* As load.c finds it, for one client of a number and birthday. */
static inline void play_know_linked(Play *play, Event *event, const TcId *own)
{
    Known *known = &event->known;
    for (guint i = 0; i < play->tokens->len; i++) {
        const TokenRow *row = &g_array_index(play->tokens, TokenRow, i);
        TcId root = play_root(play, &row->client), ours = own == NULL ? (TcId){ { 0 } } : play_root(play, own);
        bool decided = own != NULL && (tc_id_equal(&root, &ours) || play_settled(play, own, &row->client) || play_settled(play, &ours, &root));
        for (size_t j = 0; j < event->token_count; j++) {
            bool born = tc_digest_equal(&row->born, &event->tokens[j].born);
            if (tc_digest_equal(&row->strong, &event->tokens[j].strong) && (!decided || (born && tc_id_equal(&row->client, own))))
                *(born ? &known->client_same : &known->client_other) = row->client;
        }
    }
}

static inline void play_know_message(Play *play, Event *event)
{
    Known *known = &event->known;
    const Message *message = &event->item.message;
    const MessageRef *reply = play_ref(play, &message->in_reply_to), *duplicate = play_ref(play, &message->id);
    const Head *head = play_head(play, &message->conversation);
    const Head *about = play_head(play, &message->about);
    if (head != NULL)
        known->head = *head;
    if (about != NULL)
        known->about = *about;
    if (duplicate != NULL)
        known->duplicate = *duplicate;
    if (reply != NULL && message->kind == KIND_RECALL) {
        known->ref = *reply;
        known->floor_service = play->floors[world_index(reply->recipient)];
    } else if (reply != NULL) {
        known->reply_ref = *reply;
    }
    play_know_linked(play, event, head != NULL ? &head->client : about != NULL ? &about->client : NULL);
    const TcId *client = head != NULL ? &head->client : about != NULL ? &about->client : &known->client_same;
    known->care = play_standing(play, client);
    if (message->kind == KIND_MERGE)
        play_know_merge(play, known, message);
    if (message->kind == KIND_CONSENT || message->kind == KIND_DEATH || message->kind == KIND_MERGE || known->ref.kind == KIND_DEATH
        || (message->kind == KIND_ATTEMPT && message->group.coded.code == ATTEMPT_WRONG_PERSON))
        play_know_holders(play, known, client);
}

static inline void play_know_held(Play *play, Event *event)
{
    Known *known = &event->known;
    int service = world_index(event->service);
    known->floor_station = known->floor_service = play->floors[service];
    known->last_delivery = play->numbers[service];
    known->held = g_array_new(FALSE, TRUE, sizeof(MessageRef));
    for (guint i = 0; i < play->messages->len; i++) {
        const MessageRef *ref = &g_array_index(play->messages, MessageRef, i);
        if (strcmp(ref->recipient, event->service) == 0 && ref->delivery > known->floor_service
            && ref->delivery <= event->item.confirmation.upto)
            g_array_append_val(known->held, *ref);
    }
}

static inline void play_know_ref(Play *play, Event *event, const TcId *message)
{
    const MessageRef *ref = play_ref(play, message);
    const Head *head = ref == NULL ? NULL : play_head(play, &ref->conversation);
    if (ref != NULL)
        event->known.ref = *ref;
    if (head != NULL)
        event->known.head = *head;
    if (head != NULL)
        event->known.care = play_standing(play, &head->client);
}

static inline void play_know_confirmation(Play *play, Event *event)
{
    const Confirmation *confirmation = &event->item.confirmation;
    TcDigest key = play_confirmation(event);
    for (guint i = 0; i < play->confirmed->len; i++)
        if (tc_digest_equal(&g_array_index(play->confirmed, TcDigest, i), &key))
            event->known.confirmation_known = true;
    play_know_ref(play, event, &confirmation->message);
    for (guint i = 0; i < play->notices->len; i++) {
        const WorldNotice *notice = &g_array_index(play->notices, WorldNotice, i);
        if (notice->number != confirmation->delivery || notice->service != world_index(event->service))
            continue;
        event->known.notice_clock = notice->clock;
        event->known.notice_conversation = notice->conversation;
        event->known.head = *play_head(play, &notice->conversation);
    }
}

static inline void play_keep_deliveries(Play *play)
{
    for (guint i = 0; i < play->last.deliveries->len; i++) {
        const DeliveryRow *row = &g_array_index(play->last.deliveries, DeliveryRow, i);
        int service = world_index(row->recipient);
        uint64_t number = ++play->numbers[service];
        MessageRef *ref = row->type == DELIVERY_MESSAGE ? play_ref(play, &row->message) : NULL;
        if (ref != NULL && strcmp(ref->recipient, row->recipient) == 0 && ref->delivery == 0)
            ref->delivery = number;
        if (ref != NULL && strcmp(ref->sender, row->recipient) != 0) {
            QueuedPlain sent = { .number = number, .message = row->message, .governed = ref->governed };
            g_strlcpy(sent.recipient, row->recipient, sizeof sent.recipient);
            g_strlcpy(sent.sender, ref->sender, sizeof sent.sender);
            g_array_append_val(play->sent, sent);
        }
        if (row->type == DELIVERY_NOTICE) {
            WorldNotice notice = { row->message, play->last.head.conversation, number, service };
            g_array_append_val(play->notices, notice);
        }
    }
}

static inline void play_keep_clocks(Play *play)
{
    for (guint i = 0; i < play->last.clock_ends->len; i++) {
        const ClockEndRow *end = &g_array_index(play->last.clock_ends, ClockEndRow, i);
        bool found = false;
        for (guint j = 0; j < play->clocks->len; j++)
            if (tc_id_equal(&g_array_index(play->clocks, ClockDue, j).id, &end->id)) {
                g_array_remove_index(play->clocks, j--);
                found = true;
            }
        g_assert(found); /* nothing ends twice, or without having run */
    }
    for (guint i = 0; i < play->last.clocks->len; i++) {
        const ClockRow *row = &g_array_index(play->last.clocks, ClockRow, i);
        ClockDue clock = { .id = row->id, .conversation = row->conversation, .message = row->message, .policy = row->policy,
                           .started_at = row->started_at, .due_at = row->due_at, .rung = row->rung };
        g_strlcpy(clock.waiting_for, row->waiting_for, sizeof clock.waiting_for);
        g_array_append_val(play->clocks, clock);
    }
}

static inline void play_keep_message(Play *play, const Event *event)
{
    const Message *message = &event->item.message;
    MessageRef ref = { .id = message->id, .conversation = message->conversation, .kind = message->kind,
                       .digest = event->item.digest, .content_digest = message->content_digest, .governed = consent_governs(message) };
    MessageRef *recalled = message->kind == KIND_RECALL ? play_ref(play, &message->in_reply_to) : NULL;
    g_strlcpy(ref.sender, message->sender, sizeof ref.sender);
    g_strlcpy(ref.recipient, play->last.recipient, sizeof ref.recipient);
    if (recalled != NULL)
        recalled->recalled = true;
    g_array_append_val(play->messages, ref);
}

static inline void play_keep(Play *play, const Event *event)
{
    const Decision *decision = &play->last;
    if (decision->store_message != NULL)
        play_keep_message(play, event);
    if (decision->head_changed) {
        Head *head = play_head(play, &decision->head.conversation);
        g_assert(decision->head.version == (head == NULL ? 1 : head->version + 1));
        if (head != NULL)
            *head = decision->head;
        else
            g_array_append_val(play->heads, decision->head);
    }
    for (guint i = 0; i < decision->confirmations->len; i++) {
        TcDigest key = play_confirmation(event);
        MessageRef *ref = play_ref(play, &event->item.confirmation.message);
        if (ref != NULL && event->item.confirmation.step == STEP_OPENED && strcmp(ref->recipient, event->service) == 0)
            ref->opened = true;
        g_array_append_val(play->confirmed, key);
    }
    for (guint i = 0; i < decision->floors->len; i++)
        play->floors[world_index(event->service)] = g_array_index(decision->floors, FloorRow, i).number;
    for (guint i = 0; i < decision->cares->len; i++) { /* what the database holds to */
        const CareRow *row = &g_array_index(decision->cares, CareRow, i);
        Care before = play_care(play, &row->care.client);
        g_assert(row->care.version == before.version + 1 && row->care.coordinator[0] != '\0');
        g_assert(strcmp(row->from, before.coordinator) == 0);
        g_array_append_val(play->cares, *row);
    }
    g_array_append_vals(play->tokens, decision->tokens->data, decision->tokens->len);
    g_array_append_vals(play->settled, decision->settled->data, decision->settled->len);
    play_keep_clocks(play);
    play_keep_deliveries(play);
}

/* Rows of a refused or known event must not exist. */
static inline void play_check(const Decision *d)
{
    bool nothing = d->refusal.code != 0 || d->no_effect;
    guint rows = d->audit->len + d->deliveries->len + d->clocks->len + d->clock_ends->len + d->links->len + d->tokens->len
                 + d->confirmations->len + d->floors->len + d->cares->len;
    g_assert(nothing == (rows == 0));
    g_assert(!nothing || (!d->head_changed && d->store_message == NULL && d->store_wrap == NULL));
    g_assert(nothing || d->audit->len > 0);
}

/* Decides twice, holds both to be the same, keeps what follows. Gives what world_text says; owned by the play. Frees event. */
static inline const char *play_decide(Play *play, Event *event)
{
    Decision again;
    decision_clear(&play->last);
    decision_init(&play->last);
    decision_init(&again);
    decide(event, &play->world, &play->last);
    decide(event, &play->world, &again);
    g_free(play->text);
    play->text = world_text(&play->last);
    g_autofree char *second = world_text(&again);
    g_assert_cmpstr(play->text, ==, second);
    g_assert(memcmp(&play->last.head, &again.head, sizeof again.head) == 0);
    decision_clear(&again);
    play_check(&play->last);
    play_keep(play, event);
    GArray *known[] = { event->known.held, event->known.holders, event->known.queued };
    for (size_t i = 0; i < G_N_ELEMENTS(known); i++)
        g_clear_pointer(&known[i], g_array_unref);
    event_free(event);
    return play->text;
}

static inline Event *play_event(Play *play, ItemKind kind, const char *service)
{
    Event *event = g_new0(Event, 1);
    event->kind = EVENT_ITEM;
    event->item.kind = kind;
    event->directory = tc_directory_ref(play->directory);
    event->service = service;
    event->station = "desk";
    return event;
}

/* A message of a kind that starts, replies or amends as its fields say; tests spoil it before play_send. */
static inline Message play_message(Play *play, int kind, const char *sender, const char *recipient)
{
    Message message = { .id = play_new_id(play), .kind = kind, .sender = sender, .recipient = recipient,
                        .created_at = play->world.now, .content_digest = { { 0xc0 } } };
    message.conversation = message.id;
    message.group.release = (ReleaseFields){ .certainty = 2, .route = 2, .area_certainty = 2, .prison = "LEI", .area = "leeds" };
    return message;
}

static inline Event *play_message_event(Play *play, const Message *message)
{
    Event *event = play_event(play, ITEM_MESSAGE, message->sender);
    event->item.message = *message;
    event->token_count = message->token_count;
    memcpy(event->tokens, message->tokens, sizeof event->tokens);
    memcpy(event->item.digest.b, message->id.b, 16);
    event->item.digest.b[20] = (uint8_t)message->kind;
    event->item.digest.b[21] = (uint8_t)message->urgency;
    return event;
}

static inline const char *play_send(Play *play, const Message *message)
{
    Event *event = play_message_event(play, message);
    play_know_message(play, event);
    return play_decide(play, event);
}

static inline const char *play_wrap(Play *play, const Wrap *wrap)
{
    Event *event = play_event(play, ITEM_WRAP, wrap->maker);
    event->item.wrap = *wrap;
    play_know_ref(play, event, &wrap->message);
    return play_decide(play, event);
}

static inline const char *play_confirm(Play *play, const char *service, Confirmation confirmation)
{
    Event *event = play_event(play, ITEM_CONFIRMATION, service);
    confirmation.service = confirmation.service == NULL ? service : confirmation.service;
    confirmation.station = confirmation.station == NULL ? "desk" : confirmation.station;
    event->item.confirmation = confirmation;
    if (confirmation.step == STEP_HELD)
        play_know_held(play, event);
    else
        play_know_confirmation(play, event);
    return play_decide(play, event);
}

/* Time passes; the authority keeps its directory in force. */
static inline void play_wait(Play *play, int64_t until)
{
    play->world.now = MAX(play->world.now, until);
    if (!tc_directory_expired(play->directory, play->world.now))
        return;
    const char *spoc = g_intern_string(tc_directory_area(play->directory, "leeds")->spoc);
    tc_directory_unref(play->directory);
    play->world.directory = play->directory = world_directory_with(spoc, play->world.now);
}

static inline const char *play_fire(Play *play, const ClockDue *due)
{
    ClockDue clock = *due;
    play_wait(play, clock.due_at);
    Event *event = event_new_clock(&clock, play->directory);
    const Head *head = play_head(play, &clock.conversation);
    const MessageRef *ref = play_ref(play, &clock.message);
    if (head != NULL)
        event->known.head = *head;
    if (head != NULL)
        event->known.care = play_standing(play, &head->client);
    if (ref != NULL) {
        event->known.ref = *ref;
        event->known.clock_ended = clock.policy == POLICY_HELD && ref->delivery <= play->floors[world_index(ref->recipient)];
    }
    return play_decide(play, event);
}

/* The one running clock of a policy fires, at its time. */
static inline const char *play_fire_policy(Play *play, int policy)
{
    for (guint i = 0; i < play->clocks->len; i++)
        if (g_array_index(play->clocks, ClockDue, i).policy == policy)
            return play_fire(play, &g_array_index(play->clocks, ClockDue, i));
    return "no such clock runs\n";
}

static inline bool play_runs(const Play *play, int policy)
{
    for (guint i = 0; i < play->clocks->len; i++)
        if (g_array_index(play->clocks, ClockDue, i).policy == policy)
            return true;
    return false;
}

#endif
