#include "adapters/sdk/alike.h"

#include "adapters/sdk/look.h"
#include "proto/linkage.h"

#include <stdlib.h>
#include <string.h>

enum { PREFIX_MIN = 3 }; /* letters of a forename that a short form must share: Dan, Daniel */

/* ---- Names ---- */

static bool is_mark(gunichar c)
{
    GUnicodeType type = g_unichar_type(c);
    return type == G_UNICODE_NON_SPACING_MARK || type == G_UNICODE_SPACING_MARK || type == G_UNICODE_ENCLOSING_MARK;
}

/* Letters that stay letters when their accents go: NULL for all others. */
static const char *plain_letter(gunichar c)
{
    switch (c) {
    case 0x00df: return "ss";
    case 0x00e6: return "ae";
    case 0x00f8: return "o";
    case 0x0142: return "l";
    case 0x00f0: return "d";
    case 0x00fe: return "th";
    default: return NULL;
    }
}

static void fold_letters(GString *out, const char *name)
{
    g_autofree char *lower = g_utf8_casefold(name, -1), *apart = g_utf8_normalize(lower, -1, G_NORMALIZE_ALL);
    for (const char *at = apart; at != NULL && *at != '\0'; at = g_utf8_next_char(at)) {
        gunichar c = g_utf8_get_char(at);
        const char *plain = plain_letter(c);
        if (plain != NULL)
            g_string_append(out, plain);
        else if (g_unichar_isalnum(c))
            g_string_append_unichar(out, c);
        else if (!is_mark(c) && c != '\'' && c != 0x2019 && c != 0x2018 && c != '`' && c != '.' && out->len > 0 && out->str[out->len - 1] != ' ')
            g_string_append_c(out, ' ');
    }
    g_strchomp(out->str);
    out->len = strlen(out->str);
}

/* "Mac Donald", "MacDonald" and "McDonald" are written for each other. */
static void fold_mac(GString *out, const char *word)
{
    bool alone = strcmp(word, "mac") == 0 || strcmp(word, "mc") == 0;
    if (out->len > 0 && !g_str_has_suffix(out->str, " mc") && strcmp(out->str, "mc") != 0)
        g_string_append_c(out, ' ');
    if (alone)
        g_string_append(out, "mc");
    else if (g_str_has_prefix(word, "mac") && strlen(word) > 5)
        g_string_append_printf(out, "mc%s", word + 3);
    else
        g_string_append(out, word);
}

char *alike_fold(const char *name)
{
    g_autoptr(GString) letters = g_string_new(NULL);
    GString *out = g_string_new(NULL);
    fold_letters(letters, name == NULL ? "" : name);
    g_auto(GStrv) words = g_strsplit(letters->str, " ", -1);
    for (size_t i = 0; words[i] != NULL; i++)
        if (words[i][0] != '\0')
            fold_mac(out, words[i]);
    return g_string_free(out, FALSE);
}

typedef enum Agreement { AGREE_NOT, AGREE_UNKNOWN, AGREE_PARTLY, AGREE_WHOLLY } Agreement;

static char *without_spaces(const char *name)
{
    g_auto(GStrv) words = g_strsplit(name, " ", -1);
    return g_strjoinv("", words);
}

/* A double-barrelled surname agrees in part with either of its halves. */
static Agreement surnames_agree(const char *one, const char *other)
{
    g_autofree char *a = alike_fold(one), *b = alike_fold(other), *a_joined = without_spaces(a), *b_joined = without_spaces(b);
    if (*a == '\0' || *b == '\0')
        return AGREE_UNKNOWN;
    if (strcmp(a_joined, b_joined) == 0)
        return AGREE_WHOLLY;
    g_auto(GStrv) as = g_strsplit(a, " ", -1), bs = g_strsplit(b, " ", -1);
    if (g_strv_length(as) < 2 && g_strv_length(bs) < 2)
        return AGREE_NOT;
    for (size_t i = 0; as[i] != NULL; i++)
        if (strlen(as[i]) >= PREFIX_MIN && g_strv_contains((const char *const *)bs, as[i]))
            return AGREE_PARTLY;
    return AGREE_NOT;
}

static bool short_form(const char *a, const char *b)
{
    size_t len = MIN(strlen(a), strlen(b));
    return len >= PREFIX_MIN && strncmp(a, b, len) == 0;
}

/* By the first forename: wholly; by an initial or a short form: partly. */
static Agreement forenames_agree(const char *one, const char *other)
{
    g_autofree char *a = alike_fold(one), *b = alike_fold(other);
    g_auto(GStrv) as = g_strsplit(a, " ", 2), bs = g_strsplit(b, " ", 2);
    if (*a == '\0' || *b == '\0')
        return AGREE_UNKNOWN;
    if (strcmp(as[0], bs[0]) == 0)
        return AGREE_WHOLLY;
    bool initial = (strlen(as[0]) == 1 || strlen(bs[0]) == 1) && as[0][0] == bs[0][0];
    return initial || short_form(as[0], bs[0]) ? AGREE_PARTLY : AGREE_NOT;
}

static Agreement names_agree(const char *surname, const char *forenames, const char *other_surname, const char *other_forenames)
{
    Agreement family = surnames_agree(surname, other_surname), own = forenames_agree(forenames, other_forenames);
    if (family == AGREE_NOT || own == AGREE_NOT)
        return AGREE_NOT;
    if (family == AGREE_UNKNOWN)
        return AGREE_UNKNOWN;
    return family == AGREE_WHOLLY && own == AGREE_WHOLLY ? AGREE_WHOLLY : AGREE_PARTLY;
}

