#include "adapters/worklist/language.h"

#include <glib.h>
#include <libintl.h>
#include <locale.h>
#include <stdlib.h>
#include <string.h>

extern int _nl_msg_cat_cntr; /* GNU gettext: counted up, it looks at LANGUAGE again (its manual, "Being a gettext grok") */

static const char *now = "en";

/* The words lie beside the program where it was built, else where it is installed. */
static char *words_folder(void)
{
    g_autofree char *self = g_file_read_link("/proc/self/exe", NULL), *folder = g_path_get_dirname(self != NULL ? self : "."), *beside = g_build_filename(folder, "locale", NULL);
    return g_file_test(beside, G_FILE_TEST_IS_DIR) ? g_steal_pointer(&beside) : g_strdup(TC_LOCALE_DIR);
}

void language_begin(void)
{
    g_autofree char *folder = words_folder();
    setlocale(LC_ALL, "C.UTF-8"); /* any locale but "C" lets LANGUAGE choose; it is there without installing one */
    bindtextdomain(GETTEXT_PACKAGE, folder);
    bind_textdomain_codeset(GETTEXT_PACKAGE, "UTF-8");
    textdomain(GETTEXT_PACKAGE);
    language_set("en");
}

bool language_known(const char *language) { return strcmp(language, "en") == 0 || strcmp(language, "cy") == 0; }

void language_set(const char *language)
{
    const char *wanted = strcmp(language, "cy") == 0 ? "cy" : "en";
    const char *set = g_getenv("LANGUAGE");
    if (set != NULL && strcmp(set, wanted) == 0)
        return;
    now = wanted;
    g_setenv("LANGUAGE", wanted, TRUE);
    _nl_msg_cat_cntr++;
}

const char *language_now(void) { return now; }
const char *language_other(void) { return strcmp(now, "cy") == 0 ? "en" : "cy"; }
const char *language_other_name(void) { return strcmp(now, "cy") == 0 ? "English" : "Cymraeg"; }
