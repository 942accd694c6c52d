#include "adapters/worklist/request.h"

#include "adapters/worklist/language.h"
#include "adapters/worklist/late.h"
#include "adapters/worklist/pages.h"
#include "adapters/worklist/query.h"
#include "adapters/worklist/say.h"
#include "adapters/worklist/template.h"
#include "adapters/worklist/turn.h"

#include <event2/buffer.h>
#include <glib/gi18n.h>
#include <openssl/crypto.h>
#include <stdlib.h>
#include <string.h>

static const char html[] = "text/html; charset=utf-8";
static const char *const headers[][2] = {
    { "Cache-Control", "no-store" }, { "X-Content-Type-Options", "nosniff" },
    { "Referrer-Policy", "same-origin" }, { "Cross-Origin-Opener-Policy", "same-origin" }, { "Permissions-Policy", "camera=(), microphone=(), geolocation=()" },
    { "Content-Security-Policy", "default-src 'none'; style-src 'self'; img-src 'self' data:; script-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'" },
};

/* ---- Reading ---- */

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
    return strlen(text) == len && query_read(text, request->form);
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

/* Only nginx knows the secret, and it overwrites what a browser sends under these names. */
static const Account *signed_on(const Worklist *w, struct evhttp_request *http)
{
    const struct evkeyvalq *given = evhttp_request_get_input_headers(http);
    const char *secret = evhttp_find_header(given, "X-Throughcare-Sign-On"), *name = evhttp_find_header(given, "X-Throughcare-User");
    if (w->sign_on == NULL || secret == NULL || name == NULL || strlen(secret) != strlen(w->sign_on) || CRYPTO_memcmp(secret, w->sign_on, strlen(secret)) != 0)
        return NULL;
    const Account *account = account_find(w->accounts, name);
    return account != NULL && !account->closed ? account : NULL;
}

/* One that the header began ends when the header names somebody else, or nobody. */
static void find_session(Request *request, const char *token)
{
    Worklist *w = request->worklist;
    int64_t now = tc_client_now(w->client);
    bool looks_on = strcmp(request->path, "/live") == 0;
    request->named = signed_on(w, request->http);
    request->session = (looks_on ? session_look : session_find)(w->sessions, token, now);
    request->ended = session_ended(w->sessions, token, now);
    if (request->session == NULL || !request->session->by_header || request->session->account == request->named)
        return;
    session_end(w->sessions, request->session);
    request->session = NULL;
}

bool request_read(Request *request, struct evhttp_request *http, Worklist *worklist, Turn *turn)
{
    const struct evhttp_uri *uri = evhttp_request_get_evhttp_uri(http);
    const char *path = evhttp_uri_get_path(uri);
    *request = (Request){ .http = http, .worklist = worklist, .path = g_strdup(path != NULL ? path : "/"),
                          .query = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free),
                          .form = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free),
                          .post = evhttp_request_get_command(http) == EVHTTP_REQ_POST, .turn = turn };
    request->typed = request->post;
    g_autofree char *token = read_cookie(request, "__Host-session="), *language = read_cookie(request, "__Host-language=");
    find_session(request, token);
    language_set(request->session != NULL ? request->session->account->language : language != NULL ? language : "en");
    if (query_read(evhttp_uri_get_query(uri), request->query) && read_form(request))
        return true;
    reply_problem(request, 400, _("Something in this page could not be read"), _("Go back, and write it again without special characters."));
    return false;
}

