#include "adapters/worklist/cover.h"

#include "proto/date.h"

#include <glib/gi18n.h>
#include <stdlib.h>
#include <string.h>

#define NOTE "worklist:cover"
enum { AWAY_MAX = 500, HOPS_MAX = 8 };

struct Cover { TcClient *client; json_t *duty, *away; }; /* duty: worker -> cover; away: as cover_list gives it */

static const char *text_of(const json_t *row, const char *name)
{
    const char *text = json_string_value(json_object_get(row, name));
    return text != NULL ? text : "";
}

Cover *cover_new(TcClient *client)
{
    Cover *cover = g_new0(Cover, 1);
    char *text = client != NULL ? tc_client_note_get(client, NOTE) : NULL;
    json_auto_t *kept = text != NULL ? json_loads(text, 0, NULL) : NULL;
    free(text);
    cover->client = client;
    cover->duty = json_is_object(json_object_get(kept, "duty")) ? json_incref(json_object_get(kept, "duty")) : json_object();
    cover->away = json_is_array(json_object_get(kept, "away")) ? json_incref(json_object_get(kept, "away")) : json_array();
    return cover;
}

void cover_free(Cover *cover)
{
    if (cover == NULL)
        return;
    json_decref(cover->duty);
    json_decref(cover->away);
    g_free(cover);
}

/* ---- Changing ---- */

static bool refuse(TcError *error, const char *field, const char *text)
{
    *error = (TcError){ .code = "bad_value" };
    g_strlcpy(error->field, field, sizeof error->field);
    g_strlcpy(error->text, text, sizeof error->text);
    return false;
}

/* What stands now becomes these two, when they are kept; takes both. */
static bool keep(Cover *cover, json_t *duty, json_t *away, TcError *error)
{
    json_auto_t *whole = json_pack("{s:O, s:O}", "duty", duty, "away", away);
    char *text = json_dumps(whole, JSON_COMPACT);
    bool good = cover->client == NULL || tc_client_note_set(cover->client, NOTE, text, error);
    free(text);
    json_decref(good ? cover->duty : duty);
    json_decref(good ? cover->away : away);
    if (good) {
        cover->duty = duty;
        cover->away = away;
    }
    return good;
}

bool cover_set_duty(Cover *cover, const char *worker, const char *by, TcError *error)
{
    if (strcmp(worker, by) == 0)
        return refuse(error, "cover", N_("Nobody can stand in for themselves. Choose somebody else."));
    json_t *duty = json_copy(cover->duty);
    if (*by != '\0')
        json_object_set_new(duty, worker, json_string(by));
    else
        json_object_del(duty, worker);
    return keep(cover, duty, json_incref(cover->away), error);
}

const char *cover_duty(const Cover *cover, const char *worker) { return text_of(cover->duty, worker); }

static bool overlaps(const json_t *row, const char *worker, const char *from, const char *to)
{
    return strcmp(text_of(row, "worker"), worker) == 0 && strcmp(text_of(row, "from"), to) <= 0 && strcmp(from, text_of(row, "to")) <= 0;
}

static bool absence_fits(const Cover *cover, const char *worker, const char *from, const char *to, const char *by, TcError *error)
{
    size_t i;
    json_t *row;
    if (*worker == '\0')
        return refuse(error, "worker", N_("Choose who is away."));
    if (!tc_date_valid(from, strlen(from)) || !tc_date_valid(to, strlen(to)))
        return refuse(error, "from", N_("Write two days that exist, in numbers: day, month and year."));
    if (strcmp(from, to) > 0)
        return refuse(error, "to", N_("The last day lies before the first."));
    if (*by == '\0' || strcmp(by, worker) == 0)
        return refuse(error, "cover", N_("Choose somebody else who stands in."));
    json_array_foreach (cover->away, i, row)
        if (overlaps(row, worker, from, to))
            return refuse(error, "from", N_("They are away on some of these days already. Take that absence away first."));
    return json_array_size(cover->away) < AWAY_MAX || refuse(error, "from", N_("There are too many absences. Take old ones away first."));
}

bool cover_add(Cover *cover, const char *worker, const char *from, const char *to, const char *by, const char *today, TcError *error)
{
    const char *stands_in = *by != '\0' ? by : cover_duty(cover, worker);
    if (!absence_fits(cover, worker, from, to, stands_in, error))
        return false;
    size_t at = 0;
    json_t *away = cover_list(cover, today);
    while (at < json_array_size(away) && strcmp(text_of(json_array_get(away, at), "from"), from) <= 0)
        at++;
    json_array_insert_new(away, at, json_pack("{s:s, s:s, s:s, s:s}", "worker", worker, "from", from, "to", to, "cover", stands_in));
    return keep(cover, json_incref(cover->duty), away, error);
}

bool cover_remove(Cover *cover, const char *worker, const char *from, TcError *error)
{
    size_t i;
    json_t *row;
    json_array_foreach (cover->away, i, row)
        if (strcmp(text_of(row, "worker"), worker) == 0 && strcmp(text_of(row, "from"), from) == 0) {
            json_t *away = json_copy(cover->away);
            json_array_remove(away, i);
            return keep(cover, json_incref(cover->duty), away, error);
        }
    return refuse(error, "worker", N_("There is no such absence any more."));
}

json_t *cover_list(const Cover *cover, const char *day)
{
    size_t i;
    json_t *row, *list = json_array();
    json_array_foreach (cover->away, i, row)
        if (strcmp(text_of(row, "to"), day) >= 0)
            json_array_append(list, row);
    return list;
}

/* ---- Asking ---- */

static const json_t *absence_on(const Cover *cover, const char *worker, const char *day)
{
    size_t i;
    json_t *row;
    json_array_foreach (cover->away, i, row)
        if (overlaps(row, worker, day, day))
            return row;
    return NULL;
}

const char *cover_away_until(const Cover *cover, const char *worker, const char *day)
{
    const json_t *absence = absence_on(cover, worker, day);
    return absence != NULL ? text_of(absence, "to") : NULL;
}

const char *cover_of(const Cover *cover, const char *worker, const char *day)
{
    const json_t *absence;
    for (int hops = 0; (absence = absence_on(cover, worker, day)) != NULL; hops++) {
        if (hops == HOPS_MAX)
            return ""; /* they stand in for each other, and all are away */
        worker = text_of(absence, "cover");
    }
    return worker;
}

GPtrArray *cover_mine(const Cover *cover, const char *worker, const char *day)
{
    GPtrArray *mine = g_ptr_array_new();
    size_t i;
    json_t *row;
    g_ptr_array_add(mine, (gpointer)worker);
    json_array_foreach (cover->away, i, row) {
        const char *other = text_of(row, "worker");
        if (overlaps(row, other, day, day) && strcmp(cover_of(cover, other, day), worker) == 0)
            g_ptr_array_add(mine, (gpointer)other);
    }
    return mine;
}
