/* Services in the authority's list, and their passports; and the broker's power to block one at once. */
#include "adapters/cli/authority.h"
#include "adapters/cli/command.h"

#include <stdio.h>
#include <string.h>

typedef struct Add { char *card, *name, *organisation, *organisation_name, *area, *kind, *prison, *passport, *keys, *spool, *directory, *manager, *team_leader, *fallback, *area_manager; int port, quota; gboolean spoc; } Add;

static json_t *find(const json_t *list, const char *array, const char *key, const char *value)
{
    size_t i;
    json_t *each;
    json_array_foreach (json_object_get(list, array), i, each)
        if (strcmp(command_text(each, key), value) == 0)
            return each;
    return NULL;
}

static bool add_organisation(json_t *list, const Add *add)
{
    json_t *organisation = find(list, "organisations", "code", add->organisation);
    if (organisation != NULL) {
        if (add->port > 0)
            json_object_set_new(organisation, "port", json_integer(add->port));
        return true;
    }
    if (add->port <= 0)
        return command_fail(_("--port is needed for a new organisation: each has a door of its own.")), false;
    json_array_append_new(json_object_get(list, "organisations"),
                          json_pack("{s:s, s:s, s:i, s:i}", "code", add->organisation, "name",
                                    add->organisation_name != NULL ? add->organisation_name : add->organisation, "port", add->port,
                                    "items_per_minute", add->quota > 0 ? add->quota : 6000));
    return true;
}

/* Who is told for this service when a clock runs out, each in its role. */
static void add_roles(json_t *entry, const Add *add)
{
    const char *const holders[][2] = { { "manager", add->manager }, { "team_leader", add->team_leader }, { "fallback", add->fallback },
                                       { "area_manager", add->area_manager } };
    json_t *roles = json_array();
    for (size_t i = 0; i < G_N_ELEMENTS(holders); i++)
        if (holders[i][1] != NULL)
            json_array_append_new(roles, json_pack("{s:s, s:s}", "role", holders[i][0], "service", holders[i][1]));
    if (json_array_size(roles) > 0)
        json_object_set(entry, "roles", roles);
    json_decref(roles);
}

static json_t *new_entry(const json_t *card, const Add *add)
{
    json_t *entry = json_pack("{s:s, s:s, s:s, s:s, s:s, s:[], s:[{s:s, s:s}]}", "id", command_text(card, "service"), "name", add->name,
                              "organisation", add->organisation, "area", add->area, "kind", add->kind, "stations", "signing_keys", "key",
                              command_text(card, "signing_key"), "from_at", command_text(card, "made_at"));
    if (add->prison != NULL)
        json_object_set_new(entry, "prison", json_string(add->prison));
    add_roles(entry, add);
    return entry;
}

/* A card brings a station and the newest sealing keys; a known station gets its new key. */
static void add_card(json_t *entry, const json_t *card)
{
    size_t i;
    json_t *station;
    json_object_set(entry, "sealing_keys", json_object_get(card, "sealing_keys"));
    json_array_foreach (json_object_get(entry, "stations"), i, station)
        if (strcmp(command_text(station, "id"), command_text(card, "station")) == 0) {
            json_object_set_new(station, "curve_key", json_string(command_text(card, "curve_key")));
            return;
        }
    json_array_append_new(json_object_get(entry, "stations"),
                          json_pack("{s:s, s:s}", "id", command_text(card, "station"), "curve_key", command_text(card, "curve_key")));
}

static bool write_passport(const char *folder, const json_t *list, const json_t *card, const Add *add)
{
    Authority authority;
    size_t i;
    json_t *host;
    g_autoptr(GString) brokers = g_string_new(NULL);
    if (add->passport == NULL)
        return true;
    if (!authority_load(folder, &authority))
        return false;
    g_autofree char *key = authority_hex(authority.public_key, 32);
    memset(authority.secret, 0, sizeof authority.secret);
    int port = (int)json_integer_value(json_object_get(find(list, "organisations", "code", add->organisation), "port"));
    json_array_foreach (json_object_get(json_object_get(list, "broker"), "hosts"), i, host)
        g_string_append_printf(brokers, "%s%s:%d", i ? ";" : "", json_string_value(host), port);
    g_autofree char *text = g_strdup_printf(
        "[passport]\nservice=%s\nstation=%s\norganisation=%s\nauthority=%s\nbroker_curve=%s\nbrokers=%s\nkeys=%s\ndirectory=%s\nspool=%s\n",
        command_text(card, "service"), command_text(card, "station"), add->organisation, key, command_text(list, "broker.curve_key"), brokers->str,
        add->keys != NULL ? add->keys : "station.keys", add->directory != NULL ? add->directory : "directory.bin", add->spool != NULL ? add->spool : "spool.sqlite");
    return command_write(add->passport, text, strlen(text), 0644);
}

static int run_add(const char *folder, Add *add)
{
    json_t *list = authority_list(folder), *card = add->card != NULL ? json_load_file(add->card, 0, NULL) : NULL;
    if (list == NULL || card == NULL)
        return list == NULL ? CODE_PROBLEM : command_fail(_("--card must name a readable card, from throughcare key new."));
    json_t *entry = find(list, "services", "id", command_text(card, "service"));
    if (entry == NULL && (add->name == NULL || add->organisation == NULL || add->area == NULL || add->kind == NULL))
        return command_fail(_("a new service needs --name, --organisation, --area and --kind."));
    if (add->organisation == NULL)
        add->organisation = g_strdup(command_text(entry, "organisation"));
    if (!add_organisation(list, add))
        return CODE_PROBLEM;
    if (entry == NULL) {
        entry = new_entry(card, add);
        json_array_append_new(json_object_get(list, "services"), entry);
    }
    add_card(entry, card);
    if (add->spoc)
        json_object_set(find(list, "areas", "code", add->area), "spoc", json_object_get(entry, "id"));
    bool good = authority_save_list(folder, list) && write_passport(folder, list, card, add);
    json_decref(list);
    json_decref(card);
    return good ? CODE_OK : CODE_PROBLEM;
}

