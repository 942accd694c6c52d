#include "proto/directory.h"

#include "proto/digests.h"
#include "proto/sign.h"
#include "proto/unpack.h"
#include "throughcare.pb-c.h"

#include <string.h>

#define DIRECTORY_LONGEST_VALIDITY (14 * G_TIME_SPAN_DAY)

typedef struct KeyOwner {
    const TcService *service;
    const TcStation *station;
} KeyOwner;

typedef struct Indexes {
    TcArena *texts; /* the unpacked snapshot, whose strings the plain structs borrow */
    TcArena *plain; /* the plain structs */
    GHashTable *services, *organisations, *areas; /* name -> struct */
    GHashTable *curve_keys;                       /* TcDigest -> KeyOwner */
    GHashTable *signing_keys;                     /* TcDigest, a set */
} Indexes;

static guint directory_key_hash(gconstpointer key)
{
    guint32 word;
    memcpy(&word, key, sizeof word);
    return word;
}

static gboolean directory_key_equal(gconstpointer a, gconstpointer b)
{
    return memcmp(a, b, sizeof(TcDigest)) == 0;
}

/* Sets the problem and gives false, so that callers can return it. */
G_GNUC_PRINTF(2, 3) static bool directory_bad(char **problem, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    *problem = g_strdup_vprintf(format, args);
    va_end(args);
    return false;
}

/* Counts are bounded by the check, so only lack of memory can fail here. */
static void *directory_array(TcDirectory *directory, size_t count, size_t size)
{
    void *array = tc_arena_alloc(((Indexes *)directory->indexes)->plain, count * size);
    if (array == NULL)
        g_error("out of memory for the directory");
    return memset(array, 0, count * size);
}

static void directory_digest(TcDigest *out, const ProtobufCBinaryData *bytes)
{
    memcpy(out->b, bytes->data, sizeof out->b);
}

static const TcKeySpan *directory_keys(TcDirectory *directory, Tc__KeyEntry **entries, size_t count)
{
    TcKeySpan *keys = directory_array(directory, count, sizeof *keys);
    for (size_t i = 0; i < count; i++) {
        directory_digest(&keys[i].key, &entries[i]->key);
        keys[i].from_at = entries[i]->from_at;
        keys[i].until_at = entries[i]->has_until_at ? entries[i]->until_at : 0;
    }
    return keys;
}

static bool directory_take_organisations(TcDirectory *directory, const Tc__Snapshot *snapshot, char **problem)
{
    Indexes *indexes = directory->indexes;
    g_autoptr(GHashTable) ports = g_hash_table_new(NULL, NULL);
    TcOrganisation *list = directory_array(directory, snapshot->n_organisations, sizeof *list);
    directory->organisations = list;
    directory->organisation_count = snapshot->n_organisations;
    for (size_t i = 0; i < snapshot->n_organisations; i++) {
        const Tc__OrganisationEntry *entry = snapshot->organisations[i];
        list[i] = (TcOrganisation){ entry->code, entry->name, (uint16_t)entry->port, entry->items_per_minute };
        if (!g_hash_table_insert(indexes->organisations, entry->code, &list[i]))
            return directory_bad(problem, "Organisation %s is listed twice.", entry->code);
        if (!g_hash_table_add(ports, GUINT_TO_POINTER(entry->port)))
            return directory_bad(problem, "Organisation %s has another one's port.", entry->code);
    }
    return true;
}

static bool directory_take_areas(TcDirectory *directory, const Tc__Snapshot *snapshot, char **problem)
{
    Indexes *indexes = directory->indexes;
    TcArea *list = directory_array(directory, snapshot->n_areas, sizeof *list);
    directory->areas = list;
    directory->area_count = snapshot->n_areas;
    for (size_t i = 0; i < snapshot->n_areas; i++) {
        const Tc__AreaEntry *entry = snapshot->areas[i];
        list[i] = (TcArea){ entry->code, entry->name, entry->spoc };
        if (!g_hash_table_insert(indexes->areas, entry->code, &list[i]))
            return directory_bad(problem, "Area %s is listed twice.", entry->code);
    }
    return true;
}

