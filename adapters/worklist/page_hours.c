/* When this service is open, when it is closed, what room it has and what it can do: what it said last, and a form that says all of it anew to the area's
 * single point of contact. Others are asked by it: a service that is full or closed is passed over. */
#include "adapters/station/hours.h"
#include "adapters/station/words.h"
#include "adapters/worklist/manage.h"
#include "adapters/worklist/pages.h"
#include "adapters/worklist/say.h"
#include "throughcare.pb-c.h"

#include <glib/gi18n.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef struct WeekDay { const char *day, *words; } WeekDay;

static const WeekDay days[] = { { "monday", N_("Monday") }, { "tuesday", N_("Tuesday") }, { "wednesday", N_("Wednesday") }, { "thursday", N_("Thursday") }, { "friday", N_("Friday") },
    { "saturday", N_("Saturday") }, { "sunday", N_("Sunday") }, { "bank_holiday", N_("Bank holidays") } };

/* ---- What stands ---- */

static void find_newest(void *ctx, const Case *it)
{
    const Case **newest = ctx;
    if (it->ours && strcmp(it->kind, "availability") == 0 && strcmp(it->state, "stands") == 0 && (*newest == NULL || (*newest)->facts.asked_at < it->facts.asked_at))
        *newest = it;
}

/* "09:00-12:30, 13:30-17:00"; nobody said anything: as everybody takes it. */
static char *hours_text(const json_t *said, const char *day)
{
    size_t i;
    json_t *each;
    const json_t *hours = json_object_get(said, "hours");
    GString *out = g_string_new(NULL);
    if (json_array_size(hours) == 0 && strcmp(day, "saturday") != 0 && strcmp(day, "sunday") != 0 && strcmp(day, "bank_holiday") != 0)
        g_string_append(out, "09:00-17:00");
    json_array_foreach (hours, i, each) {
        int opens = (int)json_integer_value(json_object_get(each, "opens")), closes = (int)json_integer_value(json_object_get(each, "closes"));
        if (strcmp(case_text(each, "day"), day) == 0)
            g_string_append_printf(out, "%s%02d:%02d-%02d:%02d", out->len > 0 ? ", " : "", opens / 60, opens % 60, closes / 60, closes % 60);
    }
    return g_string_free(out, FALSE);
}

static void add_day(GString *out, const char *day)
{
    int y = 0, m = 0, d = 0;
    if (sscanf(day, "%d-%d-%d", &y, &m, &d) == 3)
        g_string_append_printf(out, "%d %d %d", d, m, y);
}

/* A line each: "24 12 2026 - 28 12 2026". */
static char *closures_text(const json_t *said)
{
    size_t i;
    json_t *each;
    GString *out = g_string_new(NULL);
    json_array_foreach (json_object_get(said, "closures"), i, each) {
        g_string_append(out, out->len > 0 ? "\n" : "");
        add_day(out, case_text(each, "from_day"));
        if (strcmp(case_text(each, "from_day"), case_text(each, "to_day")) != 0) {
            g_string_append(out, " - ");
            add_day(out, case_text(each, "to_day"));
        }
    }
    return g_string_free(out, FALSE);
}

/* ---- The page ---- */

static json_t *hour_fields(const Request *request, const json_t *said, const json_t *errors)
{
    json_t *fields = json_array();
    for (size_t i = 0; i < G_N_ELEMENTS(days); i++) {
        g_autofree char *standing = hours_text(said, days[i].day);
        json_array_append_new(fields, manage_text(days[i].day, _(days[i].words), NULL, request->typed ? request_value(request->form, days[i].day) : standing, errors));
    }
    return fields;
}

static bool can(const Request *request, const json_t *said, const char *code)
{
    size_t i;
    json_t *each;
    g_autofree char *name = g_strconcat("can.", code, NULL);
    if (request->typed)
        return *request_value(request->form, name) != '\0';
    json_array_foreach (json_object_get(said, "capabilities"), i, each)
        if (strcmp(json_string_value(each), code) == 0)
            return true;
    return false;
}

