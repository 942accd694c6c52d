#include "adapters/sdk/aside.h"

#include "adapters/sdk/agreed.h"
#include "adapters/sdk/look.h"
#include "adapters/sdk/open.h"
#include "broker/codes.h"

#include <string.h>

/* ---- Gathered ---- */

static void aside_take(json_t *aside, const Letter *letter, const json_t *parts)
{
    size_t i;
    json_t *zone, *zones = json_object_get(aside, "zones");
    const char *product = look_text(parts, "clinical.asked_product");
    json_array_foreach ((json_t *)look(parts, "risk.zone_postcodes"), i, zone)
        json_array_append(zones, zone);
    if (product != NULL && letter->rules.kind == KIND_DOSE_REQUEST)
        json_object_set_new(aside, "asked_product", json_string(product));
}

/* The newest day on which a number reached somebody else: by an attempt here, or as the broker told of one elsewhere. */
static void aside_wrong_person(json_t *aside, int64_t at)
{
    g_autoptr(GDateTime) time = g_date_time_new_from_unix_utc(at / G_USEC_PER_SEC);
    g_autofree char *day = g_date_time_format(time, "%Y-%m-%d");
    const char *before = look_text(aside, "wrong_person");
    if (before == NULL || strcmp(before, day) < 0)
        json_object_set_new(aside, "wrong_person", json_string(day));
}

static void aside_evidence(TcClient *client, json_t *aside, const TcId *conversation)
{
    sqlite3_stmt *event = spool_ask(client->spool, SQL_EVENT_CONVERSATION, "u", conversation);
    while (spool_next(client->spool, event)) {
        json_t *row = json_loads((const char *)sqlite3_column_text(event, 1), 0, NULL);
        if (look_is(row, "step", "wrong_person"))
            aside_wrong_person(aside, look_time(row, "at"));
        json_decref(row);
    }
}

/* Gives the conversation that the first of them arose from; none: it did not. */
static TcId aside_gather(TcClient *client, json_t *aside, const TcId *conversation)
{
    TcId about = { { 0 } };
    aside_evidence(client, aside, conversation);
    g_autoptr(GPtrArray) letters = letter_conversation(client, conversation);
    for (guint i = 0; i < letters->len; i++) {
        const Letter *letter = letters->pdata[i];
        json_t *parts = json_object(), *closed = json_object();
        if (letter_counts(letter) && letter->rules.kind == KIND_ATTEMPT && letter->rules.group.coded.code == ATTEMPT_WRONG_PERSON)
            aside_wrong_person(aside, letter->at);
        if (letter->header->has_about)
            memcpy(about.b, letter->header->about.data, sizeof about);
        if (letter_counts(letter) && letter->content != NULL) {
            (void)open_parts(client, letter, parts, closed);
            aside_take(aside, letter, parts);
        }
        json_decref(parts);
        json_decref(closed);
    }
    return about;
}

json_t *aside_of(TcClient *client, const TcId *conversation)
{
    json_t *aside = json_pack("{s:[]}", "zones");
    TcId about = aside_gather(client, aside, conversation);
    if (!tc_id_is_none(&about))
        (void)aside_gather(client, aside, &about);
    char agreed[CONSENT_TEXT_MAX];
    agreed_of(client, conversation, agreed);
    json_object_set_new(aside, "consent", json_string(consent_standing(agreed, client_now(client))));
    return aside;
}

/* ---- Judged ---- */

bool aside_reaches_another(const json_t *channel, const json_t *aside)
{
    const char *day = look_text(aside, "wrong_person"), *checked = look_text(channel, "checked_on");
    bool telephone = look_is(channel, "kind", "mobile") || look_is(channel, "kind", "landline");
    return day != NULL && telephone && !look_is(channel, "state", "suspended") && !look_is(channel, "state", "wrong_person") && (checked == NULL || strcmp(checked, day) <= 0);
}


/* One or two letters, a digit, and perhaps one more letter or digit; then nothing, or a space, or a digit and two letters. */
bool aside_district(const char *postcode, char district[5])
{
    char plain[16];
    size_t len = 0;
    for (; *postcode != '\0' && len < sizeof plain - 1; postcode++)
        if (!g_ascii_isspace(*postcode))
            plain[len++] = g_ascii_toupper(*postcode);
    plain[len] = '\0';
    if (g_regex_match_simple("^[A-Z]{1,2}[0-9][0-9A-Z]?[0-9][A-Z]{2}$", plain, 0, 0))
        len -= 3;
    else if (!g_regex_match_simple("^[A-Z]{1,2}[0-9][0-9A-Z]?$", plain, 0, 0))
        return false;
    memcpy(district, plain, len);
    district[len] = '\0';
    return true;
}

const char *aside_zone(const json_t *message, const json_t *aside)
{
    size_t i;
    json_t *zone;
    char place[5], closed[5];
    const char *postcode = look_text(message, "parts.minimum.appointment.postcode");
    if (postcode == NULL || !aside_district(postcode, place))
        return NULL;
    json_array_foreach (json_object_get(aside, "zones"), i, zone)
        if (aside_district(json_string_value(zone), closed) && strcmp(place, closed) == 0)
            return json_string_value(zone);
    return NULL;
}

bool aside_other_product(const json_t *message, const json_t *aside)
{
    size_t i;
    json_t *dose;
    const char *asked = look_text(aside, "asked_product");
    const json_t *doses = look(message, "parts.clinical.doses");
    if (asked == NULL || strcmp(asked, "unknown") == 0 || strcmp(asked, "not_asked") == 0 || json_array_size(doses) == 0)
        return false;
    json_array_foreach ((json_t *)doses, i, dose)
        if (look_is(dose, "product", asked))
            return false;
    return look_is(message, "dose_answer.reply", "confirmed");
}

static bool aside_text_converts(const char *text)
{
    return text != NULL && g_regex_match_simple("\\b(equivalen(t|ce)|convert(s|ed|ing)?|conversion|instead of [0-9])", text, G_REGEX_CASELESS, 0);
}

bool aside_converts(const json_t *message)
{
    size_t i;
    json_t *dose;
    json_array_foreach ((json_t *)look(message, "parts.clinical.doses"), i, dose)
        if (aside_text_converts(look_text(dose, "product_name")))
            return true;
    return json_array_size(look(message, "parts.clinical.doses")) > 0 && aside_text_converts(look_text(message, "parts.clinical.note"));
}
