/* A TcClient in GLib's main loop: dispatched when its descriptor is ready or its time has come. */
#ifndef STATION_SOURCE_H
#define STATION_SOURCE_H

#include "throughcare/throughcare.h"

#include <glib.h>

/* In the default main context; the client is borrowed until g_source_remove of what this gives. */
guint source_add(TcClient *client);

#endif
