/* Looking into JSON by a dotted path ("minimum.person.surname"), and small shared makings of JSON. Borrowed results; nothing fails. */
#ifndef SDK_LOOK_H
#define SDK_LOOK_H

#include "proto/types.h"

#include <jansson.h>

const json_t *look(const json_t *json, const char *path);        /* NULL: not there */
const char *look_text(const json_t *json, const char *path);     /* NULL: not there, or no text */
bool look_is(const json_t *json, const char *path, const char *text);
int64_t look_time(const json_t *json, const char *path);         /* microseconds; 0: not there, or no time */
bool look_id(const json_t *json, const char *path, TcId *id);    /* false: not there, or no UUID */

json_t *look_of_id(const TcId *id);
json_t *look_of_time(int64_t time);
json_t *look_of_hex(const void *bytes, size_t len);

#endif
