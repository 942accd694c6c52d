/* Templates: what each tag prints, that everything is escaped, and that a mistake is told with its line. */
#include "unit.h"

#include "adapters/worklist/template.h"

#include <glib.h>
#include <string.h>

static const char view_text[] = "{\"name\": \"<b>\\\"O'Neil\\\" & son</b>\", \"count\": 2, \"one\": 1, \"none\": 0, \"empty\": [], \"yes\": true, \"no\": false, \"nothing\": null,"
                                " \"words\": \"{name}{{name}}\", \"in\": {\"deep\": \"well\", \"name\": \"inner\"}, \"list\": [{\"n\": 1}, {\"n\": 2, \"name\": \"two\"}], \"texts\": [\"a\", \"<\"]}";
#define NAME "&lt;b&gt;&quot;O&#39;Neil&quot; &amp; son&lt;/b&gt;"

static const struct { const char *template, *page; } pages[] = {
    { "plain { text } & <b>", "plain { text } & <b>" },
    { "{{name}}", NAME },
    { "<a title=\"{{name}}\">", "<a title=\"" NAME "\">" },
    { "{{count}}-{{missing}}-{{in.deep}}-{{in.missing}}-{{yes}}", "2--well--" },
    { "{{#list}}{{n}}{{name}};{{/list}}", "1" NAME ";2two;" },
    { "{{#texts}}[{{.}}]{{/texts}}", "[a][&lt;]" },
    { "{{#in}}{{name}} {{deep}} {{count}}{{/in}}", "inner well 2" },
    { "{{#yes}}y{{/yes}}{{#no}}n{{/no}}{{#nothing}}0{{/nothing}}{{#none}}0{{/none}}{{#empty}}e{{/empty}}{{#missing}}m{{/missing}}", "y" },
    { "{{^yes}}y{{/yes}}{{^no}}n{{/no}}{{^nothing}}0{{/nothing}}{{^none}}0{{/none}}{{^empty}}e{{/empty}}{{^missing}}m{{/missing}}", "n00em" },
    { "{{_}}Born {name}, {count}{{/_}}", "Born " NAME ", 2" },
    { "{{_}}an open { stays{{/_}}", "an open " },
    { "{{n count}}{count} person|{count} people{{/n}} {{n one}}{one} person|{one} people{{/n}}", "2 people 1 person" },
    { "{{words}}", "{name}{{name}}" },                   /* what a value holds is never a tag */
    { "{{_}}{words}{{/_}}", "{name}{{name}}" },
    { "{{>other}}!{{>none}}", "[" NAME "]!" },
    { "{{>itself}}", ".........." },                     /* includes end somewhere */
};

static const Template *other, *itself;

static const Template *find(void *ctx, const char *name)
{
    (void)ctx;
    return strcmp(name, "other") == 0 ? other : strcmp(name, "itself") == 0 ? itself : NULL;
}

static Template *parsed(const char *text)
{
    g_autofree char *problem = NULL;
    Template *template = template_parse(text, strlen(text), &problem);
    if (template == NULL)
        fail_msg("%s: %s", text, problem);
    return template;
}

static void test_pages(void **state)
{
    (void)state;
    json_auto_t *view = json_loads(view_text, 0, NULL);
    g_autoptr(Template) one = parsed("[{{name}}]"), loop = parsed(".{{>itself}}");
    other = one;
    itself = loop;
    for (size_t i = 0; i < G_N_ELEMENTS(pages); i++) {
        g_autoptr(Template) template = parsed(pages[i].template);
        g_autoptr(GString) out = g_string_new(NULL);
        template_render(template, view, find, NULL, out);
        if (strcmp(pages[i].template, "{{>itself}}") == 0)
            assert_in_range(out->len, 1, 20);
        else
            assert_string_equal(out->str, pages[i].page);
    }
}

static const struct { const char *template, *problem; } mistakes[] = {
    { "a\n{{#x}}", "line 2: a section has no end" }, { "{{/x}}", "line 1: the end of a section that is not open" }, { "{{#x}}{{/y}}", "line 1: the end of a section that is not open" },
    { "{{name", "line 1: a tag has no end" }, { "{{}}", "line 1: a tag's name does not fit" }, { "{{Name}}", "line 1: a tag's name does not fit" }, { "{{{name}}}", "line 1: a tag's name does not fit" },
    { "{{&name}}", "line 1: a tag's name does not fit" }, { "{{#}}", "line 1: a section's name does not fit" }, { "{{> x}}", "line 1: an include's name does not fit" },
    { "{{_}}words", "line 1: words have no end" }, { "{{_}}{{name}}{{/_}}", "line 1: words cannot hold a tag: use {name}" }, { "{{n count}}one{{/n}}", "line 1: a number needs a name and two forms, with | between them" },
    { "{{#a}}{{#a}}{{#a}}{{#a}}{{#a}}{{#a}}{{#a}}{{#a}}{{#a}}{{#a}}{{#a}}{{#a}}{{#a}}{{#a}}{{#a}}{{#a}}{{#a}}", "line 1: sections lie too deep" },
};

static void test_mistakes(void **state)
{
    (void)state;
    for (size_t i = 0; i < G_N_ELEMENTS(mistakes); i++) {
        g_autofree char *problem = NULL;
        assert_null(template_parse(mistakes[i].template, strlen(mistakes[i].template), &problem));
        assert_string_equal(problem, mistakes[i].problem);
    }
    g_autofree char *problem = NULL;
    assert_null(template_parse("a\0b", 3, &problem));
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(test_pages), cmocka_unit_test(test_mistakes) };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
