/* The lifecycles as they stand in broker/README.md, drawn from the machines' tables: Mermaid, and what each state means.
 * broker-diagrams prints it; a test holds the page to it. */
#ifndef BROKER_DIAGRAM_H
#define BROKER_DIAGRAM_H

#include <glib.h>

/* The page holds the text between these two lines. */
#define DIAGRAM_BEGIN "<!-- lifecycles: drawn by broker-diagrams -->"
#define DIAGRAM_END "<!-- lifecycles end -->"

/* The whole section, markers included. The caller frees. */
char *diagram_text(void);
/* One edge a line, "machine,state,event,next": what the database's copy must hold. The caller frees. */
char *diagram_edges(void);

#endif
