/* A template and the view it is filled from, with a form feed between them. What a page prints of a view never holds a raw angle bracket. */
#include "fuzz.h"

#include "adapters/worklist/template.h"

#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const uint8_t *cut = size > 0 ? memchr(data, '\f', size) : NULL;
    size_t len = cut != NULL ? (size_t)(cut - data) : size;
    g_autofree char *problem = NULL;
    g_autoptr(Template) template = template_parse((const char *)data, len, &problem);
    json_auto_t *view = cut != NULL ? json_loadb((const char *)cut + 1, size - len - 1, 0, NULL) : NULL;
    g_assert((template == NULL) == (problem != NULL));
    if (template == NULL || !json_is_object(view))
        return 0;
    g_autoptr(GString) out = g_string_new(NULL);
    template_render(template, view, NULL, NULL, out);
    if (memchr(data, '<', len) == NULL)
        g_assert(strchr(out->str, '<') == NULL);
    return 0;
}
