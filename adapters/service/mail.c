#include "adapters/service/mail.h"

#include <curl/curl.h>
#include <glib.h>
#include <stdio.h>
#include <string.h>

int mail_send(const char *url, const char *from, const char *to, const char *what, const char *sentence)
{
    g_autoptr(GDateTime) now = g_date_time_new_now_utc();
    g_autofree char *date = g_date_time_format(now, "%a, %d %b %Y %H:%M:%S +0000"), *id = g_uuid_string_random();
    g_autofree char *text = g_strdup_printf("Date: %s\r\nFrom: <%s>\r\nTo: <%s>\r\nMessage-ID: <%s@throughcare>\r\nSubject: Throughcare: %s\r\n"
                                            "Content-Type: text/plain; charset=utf-8\r\n\r\n%s\r\n", date, from, to, id, what, sentence);
    CURL *curl = curl_easy_init();
    struct curl_slist *recipients = curl_slist_append(NULL, to);
    FILE *body = fmemopen(text, strlen(text), "r");
    curl_easy_setopt(curl, CURLOPT_URL, url);
    curl_easy_setopt(curl, CURLOPT_MAIL_FROM, from);
    curl_easy_setopt(curl, CURLOPT_MAIL_RCPT, recipients);
    curl_easy_setopt(curl, CURLOPT_READDATA, body);
    curl_easy_setopt(curl, CURLOPT_UPLOAD, 1L);
    curl_easy_setopt(curl, CURLOPT_TIMEOUT, 50L);
    curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "smtp,smtps");
    curl_easy_setopt(curl, CURLOPT_USE_SSL, (long)CURLUSESSL_TRY);
    CURLcode code = curl_easy_perform(curl);
    if (code != CURLE_OK)
        fprintf(stderr, "throughcare-service: the mail server did not take the notice: %s\n", curl_easy_strerror(code));
    fclose(body);
    curl_slist_free_all(recipients);
    curl_easy_cleanup(curl);
    return code == CURLE_OK ? 0 : 1;
}
