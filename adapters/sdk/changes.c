#include "adapters/sdk/changes.h"

#include <glib.h>
#include <stdbool.h>

/* These say which version it is, and what this station did with it, not what it says. */
static const char *const changes_apart[] = {
    "id", "created_at", "supersedes", "at", "sequence", "row", "direction", "delivery_state", "opened_at", "opened_by", "signature",
    "closed", "changes", "state", "waiting", "versions", "due_at", "sealed", "differs", "error", NULL,
};

static void changes_compare(json_t *list, const char *path, const json_t *before, const json_t *after);

static void changes_members(json_t *list, const char *path, const json_t *of, const json_t *before, const json_t *after, bool only_new)
{
    const char *name;
    json_t *member;
    json_object_foreach ((json_t *)of, name, member) {
        g_autofree char *inner = path[0] == '\0' ? g_strdup(name) : g_strconcat(path, ".", name, NULL);
        if ((only_new && json_object_get(before, name) != NULL) || (path[0] == '\0' && g_strv_contains(changes_apart, name)))
            continue;
        changes_compare(list, inner, json_object_get(before, name), json_object_get(after, name));
    }
}

static void changes_elements(json_t *list, const char *path, const json_t *before, const json_t *after)
{
    size_t count = MAX(json_array_size(before), json_array_size(after));
    for (size_t i = 0; i < count; i++) {
        g_autofree char *inner = g_strdup_printf("%s[%zu]", path, i);
        changes_compare(list, inner, json_array_get(before, i), json_array_get(after, i));
    }
}

static void changes_add(json_t *list, const char *path, const json_t *before, const json_t *after)
{
    json_t *change = json_pack("{s:s}", "field", path);
    json_object_set_new(change, "from", before == NULL ? json_null() : json_incref((json_t *)before));
    json_object_set_new(change, "to", after == NULL ? json_null() : json_incref((json_t *)after));
    json_array_append_new(list, change);
}

static void changes_compare(json_t *list, const char *path, const json_t *before, const json_t *after)
{
    const json_t *one = before == NULL ? after : before;
    if (json_equal((json_t *)before, (json_t *)after))
        return;
    bool both = before != NULL && after != NULL;
    if (json_is_object(one) && (!both || json_is_object(after))) {
        changes_members(list, path, before, before, after, false);
        changes_members(list, path, after, before, after, true);
    } else if (json_is_array(one) && (!both || json_is_array(after))) {
        changes_elements(list, path, before, after);
    } else {
        changes_add(list, path, before, after);
    }
}

json_t *changes_between(const json_t *before, const json_t *after)
{
    json_t *list = json_array();
    changes_compare(list, "", before, after);
    return list;
}
