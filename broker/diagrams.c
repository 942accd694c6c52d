/* broker-diagrams: prints the lifecycles section of broker/README.md. Paste it over the one there after a table has changed. */
#include "broker/diagram.h"

#include <stdio.h>

int main(void)
{
    g_autofree char *text = diagram_text();
    return fputs(text, stdout) == EOF || fflush(stdout) == EOF ? 1 : 0;
}
