/* Bytes as the life of one conversation: each byte pair is a message, a confirmation or a clock, in any order the fuzzer likes.
 * The play holds every decision to being the same twice, to rows only where there is effect, to heads without gaps and to
 * clocks that end once. */
#include "fuzz.h"

#include "../unit/world.h"

static const char *const services[] = { "carat", "cjip", "cjip2", "spoc", "tier2", "prescriber", "health", "pharmacy" };

static Message message_from(Play *play, const Message *first, uint8_t what, uint8_t how)
{
    static const int kinds[] = { KIND_RELEASE_NOTIFICATION, KIND_RELEASE_ANSWER, KIND_MEETING_REPORT, KIND_DOSE_REQUEST,
                                 KIND_DOSE_ANSWER, KIND_RECALL };
    const MessageRef *ref = &g_array_index(play->messages, MessageRef, how % play->messages->len);
    const Head *head = play_head(play, &first->conversation);
    Message message = play_message(play, kinds[what % G_N_ELEMENTS(kinds)], services[how % 8], services[(how >> 3) % 8]);
    message.conversation = first->conversation;
    message.in_reply_to = ref->id;
    message.supersedes = (how & 0x80) != 0 ? head->newest_answer : head->newest_notification;
    message.event_at = first->event_at + (how % 5) * WORLD_DAY;
    message.due_at = play->world.now + how * WORLD_MINUTE;
    message.group.release.certainty = 2 + how % 5;
    message.group.release_answer.reply = 1 + how % 3;
    message.group.meeting.outcome = 1 + how % 7;
    message.group.dose_answer.reply = 1 + how % 6;
    if (message.kind == KIND_DOSE_ANSWER && (how & 0x40) != 0)
        message.supersedes = (TcId){ { 0 } };
    if (message.kind == KIND_RECALL) {
        message.sender = g_intern_string(ref->sender);
        message.recipient = g_intern_string(ref->recipient);
    }
    return message;
}

static void step(Play *play, const Message *first, uint8_t what, uint8_t how)
{
    const char *service = services[how % 8];
    Message message;
    play_wait(play, play->world.now + (what >> 4) * 20 * WORLD_MINUTE);
    switch (what % 12) {
    case 6: play_confirm(play, service, (Confirmation){ .step = STEP_HELD, .upto = how >> 3 }); break;
    case 7: play_confirm(play, service, (Confirmation){ .step = STEP_TOLD, .delivery = how >> 3 }); break;
    case 8: play_confirm(play, service, (Confirmation){ .step = STEP_NOT_TOLD, .delivery = how >> 3 }); break;
    case 9: play_confirm(play, service, (Confirmation){ .step = how & 0x80 ? STEP_OPENED : STEP_CANNOT_OPEN, .message = first->id }); break;
    case 10:
    case 11:
        if (play->clocks->len > 0)
            play_fire(play, &g_array_index(play->clocks, ClockDue, how % play->clocks->len));
        break;
    default:
        message = message_from(play, first, what % 12, how);
        play_send(play, &message);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    Play play;
    if (size < 1)
        return 0;
    play_init(&play);
    bool dose = (data[0] & 1) != 0;
    Message first = play_message(&play, dose ? KIND_DOSE_REQUEST : KIND_RELEASE_NOTIFICATION, dose ? "prescriber" : "carat",
                                 dose ? "health" : "cjip");
    first.event_at = dose ? 0 : WORLD_NOW + data[0] * WORLD_DAY;
    first.due_at = WORLD_NOW + WORLD_HOUR;
    play_send(&play, &first);
    for (size_t i = 1; i + 1 < size && i < 400; i += 2)
        step(&play, &first, data[i], data[i + 1]);
    play_end(&play);
    return 0;
}
