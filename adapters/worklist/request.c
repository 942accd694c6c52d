#include "adapters/worklist/request.h"

#include "adapters/worklist/language.h"
#include "adapters/worklist/pages.h"
#include "adapters/worklist/say.h"
#include "adapters/worklist/template.h"

#include <event2/buffer.h>
#include <event2/keyvalq_struct.h>
#include <glib/gi18n.h>
#include <stdlib.h>
#include <string.h>

static const char *const headers[][2] = {
    { "Content-Type", "text/html; charset=utf-8" }, { "Cache-Control", "no-store" }, { "X-Content-Type-Options", "nosniff" },
    { "Referrer-Policy", "no-referrer" }, { "Cross-Origin-Opener-Policy", "same-origin" }, { "Permissions-Policy", "camera=(), microphone=(), geolocation=()" },
    { "Content-Security-Policy", "default-src 'none'; style-src 'self'; img-src 'self' data:; form-action 'self'; base-uri 'none'; frame-ancestors 'none'" },
};

/* ---- Reading ---- */

/* UTF-8, and no control character but tab and line end; CR LF becomes LF. NULL: it does not fit. */
static char *clean(const char *value)
{
    size_t len = strlen(value);
    if (len > REQUEST_VALUE_MAX || !g_utf8_validate(value, (gssize)len, NULL))
        return NULL;
    GString *out = g_string_sized_new(len);
    for (const char *c = value; *c != '\0'; c++) {
        if ((unsigned char)*c == 127 || ((unsigned char)*c < 32 && *c != '\t' && *c != '\n' && *c != '\r'))
            return g_string_free(out, TRUE), NULL;
        if (*c != '\r')
            g_string_append_c(out, *c);
    }
    return g_string_free(out, FALSE);
}

static bool read_fields(const char *text, GHashTable *into)
{
    struct evkeyvalq fields = { 0 };
    const struct evkeyval *each;
    bool good = text == NULL || evhttp_parse_query_str(text, &fields) == 0;
    if (text == NULL)
        return true;
    for (each = fields.tqh_first; good && each != NULL; each = each->next.tqe_next) {
        char *value = clean(each->value), *name = evhttp_uridecode(each->key, 1, NULL); /* libevent decodes values only */
        good = value != NULL && name != NULL && g_hash_table_size(into) < REQUEST_FIELDS_MAX && strlen(name) <= 100 && g_utf8_validate(name, -1, NULL);
        if (good && !g_hash_table_contains(into, name))
            g_hash_table_insert(into, g_strdup(name), g_steal_pointer(&value));
        g_free(value);
        free(name);
    }
    evhttp_clear_headers(&fields);
    return good;
}

static bool read_form(Request *request)
{
    struct evbuffer *body = evhttp_request_get_input_buffer(request->http);
    const char *type = evhttp_find_header(evhttp_request_get_input_headers(request->http), "Content-Type");
    size_t len = evbuffer_get_length(body);
    if (!request->post || len == 0)
        return len == 0;
    if (type == NULL || !g_str_has_prefix(type, "application/x-www-form-urlencoded"))
        return false;
    const char *bytes = (const char *)evbuffer_pullup(body, -1);
    g_autofree char *text = g_strndup(bytes, len);
    return strlen(text) == len && read_fields(text, request->form);
}

/* The value of a cookie of ours; free with g_free. prefix: "name=". */
static char *read_cookie(const Request *request, const char *prefix)
{
    const char *header = evhttp_find_header(evhttp_request_get_input_headers(request->http), "Cookie");
    g_auto(GStrv) each = g_strsplit(header != NULL ? header : "", ";", 32);
    for (size_t i = 0; each[i] != NULL; i++)
        if (g_str_has_prefix(g_strstrip(each[i]), prefix))
            return g_strdup(each[i] + strlen(prefix));
    return NULL;
}

void request_set_language(Request *request, const char *language)
{
    if (!language_known(language))
        return;
    language_set(language);
    g_free(request->cookie);
    request->cookie = g_strdup_printf("__Host-language=%s; Path=/; Secure; HttpOnly; SameSite=Strict; Max-Age=31536000", language);
    if (request->session != NULL)
        account_set_language(request->worklist->accounts, request->session->account, language);
}