void request_clear(Request *request)
{
    g_free(request->path);
    g_free(request->cookie);
    g_free(request->marked);
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

static void add_headers(Request *request, const char *type)
{
    struct evkeyvalq *out = evhttp_request_get_output_headers(request->http);
    evhttp_add_header(out, "Content-Type", type);
    for (size_t i = 0; i < G_N_ELEMENTS(headers); i++)
        evhttp_add_header(out, headers[i][0], headers[i][1]);
    if (request->cookie != NULL)
        evhttp_add_header(out, "Set-Cookie", request->cookie);
}

/* This page in the other language: its address, with what it was asked with. */
static char *other_address(const Request *request)
{
    static const char *const kept[] = { "show", "kind", "urgency", "with", "worker", "late", "named", "sort", "page", "report", "by", "person", "client", "day", "before" };
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
    int64_t now = tc_client_now(w->client), left = (session_until(request->session) - now) / G_USEC_PER_SEC, whole = (request->session->begun + SESSION_WHOLE - now) / G_USEC_PER_SEC;
    g_autofree char *until = say_time(session_until(request->session));
    json_object_set_new(view, "live", json_pack("{s:I, s:I, s:I, s:b, s:b}", "seen", (json_int_t)w->news, "left", (json_int_t)left, "whole", (json_int_t)whole, "away", w->state != TC_STATE_CONNECTED, "typed", request->typed));
    json_object_set_new(view, "signed_in", json_pack("{s:s, s:s, s:s}", "person", request->session->account->person, "role", account_role_name(request->session->account->role), "until", until));
    LateKeeps keeps = late_keeps(request->path);
    if (keeps != KEEPS_NOTHING && json_object_get(view, "typing") == NULL)
        json_object_set_new(view, "typing", json_pack("{s:b}", "draft", keeps == KEEPS_DRAFTS));
    json_object_set_new(view, "navigation", pages_navigation(request));
    json_object_set_new(view, "csrf", json_string(request->session->csrf));
    json_object_set_new(view, "may_write", json_boolean(request->session->account->role == ROLE_WORKER || request->session->account->role == ROLE_MANAGER));
}

/* body: taken. */
static void hand_over(Request *request, int status, struct evbuffer *body)
{
    if (request->turn != NULL) {
        turn_hold(request->turn, request, status, body);
        return;
    }
    evhttp_send_reply(request->http, status, NULL, body);
    evbuffer_free(body);
}

static void reply_bytes(Request *request, int status, const char *type, const GString *bytes)
{
    struct evbuffer *body = evbuffer_new();
    add_headers(request, type);
    evbuffer_add(body, bytes->str, bytes->len);
    hand_over(request, status, body);
}

void reply_begin(Request *request, const char *type)
{
    add_headers(request, type);
    evhttp_send_reply_start(request->http, 200, NULL);
}

void reply_page(Request *request, int status, const char *name, json_t *view)
{
    g_autoptr(GString) out = g_string_sized_new(16384);
    add_common(request, view);
    template_render(g_hash_table_lookup(request->worklist->templates, name), view, find_template, request->worklist->templates, out);
    json_decref(view);
    reply_bytes(request, status, html, out);
}

void reply_text(Request *request, int status, const char *words)
{
    g_autoptr(GString) out = g_string_new(words);
    reply_bytes(request, status, "text/plain; charset=utf-8", out);
}

void reply_file(Request *request, const char *type, const char *name, const GString *bytes)
{
    g_autofree char *kept = g_strdup_printf("attachment; filename=\"%s\"", name);
    evhttp_add_header(evhttp_request_get_output_headers(request->http), "Content-Disposition", kept);
    reply_bytes(request, 200, type, bytes);
}

void reply_redirect(Request *request, const char *path, const char *cookie)
{
    struct evkeyvalq *out = evhttp_request_get_output_headers(request->http);
    add_headers(request, html);
    evhttp_add_header(out, "Location", path);
    if (cookie != NULL)
        evhttp_add_header(out, "Set-Cookie", cookie);
    hand_over(request, 303, evbuffer_new());
}

void reply_problem(Request *request, int status, const char *title, const char *words)
{
    reply_page(request, status, "problem", json_pack("{s:s, s:s}", "title", title, "words", words));
}

void reply_unkept(Request *request)
{
    reply_problem(request, 507, _("That you look could not be recorded, so nothing is shown"), _("Is the disk full? Tell whoever runs this, and try again. If you go back, what you typed is still there."));
}