static bool directory_take_stations(TcDirectory *directory, TcService *service, const Tc__ServiceEntry *entry,
                                    char **problem)
{
    Indexes *indexes = directory->indexes;
    TcStation *list = directory_array(directory, entry->n_stations, sizeof *list);
    KeyOwner *owners = directory_array(directory, entry->n_stations, sizeof *owners);
    service->stations = list;
    service->station_count = entry->n_stations;
    for (size_t i = 0; i < entry->n_stations; i++) {
        list[i].id = entry->stations[i]->id;
        directory_digest(&list[i].curve_key, &entry->stations[i]->curve_key);
        owners[i] = (KeyOwner){ service, &list[i] };
        for (size_t j = 0; j < i; j++)
            if (strcmp(list[j].id, list[i].id) == 0)
                return directory_bad(problem, "Service %s has station %s twice.", service->id, list[i].id);
        if (tc_digest_equal(&list[i].curve_key, &directory->broker_curve_key)
            || !g_hash_table_insert(indexes->curve_keys, &list[i].curve_key, &owners[i]))
            return directory_bad(problem, "Station %s of service %s has another one's key.", list[i].id, service->id);
    }
    return true;
}

static void directory_take_roles(TcDirectory *directory, TcService *service, const Tc__ServiceEntry *entry)
{
    TcRoleHolder *list = directory_array(directory, entry->n_roles, sizeof *list);
    for (size_t i = 0; i < entry->n_roles; i++)
        list[i] = (TcRoleHolder){ (int)entry->roles[i]->role, entry->roles[i]->service };
    service->roles = list;
    service->role_count = entry->n_roles;
}

static bool directory_take_linkage(TcService *service, const Tc__ServiceEntry *entry, char **problem)
{
    if (entry->has_linkage_enc != entry->has_linkage_sealed)
        return directory_bad(problem, "Service %s has half a linkage key.", service->id);
    if (entry->has_linkage_enc) {
        service->linkage_enc = entry->linkage_enc.data;
        service->linkage_sealed = entry->linkage_sealed.data;
        service->linkage_sealed_len = entry->linkage_sealed.len;
    }
    return true;
}

static bool directory_take_service(TcDirectory *directory, TcService *service, const Tc__ServiceEntry *entry,
                                   char **problem)
{
    Indexes *indexes = directory->indexes;
    service->id = entry->id;
    service->name = entry->name;
    service->area = entry->area;
    service->prison = entry->prison;
    service->kind = (int)entry->kind;
    service->organisation = g_hash_table_lookup(indexes->organisations, entry->organisation);
    service->signing_keys = directory_keys(directory, entry->signing_keys, entry->n_signing_keys);
    service->signing_key_count = entry->n_signing_keys;
    service->sealing_keys = directory_keys(directory, entry->sealing_keys, entry->n_sealing_keys);
    service->sealing_key_count = entry->n_sealing_keys;
    directory_take_roles(directory, service, entry);
    if (!g_hash_table_insert(indexes->services, entry->id, service))
        return directory_bad(problem, "Service %s is listed twice.", entry->id);
    if (service->organisation == NULL)
        return directory_bad(problem, "Service %s names organisation %s, which is not listed.", entry->id,
                             entry->organisation);
    return directory_take_stations(directory, service, entry, problem)
           && directory_take_linkage(service, entry, problem);
}

static bool directory_take_services(TcDirectory *directory, const Tc__Snapshot *snapshot, char **problem)
{
    TcService *list = directory_array(directory, snapshot->n_services, sizeof *list);
    directory->services = list;
    directory->service_count = snapshot->n_services;
    for (size_t i = 0; i < snapshot->n_services; i++)
        if (!directory_take_service(directory, &list[i], snapshot->services[i], problem))
            return false;
    return true;
}

static bool directory_take_broker(TcDirectory *directory, const Tc__BrokerEntry *entry, char **problem)
{
    const char **hosts = directory_array(directory, entry->n_hosts + 1, sizeof *hosts);
    for (size_t i = 0; i < entry->n_hosts; i++)
        hosts[i] = entry->hosts[i];
    directory->hosts = hosts;
    memcpy(directory->broker.b, entry->id.data, sizeof directory->broker.b);
    directory_digest(&directory->broker_curve_key, &entry->curve_key);
    directory->broker_signing_keys = directory_keys(directory, entry->signing_keys, entry->n_signing_keys);
    directory->broker_signing_key_count = entry->n_signing_keys;
    if (entry->n_hosts == 0 || entry->n_signing_keys == 0)
        return directory_bad(problem, "The broker has no %s.", entry->n_hosts == 0 ? "host" : "signing key");
    return true;
}

