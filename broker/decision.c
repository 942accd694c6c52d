#include "broker/decision.h"

enum { DECISION_STRINGS = 512 };

static GArray *decision_rows(size_t size)
{
    return g_array_new(FALSE, TRUE, (guint)size);
}

void decision_init(Decision *decision)
{
    *decision = (Decision){ 0 };
    decision->audit = decision_rows(sizeof(AuditRow));
    decision->deliveries = decision_rows(sizeof(DeliveryRow));
    decision->clocks = decision_rows(sizeof(ClockRow));
    decision->clock_ends = decision_rows(sizeof(ClockEndRow));
    decision->links = decision_rows(sizeof(LinkRow));
    decision->tokens = decision_rows(sizeof(TokenRow));
    decision->settled = decision_rows(sizeof(SettledRow));
    decision->confirmations = decision_rows(sizeof(ConfirmationRow));
    decision->floors = decision_rows(sizeof(FloorRow));
    decision->recalls = decision_rows(sizeof(RecallRow));
    decision->withholds = decision_rows(sizeof(WithholdRow));
    decision->cares = decision_rows(sizeof(CareRow));
    decision->strings = g_string_chunk_new(DECISION_STRINGS);
}

static void decision_drop(GArray **rows)
{
    if (*rows != NULL)
        g_array_unref(g_steal_pointer(rows));
}

void decision_clear(Decision *decision)
{
    decision_drop(&decision->audit);
    decision_drop(&decision->deliveries);
    decision_drop(&decision->clocks);
    decision_drop(&decision->clock_ends);
    decision_drop(&decision->links);
    decision_drop(&decision->tokens);
    decision_drop(&decision->settled);
    decision_drop(&decision->confirmations);
    decision_drop(&decision->floors);
    decision_drop(&decision->recalls);
    decision_drop(&decision->withholds);
    decision_drop(&decision->cares);
    g_clear_pointer(&decision->strings, g_string_chunk_free);
    *decision = (Decision){ 0 };
}
