#include "adapters/worklist/template.h"

#include <libintl.h>
#include <string.h>

enum { DEPTH_MAX = 16, INCLUDE_MAX = 8, NAME_MAX_LEN = 64 };

typedef enum Tag { TAG_TEXT, TAG_VALUE, TAG_SECTION, TAG_INVERTED, TAG_INCLUDE, TAG_WORDS, TAG_COUNT } Tag;

typedef struct Node {
    Tag tag;
    char *name; /* of the value, section, include or number; NULL for text and words */
    char *text; /* of text and words; the first form of a number */
    char *many; /* the second form of a number */
    GPtrArray *children;
} Node;

struct Template { GPtrArray *nodes; };

typedef struct Parser { const char *at, *end; char *problem; int line, depth; } Parser;
typedef struct Page { TemplateFind find; void *ctx; const json_t *stack[DEPTH_MAX * INCLUDE_MAX]; size_t depth; int includes; GString *out; } Page;

static void node_free(gpointer data)
{
    Node *node = data;
    g_free(node->name);
    g_free(node->text);
    g_free(node->many);
    if (node->children != NULL)
        g_ptr_array_unref(node->children);
    g_free(node);
}

static Node *node_add(GPtrArray *nodes, Tag tag, char *name, char *text)
{
    Node *node = g_new0(Node, 1);
    *node = (Node){ .tag = tag, .name = name, .text = text };
    g_ptr_array_add(nodes, node);
    return node;
}

/* ---- Parsing ---- */

static bool parser_fail(Parser *p, const char *what)
{
    if (p->problem == NULL)
        p->problem = g_strdup_printf("line %d: %s", p->line, what);
    return false;
}

static const char *parser_find(const Parser *p, const char *word)
{
    return memmem(p->at, (size_t)(p->end - p->at), word, strlen(word));
}

/* What stands before to, which is passed over. */
static char *parser_take(Parser *p, const char *to, size_t over)
{
    char *text = g_strndup(p->at, (gsize)(to - p->at));
    for (const char *c = p->at; c < to; c++)
        p->line += *c == '\n';
    p->at = to + over;
    return text;
}

static bool name_fits(const char *name)
{
    size_t len = strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789_.");
    return len > 0 && len <= NAME_MAX_LEN && name[len] == '\0';
}

/* {{_}}…{{/_}} and {{n name}}…{{/n}}: words with no tag within. */
static bool parse_words(Parser *p, GPtrArray *nodes, char *name, const char *close)
{
    const char *to = parser_find(p, close);
    g_autofree char *number = name;
    if (to == NULL)
        return parser_fail(p, "words have no end");
    g_autofree char *text = parser_take(p, to, strlen(close));
    if (strstr(text, "{{") != NULL)
        return parser_fail(p, "words cannot hold a tag: use {name}");
    if (number == NULL) {
        node_add(nodes, TAG_WORDS, NULL, g_steal_pointer(&text));
        return true;
    }
    char *bar = strchr(text, '|');
    if (!name_fits(number) || bar == NULL)
        return parser_fail(p, "a number needs a name and two forms, with | between them");
    *bar = '\0';
    Node *node = node_add(nodes, TAG_COUNT, g_steal_pointer(&number), g_strdup(text));
    node->many = g_strdup(bar + 1);
    return true;
}

static bool parse_nodes(Parser *p, GPtrArray *nodes, const char *until);

static bool parse_section(Parser *p, GPtrArray *nodes, Tag tag, const char *name)
{
    if (!name_fits(name))
        return parser_fail(p, "a section's name does not fit");
    if (++p->depth >= DEPTH_MAX)
        return parser_fail(p, "sections lie too deep");
    Node *node = node_add(nodes, tag, g_strdup(name), NULL);
    node->children = g_ptr_array_new_with_free_func(node_free);
    bool good = parse_nodes(p, node->children, name);
    p->depth--;
    return good;
}

/* closed: set when this tag ends the section that is open. */
static bool parse_tag(Parser *p, GPtrArray *nodes, const char *tag, const char *until, bool *closed)
{
    switch (tag[0]) {
    case '#': return parse_section(p, nodes, TAG_SECTION, tag + 1);
    case '^': return parse_section(p, nodes, TAG_INVERTED, tag + 1);
    case '/': *closed = true; return (until != NULL && strcmp(tag + 1, until) == 0) || parser_fail(p, "the end of a section that is not open");
    case '>':
        node_add(nodes, TAG_INCLUDE, g_strdup(tag + 1), NULL);
        return name_fits(tag + 1) || parser_fail(p, "an include's name does not fit");
    default:
        if (strcmp(tag, "_") == 0)
            return parse_words(p, nodes, NULL, "{{/_}}");
        if (g_str_has_prefix(tag, "n "))
            return parse_words(p, nodes, g_strdup(tag + 2), "{{/n}}");
        node_add(nodes, TAG_VALUE, g_strdup(tag), NULL);
        return name_fits(tag) || parser_fail(p, "a tag's name does not fit");
    }
}

static bool parse_nodes(Parser *p, GPtrArray *nodes, const char *until)
{
    const char *open;
    while ((open = parser_find(p, "{{")) != NULL) {
        bool closed = false;
        node_add(nodes, TAG_TEXT, NULL, parser_take(p, open, 2));
        const char *close = parser_find(p, "}}");
        if (close == NULL)
            return parser_fail(p, "a tag has no end");
        g_autofree char *tag = parser_take(p, close, 2);
        if (!parse_tag(p, nodes, tag, until, &closed))
            return false;
        if (closed)
            return true;
    }
    node_add(nodes, TAG_TEXT, NULL, parser_take(p, p->end, 0));
    return until == NULL || parser_fail(p, "a section has no end");
}

