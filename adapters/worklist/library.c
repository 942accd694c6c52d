#include "adapters/worklist/library.h"

#include "adapters/station/words.h"
#include "adapters/worklist/say.h"

#include <glib/gi18n.h>
#include <string.h>

/* The first that fits counts: those with two values stand before those that they contain. */
static const char *const patterns[] = {
    N_("reassess, do not continue: %s"), N_("no dose is shown: the %s in the answer is not the one asked about."), N_("the answer was valid until %s."),
    N_("a number of the client reached another person on %s, and the %s was not checked since"), N_("the %s was last checked on %s"), N_("the %s reaches the wrong person"),
    N_("the %s is suspended"), N_("the client harmed themselves, last on %s"), N_("the appointment is in %s, which the client must not enter"), N_("the question was about %s"),
    N_("what the client agreed to is now: %s"), N_("%s is a problem substance"), N_("%s is prescribed"), N_("%s prescribed before"), N_("%s mentions a dose, but has not confirmed it in a dose answer"),
    N_("The spool cannot be read or written (%s)."), N_("Cannot open the spool: %s."), N_("The spool belongs to another %s."), N_("%s Correct the channel."),
    N_("(one of: %s)"), N_("(at most %s characters; one with an accent counts as two)"), N_("(at most %s)"), N_("(%s to %s)"),
};

static char *value_said(const Worklist *worklist, const char *text)
{
    g_autofree char *day = say_short_day(text), *time = say_library_time(text);
    const char *service = worklist_service_name(worklist, text);
    return g_strdup(*day != '\0' ? day : *time != '\0' ? time : strcmp(service, text) != 0 ? service : words_in("product", text));
}

/* The values of a text that is made of a pattern's words; NULL: it is not. */
static char **values_of(char *const *words, const char *text)
{
    g_autoptr(GStrvBuilder) values = g_strv_builder_new();
    if (!g_str_has_prefix(text, words[0]))
        return NULL;
    text += strlen(words[0]);
    for (guint i = 1; words[i] != NULL; i++) {
        const char *next = words[i + 1] == NULL ? text + strlen(text) - MIN(strlen(text), strlen(words[i])) : strstr(text, words[i]);
        if (next == NULL || next == text || !g_str_has_prefix(next, words[i]))
            return NULL;
        g_autofree char *value = g_strndup(text, (gsize)(next - text));
        g_strv_builder_add(values, value);
        text = next + strlen(words[i]);
    }
    return g_strv_builder_end(values);
}

static char *filled(const Worklist *worklist, const char *pattern, const char *text)
{
    g_auto(GStrv) words = g_strsplit(pattern, "%s", -1), values = values_of(words, text), said = values != NULL ? g_strsplit(gettext(pattern), "%s", -1) : NULL;
    if (values == NULL)
        return NULL;
    GString *whole = g_string_new(said[0]);
    for (guint i = 0; values[i] != NULL && said[i + 1] != NULL; i++) {
        bool sentence = strchr(values[i], ' ') != NULL && g_str_has_suffix(values[i], "."); /* another pattern, or another sentence */
        g_autofree char *value = sentence ? library_said(worklist, values[i]) : value_said(worklist, values[i]);
        g_string_append_printf(whole, "%s%s", value, said[i + 1]);
    }
    return g_string_free(whole, FALSE);
}

static char *sentence_said(const Worklist *worklist, const char *text)
{
    if (*text == '\0' || gettext(text) != text)
        return g_strdup(*text != '\0' ? gettext(text) : "");
    for (guint i = 0; i < G_N_ELEMENTS(patterns); i++) {
        char *said = filled(worklist, patterns[i], text);
        if (said != NULL)
            return said;
    }
    return g_strdup(text);
}

char *library_said(const Worklist *worklist, const char *text)
{
    const char *stop = strstr(text, ". ");
    if (stop == NULL || gettext(text) != text || !(g_ascii_isupper(stop[2]) || stop[2] == '('))
        return sentence_said(worklist, text);
    g_autofree char *first = g_strndup(text, (gsize)(stop + 1 - text)), *before = sentence_said(worklist, first), *after = library_said(worklist, stop + 2);
    return g_strconcat(before, " ", after, NULL);
}