/* A signing key tells whose word something is, so it may stand in one place only. */
static bool directory_keys_good(const TcDirectory *directory, const TcKeySpan *keys, size_t count, const char *owner,
                                char **problem)
{
    Indexes *indexes = directory->indexes;
    for (size_t i = 0; i < count; i++) {
        if (keys[i].until_at != 0 && keys[i].until_at <= keys[i].from_at)
            return directory_bad(problem, "A key of %s ends before it begins.", owner);
        if (!g_hash_table_add(indexes->signing_keys, (void *)&keys[i].key))
            return directory_bad(problem, "A signing key of %s is listed twice.", owner);
    }
    return true;
}

static bool directory_service_good(const TcDirectory *directory, const TcService *service, char **problem)
{
    if (tc_directory_area(directory, service->area) == NULL)
        return directory_bad(problem, "Service %s names area %s, which is not listed.", service->id, service->area);
    for (size_t i = 0; i < service->role_count; i++)
        if (tc_directory_service(directory, service->roles[i].service) == NULL)
            return directory_bad(problem, "Service %s gives a role to %s, which is not listed.", service->id,
                                 service->roles[i].service);
    for (size_t i = 0; i < service->sealing_key_count; i++)
        if (service->sealing_keys[i].until_at != 0 && service->sealing_keys[i].until_at <= service->sealing_keys[i].from_at)
            return directory_bad(problem, "A key of %s ends before it begins.", service->id);
    return directory_keys_good(directory, service->signing_keys, service->signing_key_count, service->id, problem);
}

/* References can only be followed once everything is listed. */
static bool directory_references_good(const TcDirectory *directory, char **problem)
{
    for (size_t i = 0; i < directory->area_count; i++)
        if (tc_directory_service(directory, directory->areas[i].spoc) == NULL)
            return directory_bad(problem, "Area %s names %s as its single point of contact, which is not listed.",
                                 directory->areas[i].code, directory->areas[i].spoc);
    if (!directory_keys_good(directory, directory->broker_signing_keys, directory->broker_signing_key_count,
                             "the broker", problem))
        return false;
    for (size_t i = 0; i < directory->service_count; i++)
        if (!directory_service_good(directory, &directory->services[i], problem))
            return false;
    return true;
}

static bool directory_validity_good(const TcDirectory *directory, char **problem)
{
    if (directory->expires_at <= directory->issued_at
        || directory->expires_at - directory->issued_at > DIRECTORY_LONGEST_VALIDITY)
        return directory_bad(problem, "The directory must be valid for at most 14 days.");
    return true;
}

static bool directory_take(TcDirectory *directory, const Tc__Snapshot *snapshot, char **problem)
{
    directory_digest(&directory->authority, &snapshot->authority);
    directory->name = snapshot->name;
    directory->serial = snapshot->serial;
    directory->issued_at = snapshot->issued_at;
    directory->expires_at = snapshot->expires_at;
    directory->made_up = snapshot->made_up;
    return directory_validity_good(directory, problem)
           && directory_take_broker(directory, snapshot->broker, problem)
           && directory_take_organisations(directory, snapshot, problem)
           && directory_take_areas(directory, snapshot, problem)
           && directory_take_services(directory, snapshot, problem)
           && directory_references_good(directory, problem);
}

static bool directory_problem(const TcProblem *from, char **problem)
{
    *problem = tc_problem_sentence(from);
    return false;
}

/* Believes nothing of the snapshot before the authority's signature over it holds. */
static bool directory_read(TcDirectory *directory, GBytes *signed_snapshot, const TcDigest *authority, char **problem)
{
    gsize len;
    TcProblem wrong;
    TcDigest digest;
    const void *data = g_bytes_get_data(signed_snapshot, &len);
    TcArena *arena = ((Indexes *)directory->indexes)->texts = tc_arena_new(2 * tc_unpack_budget(len));
    Tc__SignedSnapshot *envelope = (Tc__SignedSnapshot *)tc_unpack(arena, &tc__signed_snapshot__descriptor, data, len,
                                                                   TC_UNKNOWN_REFUSED, &wrong);
    if (envelope == NULL)
        return directory_problem(&wrong, problem);
    tc_digest_directory(envelope->snapshot.data, envelope->snapshot.len, &digest);
    if (!tc_sign_verify(authority->b, digest.b, envelope->signature.data))
        return directory_bad(problem, "The directory is not signed by the authority that this side trusts.");
    Tc__Snapshot *snapshot = (Tc__Snapshot *)tc_unpack(arena, &tc__snapshot__descriptor, envelope->snapshot.data,
                                                       envelope->snapshot.len, TC_UNKNOWN_REFUSED, &wrong);
    if (snapshot == NULL)
        return directory_problem(&wrong, problem);
    if (memcmp(snapshot->authority.data, authority->b, sizeof authority->b) != 0)
        return directory_bad(problem, "The directory names another authority than the one that signed it.");
    return directory_take(directory, snapshot, problem);
}

