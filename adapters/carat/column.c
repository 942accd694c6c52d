#include "adapters/carat/column.h"

const Column columns[COLUMN_COUNT] = {
#define CARAT_COLUMN(id, name, need, form, list, most, path) \
    [COLUMN_##id] = { name, NEED_##need, FORM_##form, list, most, path },
#include "adapters/carat/column.def"
#undef CARAT_COLUMN
};