Template *template_parse(const char *text, size_t len, char **problem)
{
    Parser parser = { .at = text, .end = text + len, .line = 1 };
    g_autoptr(Template) template = g_new0(Template, 1);
    template->nodes = g_ptr_array_new_with_free_func(node_free);
    if (memchr(text, '\0', len) != NULL)
        parser_fail(&parser, "a NUL");
    else if (parse_nodes(&parser, template->nodes, NULL))
        return g_steal_pointer(&template);
    *problem = parser.problem;
    return NULL;
}

void template_free(Template *template)
{
    if (template == NULL)
        return;
    g_ptr_array_unref(template->nodes);
    g_free(template);
}

/* ---- Rendering ---- */

void template_escape(GString *out, const char *text)
{
    for (const char *c = text; *c != '\0'; c++)
        switch (*c) {
        case '&': g_string_append(out, "&amp;"); break;
        case '<': g_string_append(out, "&lt;"); break;
        case '>': g_string_append(out, "&gt;"); break;
        case '"': g_string_append(out, "&quot;"); break;
        case '\'': g_string_append(out, "&#39;"); break;
        default: g_string_append_c(out, *c);
        }
}

static const json_t *look_within(const json_t *value, const char *name)
{
    g_auto(GStrv) each = g_strsplit(name, ".", -1);
    for (size_t i = 0; each[i] != NULL && value != NULL; i++)
        value = json_object_get(value, each[i]);
    return value;
}

static const json_t *look_up(const Page *page, const char *name)
{
    const json_t *value = NULL;
    if (strcmp(name, ".") == 0)
        return page->stack[page->depth - 1];
    for (size_t i = page->depth; i-- > 0 && value == NULL;)
        value = look_within(page->stack[i], name);
    return value;
}

static void print_value(const Page *page, const char *name)
{
    const json_t *value = look_up(page, name);
    if (json_is_integer(value))
        g_string_append_printf(page->out, "%" JSON_INTEGER_FORMAT, json_integer_value(value));
    else if (json_is_string(value))
        template_escape(page->out, json_string_value(value));
}

/* Words of ours, in the reader's language, with {name} filled in. They may hold HTML entities, as any text of a template. */
static void print_words(const Page *page, const char *words)
{
    const char *open;
    while ((open = strchr(words, '{')) != NULL) {
        const char *close = strchr(open, '}');
        g_string_append_len(page->out, words, open - words);
        if (close == NULL)
            return;
        g_autofree char *name = g_strndup(open + 1, (gsize)(close - open - 1));
        print_value(page, name);
        words = close + 1;
    }
    g_string_append(page->out, words);
}

static void print_count(const Page *page, const Node *node)
{
    json_int_t count = json_integer_value(look_up(page, node->name));
    print_words(page, ngettext(node->text, node->many, (unsigned long)MAX(count, 0)));
}

static void render_nodes(Page *page, const GPtrArray *nodes);

static void render_within(Page *page, const Node *node, const json_t *value)
{
    if (page->depth >= G_N_ELEMENTS(page->stack))
        return;
    page->stack[page->depth++] = value;
    render_nodes(page, node->children);
    page->depth--;
}

static bool is_there(const json_t *value)
{
    return value != NULL && !json_is_null(value) && !json_is_false(value) && !(json_is_array(value) && json_array_size(value) == 0) &&
           !(json_is_string(value) && json_string_length(value) == 0) && !(json_is_integer(value) && json_integer_value(value) == 0);
}

static void render_section(Page *page, const Node *node)
{
    const json_t *value = look_up(page, node->name);
    size_t i;
    json_t *each;
    if (json_is_array(value))
        json_array_foreach (value, i, each)
            render_within(page, node, each);
    else if (is_there(value))
        render_within(page, node, value);
}

static void render_include(Page *page, const Node *node)
{
    const Template *other = page->includes < INCLUDE_MAX && page->find != NULL ? page->find(page->ctx, node->name) : NULL;
    if (other == NULL)
        return;
    page->includes++;
    render_nodes(page, other->nodes);
    page->includes--;
}

static void render_nodes(Page *page, const GPtrArray *nodes)
{
    for (guint i = 0; i < nodes->len; i++) {
        const Node *node = nodes->pdata[i];
        switch (node->tag) {
        case TAG_TEXT: g_string_append(page->out, node->text); break;
        case TAG_VALUE: print_value(page, node->name); break;
        case TAG_SECTION: render_section(page, node); break;
        case TAG_INVERTED:
            if (!is_there(look_up(page, node->name)))
                render_nodes(page, node->children);
            break;
        case TAG_INCLUDE: render_include(page, node); break;
        case TAG_WORDS: print_words(page, gettext(node->text)); break;
        case TAG_COUNT: print_count(page, node); break;
        }
    }
}

void template_render(const Template *template, const json_t *view, TemplateFind find, void *ctx, GString *out)
{
    Page page = { .find = find, .ctx = ctx, .out = out };
    page.stack[page.depth++] = view;
    render_nodes(&page, template->nodes);
}
