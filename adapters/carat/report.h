/* What comes back: answers.csv, one line a person, and questions.csv, about people whom the newest list does not name.
 *
 * Lines are made from the conversations in the spool, a slice at a time, and again only for people about whom something new is
 * known; then both files are replaced as wholes. Everything can be made again from the spool, so nothing here is kept.
 * Names come from the adapter's own sealed copies; they are in these two files and in memory, nowhere else. */
#ifndef CARAT_REPORT_H
#define CARAT_REPORT_H

#include "adapters/carat/known.h"
#include "adapters/carat/release.h"

typedef struct Report Report;

/* folder, release: borrowed as long as the report lives. Everybody is news at first. */
Report *report_new(const char *folder, const Release *release);
void report_free(Report *report);

/* Something is known about this person, or about everybody. */
void report_touch(Report *report, const Person *person);
void report_touch_all(Report *report);
/* Before a person is forgotten. */
void report_drop(Report *report, const Person *person);

/* Some 50 ms of work; true when nothing is left of it. */
bool report_step(Report *report);
/* Writes both files. False with *why. today: the day in London. */
bool report_write(Report *report, const char *today, char **why);

/* What is known about a person, as of the last step; NULL before the first. Borrowed until the next. */
const Known *report_known(const Report *report, const Person *person);
/* What the spool has on this person now. The caller's. */
Known *report_read(const Report *report, const Person *person);

#endif