static int add(int argc, char **argv)
{
    static Add a; /* words live as long as the process */
    const GOptionEntry entries[] = {
        { "card", 0, 0, G_OPTION_ARG_FILENAME, &a.card, N_("The station's card"), "FILE" },
        { "name", 0, 0, G_OPTION_ARG_STRING, &a.name, N_("What people call the service"), "TEXT" },
        { "organisation", 0, 0, G_OPTION_ARG_STRING, &a.organisation, N_("Its organisation's code"), "CODE" },
        { "organisation-name", 0, 0, G_OPTION_ARG_STRING, &a.organisation_name, N_("Its organisation's name"), "TEXT" },
        { "port", 0, 0, G_OPTION_ARG_INT, &a.port, N_("The port of the organisation's door"), "N" },
        { "quota", 0, 0, G_OPTION_ARG_INT, &a.quota, N_("Items a minute of the organisation (6000)"), "N" },
        { "area", 0, 0, G_OPTION_ARG_STRING, &a.area, N_("Its area's code"), "CODE" },
        { "kind", 0, 0, G_OPTION_ARG_STRING, &a.kind, N_("carat, prison_health, cjip, prescriber, spoc …"), "KIND" },
        { "prison", 0, 0, G_OPTION_ARG_STRING, &a.prison, N_("The prison's code, for services inside one"), "CODE" },
        { "manager", 0, 0, G_OPTION_ARG_STRING, &a.manager, N_("The service that is told as its manager"), "ID" },
        { "team-leader", 0, 0, G_OPTION_ARG_STRING, &a.team_leader, N_("The service that is told as its team leader; it may be itself"), "ID" },
        { "fallback", 0, 0, G_OPTION_ARG_STRING, &a.fallback, N_("The service that is told first when this one does not answer"), "ID" },
        { "area-manager", 0, 0, G_OPTION_ARG_STRING, &a.area_manager, N_("The service that is told as area manager"), "ID" },
        { "spoc", 0, 0, G_OPTION_ARG_NONE, &a.spoc, N_("It is its area's single point of contact"), NULL },
        { "passport", 0, 0, G_OPTION_ARG_FILENAME, &a.passport, N_("Write the station's passport here"), "FILE" },
        { "keys", 0, 0, G_OPTION_ARG_FILENAME, &a.keys, N_("For the passport: the key file"), "PATH" },
        { "spool", 0, 0, G_OPTION_ARG_FILENAME, &a.spool, N_("For the passport: the spool"), "PATH" },
        { "directory", 0, 0, G_OPTION_ARG_FILENAME, &a.directory, N_("For the passport: the first directory"), "PATH" },
        { 0 },
    };
    command_parse(&argc, &argv, "DIR", _("Puts a station's card into the authority's list, and writes its passport. Sign afterwards."), entries, 1, 1);
    return run_add(argv[1], &a);
}

static int list(int argc, char **argv)
{
    size_t i;
    json_t *service;
    command_parse(&argc, &argv, "DIR", _("Lists the services that the authority's next directory will hold."), NULL, 1, 1);
    json_auto_t *all = authority_list(argv[1]);
    if (all == NULL)
        return CODE_PROBLEM;
    if (command_print_json(json_incref(json_object_get(all, "services"))))
        return CODE_OK;
    json_array_foreach (json_object_get(all, "services"), i, service)
        printf("%-28s %-16s %-16s %s\n", command_text(service, "id"), command_text(service, "kind"), command_text(service, "area"), command_text(service, "name"));
    return CODE_OK;
}

static int tell_broker(int argc, char **argv, const char *what, const char *summary)
{
    g_autofree char *admin = NULL;
    int code;
    const GOptionEntry entries[] = { { "admin", 0, 0, G_OPTION_ARG_FILENAME, &admin, N_("The broker's admin socket"), "PATH" }, { 0 } };
    command_parse(&argc, &argv, "SERVICE[/STATION]", summary, entries, 1, 1);
    if (admin == NULL)
        return command_fail(_("--admin PATH is needed: the broker's admin socket.")), CODE_USAGE;
    json_auto_t *answer = command_ask_at(admin, json_pack("{s:s, s:s}", "do", what, "service", argv[1]), &code);
    if (answer == NULL)
        return code;
    if (!json_is_true(json_object_get(answer, "ok")))
        return command_fail("%s", command_text(answer, "error.text"));
    if (!command_print_json(json_incref(answer)))
        printf(strcmp(what, "block") == 0 ? _("%s is blocked: its connections are cut, and it is on record.\n") : _("%s may connect again; it is on record.\n"), argv[1]);
    return CODE_OK;
}

static int block(int argc, char **argv)
{
    return tell_broker(argc, argv, "block", _("Cuts a service, or one station of it, off at once. The broker can block; it can never admit."));
}

static int unblock(int argc, char **argv) { return tell_broker(argc, argv, "unblock", _("Lets a blocked service connect again.")); }

int service_command(int argc, char **argv)
{
    static const Command acts[] = {
        { "add", "", N_("puts a station's card into the authority's list, and writes its passport"), add },
        { "list", "", N_("the services of the authority's list"), list },
        { "block", "", N_("cuts a service or a station off at the broker, at once"), block },
        { "unblock", "", N_("lets it connect again"), unblock },
    };
    return command_among("service", acts, G_N_ELEMENTS(acts), argc, argv);
}
