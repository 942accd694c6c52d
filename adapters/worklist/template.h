/* Templates of pages: text with tags, filled from a JSON object. Everything a tag prints is escaped for HTML; no tag prints unescaped.
 *
 *   {{name}} {{a.b}} {{.}}                    a value, escaped; numbers and texts; nothing when it is missing
 *   {{#name}}…{{/name}}                       for each of a list, within an object, or once when it is true
 *   {{^name}}…{{/name}}                       when it is missing, false, empty
 *   {{>name}}                                 another template, with what is at hand
 *   {{_}}Comes out on {day}{{/_}}             words for a person, translated; {day} is filled in afterwards, escaped
 *   {{n count}}{count} person|{count} people{{/n}}  the same with a number, by the language's plural forms
 *
 * Ideas from Mustache; there is no tag that turns escaping off, no code in a template, and a name is looked up from the inside out.
 * Templates are read once, at the start; a mistake in one is an error then, not on a page. */
#ifndef WORKLIST_TEMPLATE_H
#define WORKLIST_TEMPLATE_H

#include <glib.h>
#include <jansson.h>
#include <stdbool.h>

typedef struct Template Template;

/* NULL and *problem (free with g_free): what is wrong, with its line. */
Template *template_parse(const char *text, size_t len, char **problem);
void template_free(Template *template);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Template, template_free)

/* Gives a template by its name for {{>name}}; NULL: there is none, and nothing is printed. */
typedef const Template *(*TemplateFind)(void *ctx, const char *name);
/* view: an object, borrowed. Appends to out. */
void template_render(const Template *template, const json_t *view, TemplateFind find, void *ctx, GString *out);

/* Appends text so that it is text in HTML, in an element or a quoted attribute. */
void template_escape(GString *out, const char *text);

#endif
