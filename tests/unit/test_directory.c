/* The directory: a good snapshot opens and answers; each rule broken is refused, and nothing is believed unsigned. */
#include "unit.h"

#include "proto/digests.h"
#include "proto/directory.h"
#include "proto/sign.h"
#include "sample.h"

#include <sodium.h>

#define DAY G_TIME_SPAN_DAY

static TcDigest authority;
static uint8_t authority_secret[TC_SIGN_SECRET_LEN];

/* A small area as protobuf-c wants it, for tests to spoil. Keys are numbered bytes. */
typedef struct Area {
    Tc__Snapshot snapshot;
    Tc__BrokerEntry broker;
    Tc__KeyEntry broker_key, signing[2], sealing[2];
    Tc__AreaEntry area;
    Tc__OrganisationEntry organisations[2];
    Tc__ServiceEntry services[2];
    Tc__StationEntry stations[2];
    Tc__RoleEntry role;
    uint8_t keys[16][32];
    Tc__KeyEntry *broker_keys[1], *signing_keys[2][1], *sealing_keys[2];
    Tc__AreaEntry *areas[1];
    Tc__OrganisationEntry *organisation_list[2];
    Tc__ServiceEntry *service_list[2];
    Tc__StationEntry *station_lists[2][1];
    Tc__RoleEntry *roles[1];
    char *hosts[1];
} Area;

static ProtobufCBinaryData area_key(Area *a, uint8_t number)
{
    memset(a->keys[number], number, 32);
    return sample_bytes(a->keys[number], 32);
}

static void area_service(Area *a, int i, const char *id, Tc__ServiceKind__Code kind)
{
    Tc__ServiceEntry *service = a->service_list[i] = &a->services[i];
    tc__service_entry__init(service);
    tc__station_entry__init(&a->stations[i]);
    tc__key_entry__init(&a->signing[i]);
    service->id = service->name = (char *)id;
    service->organisation = (char *)(i == 0 ? "hmp" : "nhs");
    service->area = (char *)"leeds";
    service->kind = kind;
    a->stations[i].id = (char *)"desk";
    a->stations[i].curve_key = area_key(a, (uint8_t)(1 + i));
    a->signing[i].key = area_key(a, (uint8_t)(3 + i));
    a->signing[i].from_at = SAMPLE_TIME;
    a->station_lists[i][0] = &a->stations[i];
    a->signing_keys[i][0] = &a->signing[i];
    service->stations = a->station_lists[i];
    service->signing_keys = a->signing_keys[i];
    service->n_stations = service->n_signing_keys = 1;
}

static void area_broker(Area *a)
{
    tc__broker_entry__init(&a->broker);
    tc__key_entry__init(&a->broker_key);
    a->broker_key.key = area_key(a, 9);
    a->broker_keys[0] = &a->broker_key;
    a->hosts[0] = (char *)"127.0.0.1";
    a->broker.id = sample_bytes(sample_16, 16);
    a->broker.curve_key = area_key(a, 8);
    a->broker.hosts = a->hosts;
    a->broker.signing_keys = a->broker_keys;
    a->broker.n_hosts = a->broker.n_signing_keys = 1;
}

static void area_organisation(Area *a, int i, const char *code)
{
    tc__organisation_entry__init(&a->organisations[i]);
    a->organisations[i].code = a->organisations[i].name = (char *)code;
    a->organisations[i].port = (uint32_t)(7100 + i);
    a->organisations[i].items_per_minute = 600;
    a->organisation_list[i] = &a->organisations[i];
}

static void area_sealing(Area *a)
{
    for (int i = 0; i < 2; i++) {
        tc__key_entry__init(&a->sealing[i]);
        a->sealing[i].key = area_key(a, (uint8_t)(5 + i));
        a->sealing[i].from_at = SAMPLE_TIME + i * DAY;
        a->sealing_keys[i] = &a->sealing[i];
    }
    a->services[1].sealing_keys = a->sealing_keys;
    a->services[1].n_sealing_keys = 2;
}

static void area_init(Area *a)
{
    Tc__Snapshot *snapshot = &a->snapshot;
    tc__snapshot__init(snapshot);
    tc__area_entry__init(&a->area);
    tc__role_entry__init(&a->role);
    area_broker(a);
    area_organisation(a, 0, "hmp");
    area_organisation(a, 1, "nhs");
    area_service(a, 0, "carat-lei", TC__SERVICE_KIND__CODE__CARAT);
    area_service(a, 1, "cjip-leeds", TC__SERVICE_KIND__CODE__CJIP);
    area_sealing(a);
    a->role.role = TC__ROLE__CODE__MANAGER;
    a->role.service = (char *)"cjip-leeds";
    a->roles[0] = &a->role;
    a->services[0].roles = a->roles;
    a->services[0].n_roles = 1;
    a->area.code = a->area.name = (char *)"leeds";
    a->area.spoc = (char *)"cjip-leeds";
    a->areas[0] = &a->area;
    snapshot->authority = sample_bytes(authority.b, 32);
    snapshot->name = (char *)"Leeds";
    snapshot->serial = 7;
    snapshot->issued_at = SAMPLE_TIME;
    snapshot->expires_at = SAMPLE_TIME + 14 * DAY;
    snapshot->broker = &a->broker;
    snapshot->areas = a->areas;
    snapshot->organisations = a->organisation_list;
    snapshot->services = a->service_list;
    snapshot->n_areas = 1;
    snapshot->n_organisations = snapshot->n_services = 2;
}

