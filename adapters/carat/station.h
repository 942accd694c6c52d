/* A prison's release lists at work (adapters/lists/desk.h): what is ready for a list, what is told to whom, who is forgotten. */
#ifndef CARAT_STATION_H
#define CARAT_STATION_H

#include "adapters/carat/report.h"
#include "adapters/lists/desk.h"

typedef struct Station {
    const Config *config;
    DeskWork work;
    Desk desk;
    Release release;
    Report *report;
} Station;

/* False with *why. The config is borrowed. station_close is called in both cases. */
bool station_open(Station *station, const Config *config, bool once, char **why);
void station_close(Station *station);

/* events.c: what the client tells; false: it comes again. */
bool station_event(void *station, const TcEvent *event);

#endif