static char *capability_code(unsigned i)
{
    const ProtobufCEnumValue *value = &tc__capability__code__descriptor.values[i];
    return value->value < 2 ? NULL : g_ascii_strdown(value->name, -1); /* unknown, not asked */
}

static json_t *capability_boxes(const Request *request, const json_t *said)
{
    json_t *boxes = json_array();
    for (unsigned i = 0; i < tc__capability__code__descriptor.n_values; i++) {
        g_autofree char *code = capability_code(i), *label = code != NULL ? say_sentence(words_of(code)) : NULL;
        if (code != NULL)
            json_array_append_new(boxes, json_pack("{s:s, s:s, s:b}", "code", code, "label", label, "chosen", can(request, said, code)));
    }
    return boxes;
}

static json_t *other_fields(const Request *request, const json_t *said, const json_t *errors)
{
    const json_t *places = json_object_get(said, "places");
    g_autofree char *closures = closures_text(said), *room = json_is_integer(places) ? g_strdup_printf("%" JSON_INTEGER_FORMAT, json_integer_value(places)) : g_strdup("");
    g_autofree char *example = say_example(_("A line for each day or span, as {tomorrow} - {next_week}."), tc_client_now(request->worklist->client));
    json_t *lines = manage_text("closures", _("Closed on"), example, request->typed ? request_value(request->form, "closures") : closures, errors);
    json_object_del(lines, "line");
    json_object_set_new(lines, "lines", json_true());
    return json_pack("[o, o]", lines, manage_text("places", _("Free places"), _("Leave it empty if you do not count them. 0: nobody is sent to you."), request->typed ? request_value(request->form, "places") : room, errors));
}

static void show(Request *request, json_t *errors)
{
    const Case *newest = NULL;
    caseload_each(request->worklist->caseload, find_newest, &newest);
    const json_t *said = newest != NULL ? json_object_get(newest->request, "availability") : NULL;
    g_autofree char *at = newest != NULL ? say_time(newest->facts.asked_at) : g_strdup("");
    json_t *view = manage_view(request, _("Hours and places"), strcmp(request_value(request->query, "done"), "said") == 0 ? _("It was sent, and counts from now on.") : NULL);
    json_object_set_new(view, "said_at", json_string(at));
    json_object_set_new(view, "unsent", json_boolean(newest != NULL && strcmp(case_text(newest->request, "delivery_state"), "waiting") == 0));
    json_object_set_new(view, "hour_fields", hour_fields(request, said, errors));
    json_object_set_new(view, "other_fields", other_fields(request, said, errors));
    json_object_set_new(view, "abilities", capability_boxes(request, said)); /* not "boxes": that is a word of field.html, which looks outwards too */
    manage_errors(view, errors);
    reply_page(request, json_array_size(errors) > 0 ? 422 : 200, "hours", view);
}

/* ---- What was typed ---- */

static void hours_error(json_t *errors, const WeekDay *day)
{
    g_autofree char *text = g_strdup_printf("%s: %s", _(day->words), _("write hours as 09:00-17:00, with commas between them"));
    manage_error(errors, day->day, text);
}

static json_t *typed_hours(const Request *request, json_t *errors)
{
    json_t *all = json_array();
    for (size_t i = 0; i < G_N_ELEMENTS(days); i++) {
        g_auto(GStrv) each = g_strsplit(request_value(request->form, days[i].day), ",", -1);
        for (size_t j = 0; each[j] != NULL; j++) {
            g_autofree char *entry = g_strdup_printf("%s %s", days[i].day, g_strstrip(each[j]));
            json_auto_t *hours = *each[j] != '\0' ? hours_of(entry) : json_array();
            if (hours == NULL)
                hours_error(errors, &days[i]);
            json_array_extend(all, hours);
        }
    }
    if (json_array_size(all) == 0 && json_array_size(errors) == 0)
        manage_error(errors, "monday", _("Write the hours of one day at least; a service that is closed has closures"));
    return all;
}

