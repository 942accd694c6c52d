/* One line an event on standard error, "level=warning event=refused service=cjip code=232 name=not_allowed".
 *
 * A line is an event and fields from an allow-list, each with a value that is an identifier, a number or a constant word; so no line can
 * hold a name, a text or a secret. A field that is not on the list is a mistake in the program and ends it in a sanitised build. */
#ifndef BROKER_LOG_H
#define BROKER_LOG_H

#include <glib.h>

typedef enum LogLevel { LOG_ERROR_LEVEL = 3, LOG_WARNING_LEVEL = 4, LOG_INFO_LEVEL = 6 } LogLevel;

/* Pairs of field and value, both const char *, ended by NULL. */
void log_event(LogLevel level, const char *event, ...) G_GNUC_NULL_TERMINATED;
/* A number as text, valid until the sixth call after. */
const char *log_number(int64_t number);

#endif
