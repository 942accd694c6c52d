#include "broker/event.h"

#include "broker/codes.h"

#include "broker/decode.h"
#include "proto/directory.h"

Event *event_new_item(FrameIn *frame, size_t index, TcDirectory *directory, const TcService *service,
                      const TcStation *station, uint64_t session)
{
    Event *event = g_new0(Event, 1);
    event->kind = EVENT_ITEM;
    event->item = frame->submit.items[index].item;
    event->frame = frame_ref(frame);
    event->directory = directory == NULL ? NULL : tc_directory_ref(directory);
    event->service = service->id;
    event->station = station->id;
    event->session = session;
    if (event->item.kind == ITEM_MESSAGE) {
        event->token_count = event->item.message.token_count;
        memcpy(event->tokens, event->item.message.tokens, sizeof event->tokens);
    }
    return event;
}

Event *event_new_clock(const ClockDue *clock, TcDirectory *directory)
{
    Event *event = g_new0(Event, 1);
    event->kind = EVENT_CLOCK;
    event->clock = *clock;
    event->directory = directory == NULL ? NULL : tc_directory_ref(directory);
    event->service = event->station = "";
    return event;
}

Event *event_new_hand_back(const TcId *client, TcDirectory *directory)
{
    Event *event = g_new0(Event, 1);
    event->kind = EVENT_HAND_BACK;
    event->hand_back.client = *client;
    event->directory = directory == NULL ? NULL : tc_directory_ref(directory);
    event->service = event->station = "";
    return event;
}

Event *event_new_admin(const AdminAct *act, TcDirectory *directory)
{
    Event *event = g_new0(Event, 1);
    event->kind = EVENT_ADMIN;
    event->admin = *act;
    event->admin.body.data = act->body.len > 0 ? g_memdup2(act->body.data, act->body.len) : NULL;
    event->directory = directory == NULL ? NULL : tc_directory_ref(directory);
    event->service = event->station = "";
    return event;
}

void event_free(Event *event)
{
    if (event == NULL)
        return;
    if (event->kind == EVENT_ADMIN)
        g_free((uint8_t *)event->admin.body.data);
    frame_unref(event->frame);
    tc_directory_unref(event->directory);
    g_free(event);
}

bool availability_changes(const Event *event, const Decision *decision)
{
    if (decision->store_message == NULL)
        return false;
    int kind = event->item.message.kind;
    return kind == KIND_AVAILABILITY || (kind == KIND_RECALL && event->known.ref.kind == KIND_AVAILABILITY);
}

Span availability_header(const Event *event)
{
    return event->item.message.kind == KIND_AVAILABILITY ? event->item.body : (Span){ 0 };
}
