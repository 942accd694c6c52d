#include "adapters/worklist/chart.h"

enum { TOP = 28, BOTTOM = 48, SIDE = 8, GAP = 14 };

static int height_of(gint64 number, gint64 most) { return (int)(MAX(number, 0) * (CHART_HEIGHT - TOP - BOTTOM) / most); }

json_t *chart_bars(const gint64 *whole, const gint64 *part, char *const *labels, int count)
{
    gint64 most = 1;
    json_t *bars = json_array();
    int base = CHART_HEIGHT - BOTTOM, step = (CHART_WIDTH - 2 * SIDE) / MAX(count, 1), width = step - GAP;
    for (int i = 0; i < count; i++)
        most = MAX(most, MAX(whole[i], part[i]));
    for (int i = 0; i < count; i++) {
        int x = SIDE + i * step + GAP / 2, height = height_of(whole[i], most), part_height = height_of(part[i], most);
        g_autofree char *number = whole[i] < 0 ? g_strdup("") : part[i] < 0 ? g_strdup_printf("%" G_GINT64_FORMAT, whole[i]) : g_strdup_printf("%" G_GINT64_FORMAT " / %" G_GINT64_FORMAT, part[i], whole[i]);
        json_array_append_new(bars, json_pack("{s:i, s:i, s:i, s:i, s:i, s:i, s:i, s:i, s:s, s:i, s:i, s:s, s:i}", "x", x, "y", base - height, "width", width, "height", height, "part_x", x + width / 4, "part_y",
                                              base - part_height, "part_width", width / 2, "part_height", part_height, "number", number, "number_x", x + width / 2, "number_y",
                                              base - MAX(height, part_height) - 6, "label", labels[i], "label_x", x + width / 2));
    }
    return json_pack("{s:o, s:i, s:i, s:i, s:i}", "bars", bars, "base", base, "label_y", base + 24, "width", CHART_WIDTH, "height", CHART_HEIGHT);
}