static Indexes *directory_indexes_new(void)
{
    Indexes *indexes = g_new0(Indexes, 1);
    indexes->plain = tc_arena_new(SIZE_MAX);
    indexes->services = g_hash_table_new(g_str_hash, g_str_equal);
    indexes->organisations = g_hash_table_new(g_str_hash, g_str_equal);
    indexes->areas = g_hash_table_new(g_str_hash, g_str_equal);
    indexes->curve_keys = g_hash_table_new(directory_key_hash, directory_key_equal);
    indexes->signing_keys = g_hash_table_new(directory_key_hash, directory_key_equal);
    return indexes;
}

TcDirectory *tc_directory_open(GBytes *signed_snapshot, const TcDigest *authority, char **problem)
{
    TcDirectory *directory = g_new0(TcDirectory, 1);
    directory->refs = 1;
    directory->signed_bytes = g_bytes_ref(signed_snapshot);
    directory->indexes = directory_indexes_new();
    if (directory_read(directory, signed_snapshot, authority, problem))
        return directory;
    tc_directory_unref(directory);
    return NULL;
}

TcDirectory *tc_directory_ref(TcDirectory *directory)
{
    g_atomic_int_inc(&directory->refs);
    return directory;
}

void tc_directory_unref(TcDirectory *directory)
{
    if (directory == NULL || !g_atomic_int_dec_and_test(&directory->refs))
        return;
    Indexes *indexes = directory->indexes;
    g_hash_table_unref(indexes->services);
    g_hash_table_unref(indexes->organisations);
    g_hash_table_unref(indexes->areas);
    g_hash_table_unref(indexes->curve_keys);
    g_hash_table_unref(indexes->signing_keys);
    tc_arena_unref(indexes->texts);
    tc_arena_unref(indexes->plain);
    g_free(indexes);
    g_bytes_unref(directory->signed_bytes);
    g_free(directory);
}

bool tc_directory_expired(const TcDirectory *directory, int64_t now)
{
    return now >= directory->expires_at;
}

const TcService *tc_directory_service(const TcDirectory *directory, const char *id)
{
    return g_hash_table_lookup(((Indexes *)directory->indexes)->services, id);
}

const TcOrganisation *tc_directory_organisation(const TcDirectory *directory, const char *code)
{
    return g_hash_table_lookup(((Indexes *)directory->indexes)->organisations, code);
}

const TcArea *tc_directory_area(const TcDirectory *directory, const char *code)
{
    return g_hash_table_lookup(((Indexes *)directory->indexes)->areas, code);
}

bool tc_directory_by_curve_key(const TcDirectory *directory, const TcDigest *key, const TcService **service,
                               const TcStation **station)
{
    const KeyOwner *owner = g_hash_table_lookup(((Indexes *)directory->indexes)->curve_keys, key);
    if (owner == NULL)
        return false;
    *service = owner->service;
    *station = owner->station;
    return true;
}

const TcService *tc_directory_role(const TcDirectory *directory, const TcService *service, int role)
{
    for (size_t i = 0; i < service->role_count; i++)
        if (service->roles[i].role == role)
            return tc_directory_service(directory, service->roles[i].service);
    if (role != TC__ROLE__CODE__SPOC)
        return NULL;
    return tc_directory_service(directory, tc_directory_area(directory, service->area)->spoc);
}

const TcKeySpan *tc_directory_key_at(const TcKeySpan *keys, size_t count, int64_t at)
{
    const TcKeySpan *newest = NULL;
    for (size_t i = 0; i < count; i++)
        if (keys[i].from_at <= at && (keys[i].until_at == 0 || at < keys[i].until_at)
            && (newest == NULL || keys[i].from_at > newest->from_at))
            newest = &keys[i];
    return newest;
}