bool request_read(Request *request, struct evhttp_request *http, Worklist *worklist)
{
    const struct evhttp_uri *uri = evhttp_request_get_evhttp_uri(http);
    const char *path = evhttp_uri_get_path(uri);
    *request = (Request){ .http = http, .worklist = worklist, .path = g_strdup(path != NULL ? path : "/"),
                          .query = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free),
                          .form = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free),
                          .post = evhttp_request_get_command(http) == EVHTTP_REQ_POST };
    g_autofree char *token = read_cookie(request, "__Host-session="), *language = read_cookie(request, "__Host-language=");
    request->session = session_find(worklist->sessions, token, tc_client_now(worklist->client));
    request->ended = session_ended(worklist->sessions, token, tc_client_now(worklist->client));
    language_set(request->session != NULL ? request->session->account->language : language != NULL ? language : "en");
    if (read_fields(evhttp_uri_get_query(uri), request->query) && read_form(request))
        return true;
    reply_problem(request, 400, _("Something in this page could not be read"), _("Go back, and write it again without special characters."));
    return false;
}

void request_clear(Request *request)
{
    g_free(request->path);
    g_free(request->cookie);
    g_hash_table_unref(request->query);
    g_hash_table_unref(request->form);
}

const char *request_value(const GHashTable *fields, const char *name)
{
    const char *value = g_hash_table_lookup((GHashTable *)fields, name);
    return value != NULL ? value : "";
}

/* ---- Answering ---- */

static const Template *find_template(void *ctx, const char *name) { return g_hash_table_lookup(ctx, name); }

static void add_headers(Request *request)
{
    struct evkeyvalq *out = evhttp_request_get_output_headers(request->http);
    for (size_t i = 0; i < G_N_ELEMENTS(headers); i++)
        evhttp_add_header(out, headers[i][0], headers[i][1]);
    if (request->cookie != NULL)
        evhttp_add_header(out, "Set-Cookie", request->cookie);
}

/* This page in the other language: its address, with what it was asked with. */
static char *other_address(const Request *request)
{
    static const char *const kept[] = { "show", "kind", "urgency", "with", "worker", "late", "named", "sort", "page", "report", "by", "person", "day", "before" };
    GString *out = g_string_new(request->path);
    g_string_append_printf(out, "?language=%s", language_other());
    for (size_t i = 0; i < G_N_ELEMENTS(kept); i++) {
        char *value = evhttp_uriencode(request_value(request->query, kept[i]), -1, 1);
        if (value != NULL && *value != '\0')
            g_string_append_printf(out, "&%s=%s", kept[i], value);
        free(value);
    }
    return g_string_free(out, FALSE);
}

/* What every page shows: who is signed in, where, and whether the broker is there. */
static void add_common(const Request *request, json_t *view)
{
    const Worklist *w = request->worklist;
    g_autofree char *address = other_address(request);
    json_object_set_new(view, "lang", json_string(language_now()));
    json_object_set_new(view, "other", json_pack("{s:s, s:s, s:s}", "code", language_other(), "words", language_other_name(), "address", address));
    json_object_set_new(view, "service_name", json_string(w->name));
    json_object_set_new(view, "made_up", json_boolean(json_is_true(json_object_get(w->directory, "made_up"))));
    json_object_set_new(view, "away", json_boolean(w->state != TC_STATE_CONNECTED));
    if (request->session == NULL)
        return;
    g_autofree char *until = say_time(MIN(request->session->used + SESSION_IDLE, request->session->begun + SESSION_WHOLE));
    json_object_set_new(view, "signed_in", json_pack("{s:s, s:s, s:s}", "person", request->session->account->person, "role", account_role_name(request->session->account->role), "until", until));
    json_object_set_new(view, "navigation", pages_navigation(request));
    json_object_set_new(view, "csrf", json_string(request->session->csrf));
    json_object_set_new(view, "may_write", json_boolean(request->session->account->role == ROLE_WORKER || request->session->account->role == ROLE_MANAGER));
}

void reply_page(Request *request, int status, const char *name, json_t *view)
{
    g_autoptr(GString) out = g_string_sized_new(16384);
    struct evbuffer *body = evbuffer_new();
    add_common(request, view);
    template_render(g_hash_table_lookup(request->worklist->templates, name), view, find_template, request->worklist->templates, out);
    json_decref(view);
    add_headers(request);
    evbuffer_add(body, out->str, out->len);
    evhttp_send_reply(request->http, status, NULL, body);
    evbuffer_free(body);
}

void reply_redirect(Request *request, const char *path, const char *cookie)
{
    struct evkeyvalq *out = evhttp_request_get_output_headers(request->http);
    add_headers(request);
    evhttp_add_header(out, "Location", path);
    if (cookie != NULL)
        evhttp_add_header(out, "Set-Cookie", cookie);
    evhttp_send_reply(request->http, 303, NULL, NULL);
}

void reply_problem(Request *request, int status, const char *title, const char *words)
{
    reply_page(request, status, "problem", json_pack("{s:s, s:s}", "title", title, "words", words));
}