/* Another name that somebody goes by: its last word is the surname. */
static Agreement alias_agrees(const json_t *one, const json_t *other)
{
    size_t i;
    json_t *alias;
    json_array_foreach ((json_t *)look(one, "aliases"), i, alias) {
        g_autofree char *name = g_strdup(json_string_value(alias) == NULL ? "" : json_string_value(alias));
        char *last = strrchr(name, ' ');
        if (last == NULL)
            continue;
        *last = '\0';
        if (names_agree(last + 1, name, look_text(other, "surname"), look_text(other, "forenames")) >= AGREE_PARTLY)
            return AGREE_PARTLY;
    }
    return AGREE_NOT;
}

/* ---- Birthdays ---- */

/* Wholly: the same day. Partly: day and month in each other's place, one digit different, or two neighbours in each other's place. */
static Agreement births_agree(const char *one, const char *other)
{
    unsigned differs = 0;
    bool turned = false;
    if (one == NULL || other == NULL || strlen(one) != strlen("2026-11-13") || strlen(other) != strlen(one))
        return AGREE_UNKNOWN;
    if (strcmp(one, other) == 0)
        return AGREE_WHOLLY;
    if (strncmp(one, other, 5) == 0 && strncmp(one + 5, other + 8, 2) == 0 && strncmp(one + 8, other + 5, 2) == 0)
        return AGREE_PARTLY;
    for (size_t i = 0; one[i] != '\0'; i++) {
        differs += one[i] != other[i];
        turned = turned || (one[i] != other[i] && one[i] == other[i + 1] && one[i + 1] == other[i]);
    }
    return differs == 1 || (differs == 2 && turned) ? AGREE_PARTLY : AGREE_NOT;
}

/* ---- Numbers ---- */

static bool same_number(const char *one, const char *other)
{
    if (one == NULL || other == NULL)
        return false;
    g_autofree char *a = tc_linkage_normalise(one), *b = tc_linkage_normalise(other);
    return a[0] != '\0' && strcmp(a, b) == 0;
}

static const char *number_agrees(const json_t *one, const json_t *other)
{
    size_t i, j;
    json_t *a, *b;
    if (same_number(look_text(one, "nhs_number"), look_text(other, "nhs_number")))
        return "the same NHS number";
    if (same_number(look_text(one, "pnc_id"), look_text(other, "pnc_id")))
        return "the same PNC id";
    json_array_foreach ((json_t *)look(one, "prison_numbers"), i, a)
        json_array_foreach ((json_t *)look(other, "prison_numbers"), j, b)
            if (same_number(json_string_value(a), json_string_value(b)))
                return "the same prison number";
    return NULL;
}

static bool sexes_contradict(const json_t *one, const json_t *other)
{
    const char *a = look_text(one, "sex"), *b = look_text(other, "sex");
    return a != NULL && b != NULL && ((strcmp(a, "male") == 0 && strcmp(b, "female") == 0) || (strcmp(a, "female") == 0 && strcmp(b, "male") == 0));
}

/* ---- Together ---- */

static void add(json_t *reasons, const char *why) { json_array_append_new(reasons, json_string(why)); }

/* A number alone is reason enough to look, whatever else says. */
static void by_number(json_t *reasons, const json_t *one, const json_t *other, Agreement names, Agreement births)
{
    const char *number = number_agrees(one, other);
    if (number == NULL)
        return;
    add(reasons, number);
    add(reasons, births == AGREE_WHOLLY   ? "the same date of birth"
                 : births == AGREE_UNKNOWN ? "the date of birth is not known for both"
                                           : "but another date of birth: numbers are mistyped and shared");
    if (names == AGREE_NOT)
        add(reasons, "but another name");
}

/* Same surname and birthday with another forename are twins as a rule; and so names need a birthday, and a birthday names. */
static void by_name(json_t *reasons, Agreement names, Agreement births)
{
    bool whole = names == AGREE_WHOLLY && births == AGREE_WHOLLY;
    bool near = (names == AGREE_WHOLLY && births == AGREE_PARTLY) || (names >= AGREE_PARTLY && births == AGREE_WHOLLY);
    if (!whole && !near)
        return;
    add(reasons, names == AGREE_WHOLLY ? "the same name, but for how it is written" : "names that may be one: a part, a short form, an initial or another name they go by");
    add(reasons, births == AGREE_WHOLLY ? "the same date of birth" : "dates of birth that differ by a slip: day and month, or one digit");
}

json_t *alike_reasons(const json_t *one, const json_t *other)
{
    json_t *reasons = json_array();
    Agreement names = names_agree(look_text(one, "surname"), look_text(one, "forenames"), look_text(other, "surname"), look_text(other, "forenames"));
    Agreement births = births_agree(look_text(one, "date_of_birth"), look_text(other, "date_of_birth"));
    if (names == AGREE_NOT && (alias_agrees(one, other) == AGREE_PARTLY || alias_agrees(other, one) == AGREE_PARTLY))
        names = AGREE_PARTLY;
    by_number(reasons, one, other, names, births);
    if (json_array_size(reasons) == 0 && !sexes_contradict(one, other))
        by_name(reasons, names, births);
    return reasons;
}
