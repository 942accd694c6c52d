/* broker-diagrams: prints the lifecycles section of broker/README.md. Paste it over the one there after a table has changed.
 * broker-diagrams --edges: the same edges for the database's own copy, as rows of throughcare.lifecycle_edge. */
#include "broker/diagram.h"

#include <stdio.h>
#include <string.h>

int main(int argc, char **argv)
{
    g_autofree char *text = argc > 1 && strcmp(argv[1], "--edges") == 0 ? diagram_edges() : diagram_text();
    return fputs(text, stdout) == EOF || fflush(stdout) == EOF ? 1 : 0;
}