static bool read_day(const char *text, char out[11])
{
    int d, m, y, end = 0;
    if (sscanf(text, " %2d %2d %4d %n", &d, &m, &y, &end) != 3 || text[end] != '\0' || d < 1 || m < 1 || y < 1)
        return false;
    g_snprintf(out, 11, "%04d-%02d-%02d", y, m, d);
    return true;
}

static json_t *typed_closures(const Request *request, json_t *errors)
{
    json_t *all = json_array();
    g_auto(GStrv) lines = g_strsplit(request_value(request->form, "closures"), "\n", -1);
    g_autofree char *wrong = say_example(_("Write days as {tomorrow}, or {tomorrow} - {next_week}"), tc_client_now(request->worklist->client));
    for (size_t i = 0; lines[i] != NULL; i++) {
        char from[11] = "", to[11] = "";
        g_auto(GStrv) both = g_strsplit(g_strstrip(lines[i]), "-", 2);
        if (both[0] == NULL || *both[0] == '\0')
            continue;
        if (read_day(both[0], from) && read_day(both[1] != NULL ? both[1] : both[0], to))
            json_array_append_new(all, json_pack("{s:s, s:s}", "from_day", from, "to_day", to));
        else
            manage_error(errors, "closures", wrong);
    }
    return all;
}

static json_t *typed_capabilities(const Request *request)
{
    json_t *all = json_array();
    for (unsigned i = 0; i < tc__capability__code__descriptor.n_values; i++) {
        g_autofree char *code = capability_code(i);
        if (code != NULL && can(request, NULL, code))
            json_array_append_new(all, json_string(code));
    }
    return all;
}

static const char *spoc_of(const Worklist *w)
{
    size_t i;
    json_t *area;
    json_array_foreach (json_object_get(w->directory, "areas"), i, area)
        if (strcmp(case_text(area, "code"), w->area) == 0)
            return case_text(area, "spoc");
    return "";
}

static json_t *typed_message(const Request *request, const Case *newest, json_t *errors)
{
    const Worklist *w = request->worklist;
    const char *places = request_value(request->form, "places");
    json_t *availability = json_pack("{s:o, s:o, s:o}", "hours", typed_hours(request, errors), "closures", typed_closures(request, errors), "capabilities", typed_capabilities(request));
    if (strspn(places, "0123456789") != strlen(places) || strlen(places) > 5)
        manage_error(errors, "places", _("Write a whole number"));
    else if (*places != '\0')
        json_object_set_new(availability, "places", json_integer(atoi(places)));
    json_t *message = json_pack("{s:s, s:s, s:s, s:o}", "kind", "availability", "worker", request->session->account->worker, "recipient", spoc_of(w), "availability", availability);
    if (newest != NULL)
        json_object_set(message, "supersedes", json_object_get(newest->request, "id"));
    return message;
}

void page_hours(Request *request, const char *rest)
{
    Worklist *w = request->worklist;
    json_t *errors = json_array();
    TcError error;
    char id[37] = "";
    const Case *newest = NULL;
    (void)rest;
    caseload_each(w->caseload, find_newest, &newest);
    json_auto_t *message = request->post ? typed_message(request, newest, errors) : NULL;
    if (message != NULL && json_array_size(errors) == 0 && !tc_client_send(w->client, message, NULL, id, &error))
        manage_failed(request, errors, g_str_has_prefix(error.field, "availability.closures") ? "closures" : g_str_has_prefix(error.field, "availability.places") ? "places" : "monday", &error);
    if (!request->post || json_array_size(errors) > 0) {
        show(request, errors);
        return;
    }
    json_decref(errors);
    g_autofree char *conversation = g_strdup(newest != NULL ? newest->conversation : id);
    caseload_refresh(w->caseload, conversation);
    manage_done(request, "/manage/hours", "said");
}
