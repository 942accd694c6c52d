/* One notice by SMTP, in a process of its own: throughcare-service runs itself with --mail, so that a slow server holds nobody up. */
#ifndef SERVICE_MAIL_H
#define SERVICE_MAIL_H

/* url: smtp://host:port or smtps://…. what, sentence: as a notify command gets them. 0: taken by the server. */
int mail_send(const char *url, const char *from, const char *to, const char *what, const char *sentence);

#endif
