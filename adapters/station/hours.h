/* Opening hours and closures as people write them. */
#ifndef STATION_HOURS_H
#define STATION_HOURS_H

#include <jansson.h>

/* "mon-fri 09:00-17:00, sat 10:00-13:00, bank_holiday 10:00-12:00" as the protocol's list of opening hours; NULL: it does not read so. */
json_t *hours_of(const char *text);
/* "2026-12-24..2026-12-28, 2027-01-04" as the list of closures; NULL as above. */
json_t *hours_closures_of(const char *text);

#endif
