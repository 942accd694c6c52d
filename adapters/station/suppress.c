#include "adapters/station/suppress.h"

#include <glib.h>

static bool small(long long count) { return count > 0 && count < SUPPRESS_BELOW; }

/* Of a line of cells, one hidden alone could be worked out from the others: the smallest that is shown goes with it. Gives whether
 * anything changed. */
static bool hide_second(const long long *counts, bool *hidden, size_t first, size_t step, size_t many)
{
    size_t hiding = 0, smallest = 0;
    bool found = false;
    for (size_t i = 0, at = first; i < many; i++, at += step) {
        hiding += hidden[at];
        if (!hidden[at] && counts[at] > 0 && (!found || counts[at] < counts[smallest])) {
            smallest = at;
            found = true;
        }
    }
    if (hiding != 1 || !found)
        return false;
    hidden[smallest] = true;
    return true;
}

/* A whole that is hidden hides its parts: they would bound it. */
static bool hide_parts(const long long *counts, bool *hidden, size_t row, size_t columns)
{
    bool changed = false;
    for (size_t i = 1; hidden[row * columns] && i < columns; i++) {
        changed |= !hidden[row * columns + i] && counts[row * columns + i] > 0;
        hidden[row * columns + i] |= counts[row * columns + i] > 0;
    }
    return changed;
}

void suppress(const long long *counts, size_t rows, size_t columns, bool *hidden)
{
    bool again = true;
    for (size_t i = 0; i < rows * columns; i++)
        hidden[i] = small(counts[i]);
    while (again) {
        again = false;
        for (size_t row = 0; row < rows; row++) {
            again |= hide_parts(counts, hidden, row, columns);
            if (columns > 2)
                again |= hide_second(counts, hidden, row * columns + 1, 1, columns - 1);
        }
        for (size_t column = 0; rows > 1 && column < columns; column++)
            again |= hide_second(counts, hidden, column, columns, rows);
    }
}
