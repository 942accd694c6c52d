/* Two columns of a report as bars, worked out here and drawn by a template as SVG: the whole as an outlined bar, a part of it filled within, both with their
 * number above, so that nothing is told by colour alone. Pure. */
#ifndef WORKLIST_CHART_H
#define WORKLIST_CHART_H

#include <glib.h>
#include <jansson.h>

enum { CHART_WIDTH = 720, CHART_HEIGHT = 260 };

/* count bars; whole, part: their numbers, less than 0 for none; labels: below them. { "bars": [{ "x", "y", "width", "height", "part_x", "part_y", "part_width",
 * "part_height", "number", "number_x", "number_y", "label", "label_x" }], "base", "label_y", "width", "height" } */
json_t *chart_bars(const gint64 *whole, const gint64 *part, char *const *labels, int count);

#endif