static GBytes *area_sign(const Area *a)
{
    TcDigest digest;
    uint8_t signature[TC_SIGN_LEN];
    Tc__SignedSnapshot envelope = TC__SIGNED_SNAPSHOT__INIT;
    g_autoptr(GByteArray) snapshot = sample_pack(&a->snapshot.base);
    tc_digest_directory(snapshot->data, snapshot->len, &digest);
    tc_sign_digest(authority_secret, digest.b, signature);
    envelope.snapshot = sample_bytes(snapshot->data, snapshot->len);
    envelope.signature = sample_bytes(signature, sizeof signature);
    return g_byte_array_free_to_bytes(sample_pack(&envelope.base));
}

static void test_good(void **state)
{
    Area a;
    char *problem = NULL;
    (void)state;
    area_init(&a);
    g_autoptr(GBytes) bytes = area_sign(&a);
    g_autoptr(TcDirectory) directory = tc_directory_open(bytes, &authority, &problem);
    if (directory == NULL)
        fail_msg("%s", problem);
    assert_int_equal(directory->serial, 7);
    assert_string_equal(directory->hosts[0], "127.0.0.1");
    assert_null(directory->hosts[1]);
    assert_false(tc_directory_expired(directory, SAMPLE_TIME + 14 * DAY - 1));
    assert_true(tc_directory_expired(directory, SAMPLE_TIME + 14 * DAY));
    const TcService *carat = tc_directory_service(directory, "carat-lei");
    assert_string_equal(carat->organisation->code, "hmp");
    assert_int_equal(tc_directory_organisation(directory, "nhs")->port, 7101);
    assert_string_equal(tc_directory_area(directory, "leeds")->spoc, "cjip-leeds");
    assert_null(tc_directory_service(directory, "nobody"));
    assert_true(g_bytes_equal(directory->signed_bytes, bytes));
}

static void test_curve_keys(void **state)
{
    Area a;
    char *problem = NULL;
    const TcService *service;
    const TcStation *station;
    TcDigest key;
    (void)state;
    area_init(&a);
    g_autoptr(GBytes) bytes = area_sign(&a);
    g_autoptr(TcDirectory) directory = tc_directory_open(bytes, &authority, &problem);
    memset(key.b, 2, sizeof key.b);
    assert_true(tc_directory_by_curve_key(directory, &key, &service, &station));
    assert_string_equal(service->id, "cjip-leeds");
    assert_string_equal(station->id, "desk");
    memset(key.b, 3, sizeof key.b);
    assert_false(tc_directory_by_curve_key(directory, &key, &service, &station));
}

static void test_roles_and_keys_in_force(void **state)
{
    Area a;
    char *problem = NULL;
    (void)state;
    area_init(&a);
    g_autoptr(GBytes) bytes = area_sign(&a);
    g_autoptr(TcDirectory) directory = tc_directory_open(bytes, &authority, &problem);
    const TcService *carat = tc_directory_service(directory, "carat-lei");
    const TcService *cjip = tc_directory_service(directory, "cjip-leeds");
    assert_ptr_equal(tc_directory_role(directory, carat, TC__ROLE__CODE__MANAGER), cjip);
    assert_ptr_equal(tc_directory_role(directory, carat, TC__ROLE__CODE__SPOC), cjip);
    assert_null(tc_directory_role(directory, cjip, TC__ROLE__CODE__MANAGER));
    assert_null(tc_directory_key_at(cjip->sealing_keys, 2, SAMPLE_TIME - 1));
    assert_int_equal(tc_directory_key_at(cjip->sealing_keys, 2, SAMPLE_TIME)->key.b[0], 5);
    assert_int_equal(tc_directory_key_at(cjip->sealing_keys, 2, SAMPLE_TIME + DAY)->key.b[0], 6);
}

