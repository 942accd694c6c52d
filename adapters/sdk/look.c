#include "adapters/sdk/look.h"

#include "proto/date.h"
#include "proto/uuid.h"

#include <string.h>

const json_t *look(const json_t *json, const char *path)
{
    for (const char *dot; json != NULL; path = dot + 1) {
        dot = strchr(path, '.');
        if (dot == NULL)
            return json_object_get(json, path);
        g_autofree char *name = g_strndup(path, (gsize)(dot - path));
        json = json_object_get(json, name);
    }
    return NULL;
}

const char *look_text(const json_t *json, const char *path)
{
    return json_string_value(look(json, path));
}

bool look_is(const json_t *json, const char *path, const char *text)
{
    const char *found = look_text(json, path);
    return found != NULL && strcmp(found, text) == 0;
}

int64_t look_time(const json_t *json, const char *path)
{
    int64_t time;
    const char *text = look_text(json, path);
    return text != NULL && tc_date_parse_time(text, &time) ? time : 0;
}

bool look_id(const json_t *json, const char *path, TcId *id)
{
    const char *text = look_text(json, path);
    return text != NULL && tc_uuid_parse(text, id->b);
}

json_t *look_of_id(const TcId *id)
{
    char text[TC_UUID_TEXT_LEN + 1];
    tc_uuid_format(id->b, text);
    return json_string(text);
}

json_t *look_of_time(int64_t time)
{
    g_autofree char *text = tc_date_format_time(time);
    return json_string(text);
}

json_t *look_of_hex(const void *bytes, size_t len)
{
    const uint8_t *at = bytes;
    g_autoptr(GString) text = g_string_sized_new(2 * len);
    for (size_t i = 0; i < len; i++)
        g_string_append_printf(text, "%02x", at[i]);
    return json_string(text->str);
}
