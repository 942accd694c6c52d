/* A whole adapter of cases: its settings, its desk, its command line. The settings have one group, named as the adapter says:
 *
 *   passport, folder (required)   notify, look_every */
#ifndef CASES_ADAPTER_H
#define CASES_ADAPTER_H

#include "adapters/cases/cases.h"

/* Everything between main's arguments and its exit code. */
int adapter_main(const CaseAdapter *adapter, int argc, char **argv);

#endif