static void long_validity(Area *a) { a->snapshot.expires_at++; }
static void no_validity(Area *a) { a->snapshot.expires_at = a->snapshot.issued_at; }
static void other_authority(Area *a) { a->snapshot.authority = area_key(a, 10); }
static void same_service(Area *a) { a->services[1].id = (char *)"carat-lei"; }
static void same_organisation(Area *a) { a->organisations[1].code = (char *)"hmp"; }
static void same_port(Area *a) { a->organisations[1].port = 7100; }
static void no_port(Area *a) { a->organisations[1].port = 0; }
static void large_port(Area *a) { a->organisations[1].port = 65536; }
static void unknown_organisation(Area *a) { a->services[0].organisation = (char *)"xyz"; }
static void unknown_area(Area *a) { a->services[0].area = (char *)"xyz"; }
static void unknown_spoc(Area *a) { a->area.spoc = (char *)"xyz"; }
static void unknown_role(Area *a) { a->role.service = (char *)"xyz"; }
static void same_curve_key(Area *a) { a->stations[1].curve_key = area_key(a, 1); }
static void brokers_curve_key(Area *a) { a->stations[1].curve_key = area_key(a, 8); }
static void same_signing_key(Area *a) { a->signing[1].key = area_key(a, 3); }
static void brokers_signing_key(Area *a) { a->signing[1].key = area_key(a, 9); }
static void no_host(Area *a) { a->broker.n_hosts = 0; }
static void no_broker_key(Area *a) { a->broker.n_signing_keys = 0; }
static void half_linkage(Area *a)
{
    a->services[0].has_linkage_enc = true;
    a->services[0].linkage_enc = area_key(a, 11);
}
static void key_ends_early(Area *a)
{
    a->sealing[0].has_until_at = true;
    a->sealing[0].until_at = SAMPLE_TIME;
}
static void bad_id(Area *a) { a->services[0].id = (char *)"carat lei"; }

static void test_broken_rules(void **state)
{
    static const struct { void (*spoil)(Area *); const char *problem; } table[] = {
        { long_validity, "at most 14 days" }, { no_validity, "at most 14 days" },
        { other_authority, "another authority" }, { same_service, "Service carat-lei is listed twice" },
        { same_organisation, "Organisation hmp is listed twice" }, { same_port, "Organisation nhs has another one's port" },
        { no_port, "snapshot.organisations[1].port" }, { large_port, "snapshot.organisations[1].port" },
        { unknown_organisation, "names organisation xyz" }, { unknown_area, "names area xyz" },
        { unknown_spoc, "names xyz as its single point" }, { unknown_role, "gives a role to xyz" },
        { same_curve_key, "another one's key" }, { brokers_curve_key, "another one's key" },
        { same_signing_key, "signing key of cjip-leeds is listed twice" },
        { brokers_signing_key, "signing key of cjip-leeds is listed twice" },
        { no_host, "no host" }, { no_broker_key, "no signing key" }, { half_linkage, "half a linkage key" },
        { key_ends_early, "ends before it begins" }, { bad_id, "snapshot.services[0].id" },
    };
    (void)state;
    for (size_t i = 0; i < G_N_ELEMENTS(table); i++) {
        Area a;
        g_autofree char *problem = NULL;
        area_init(&a);
        table[i].spoil(&a);
        g_autoptr(GBytes) bytes = area_sign(&a);
        assert_null(tc_directory_open(bytes, &authority, &problem));
        if (problem == NULL || strstr(problem, table[i].problem) == NULL)
            fail_msg("\"%s\" instead of \"%s\"", problem, table[i].problem);
    }
}

static void test_signature(void **state)
{
    Area a;
    char *problem = NULL;
    TcDigest stranger = { { 1 } };
    (void)state;
    area_init(&a);
    g_autoptr(GBytes) bytes = area_sign(&a);
    assert_null(tc_directory_open(bytes, &stranger, &problem));
    assert_non_null(strstr(problem, "not signed by the authority"));
    g_clear_pointer(&problem, g_free);
    gsize len;
    g_autofree uint8_t *copy = g_memdup2(g_bytes_get_data(bytes, &len), g_bytes_get_size(bytes));
    copy[len / 2] ^= 1;
    g_autoptr(GBytes) spoilt = g_bytes_new(copy, len);
    assert_null(tc_directory_open(spoilt, &authority, &problem));
    g_clear_pointer(&problem, g_free);
    g_autoptr(GBytes) empty = g_bytes_new(NULL, 0);
    assert_null(tc_directory_open(empty, &authority, &problem));
    g_free(problem);
}

static int start(void **state)
{
    (void)state;
    if (sodium_init() < 0)
        return -1;
    tc_sign_keypair(authority.b, authority_secret);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_good),
        cmocka_unit_test(test_curve_keys),
        cmocka_unit_test(test_roles_and_keys_in_force),
        cmocka_unit_test(test_broken_rules),
        cmocka_unit_test(test_signature),
    };
    return cmocka_run_group_tests_name("directory", tests, start, NULL);
}
