/* Bytes as the life of one client through many conversations: four bytes are a message that starts, answers or follows one, a clock that
 * runs out, a service that is blocked, or a client handed back. The play holds every decision to being the same twice, to versions without
 * gaps, to hand-overs by who held, and to clocks that end once; here, to somebody being answerable for good once somebody was. */
#include "fuzz.h"

#include "../unit/world.h"
#include "broker/kind.h"

static const char *const services[] = { "carat", "cjip", "cjip2", "spoc", "tier2", "tier3", "arrest", "probation" };
static const int starters[] = { KIND_REFERRAL, KIND_TRANSFER_OFFER, KIND_DROP_OUT, KIND_MOVEMENT, KIND_COURT_ORDER, KIND_DEATH, KIND_RELEASE_NOTIFICATION,
                                KIND_SAFEGUARDING_CONCERN, KIND_PRESCRIBING, KIND_PROGRESS };
static const int followers[] = { KIND_REFERRAL_ANSWER, KIND_APPOINTMENT, KIND_ATTENDANCE, KIND_TREATMENT, KIND_TRANSFER_ANSWER, KIND_TRANSFER_WITHDRAWAL,
                                 KIND_ATTEMPT, KIND_RE_ENGAGED, KIND_LOST, KIND_RESUME, KIND_SAFEGUARDING_ACKNOWLEDGEMENT, KIND_RECALL, KIND_RELEASE_ANSWER,
                                 KIND_MEETING_REPORT };

static void fill(Play *play, Message *message, uint8_t how)
{
    message->urgency = how % 7;
    message->event_at = play->world.now + (how % 9 - 2) * WORLD_DAY;
    message->due_at = play->world.now + how * WORLD_MINUTE;
    message->group.coded = (CodedFields){ .code = 1 + how % 7, .type = 1 + (how >> 4) % 3, .worker = "w-1", .checked = (how & 0x80) != 0,
                                          .service = (how & 0x40) != 0 ? services[how % 8] : NULL, .place = (how & 0x20) != 0 ? "LEI" : "oakdale",
                                          .day = (how & 0x10) != 0 ? "2026-12-01" : NULL };
    message->group.release.certainty = 2 + how % 5;
    message->group.release_answer.reply = 1 + how % 3;
    message->group.meeting.outcome = 1 + how % 7;
}

static void begin(Play *play, const Message *first, const uint8_t *bytes)
{
    Message message = play_message(play, starters[bytes[0] % G_N_ELEMENTS(starters)], services[bytes[1] % 8], services[(bytes[1] >> 3) % 8]);
    fill(play, &message, bytes[2]);
    message.about = (bytes[1] & 0x80) == 0 ? first->id : (TcId){ { 0 } };
    play_send(play, &message);
}

static void follow(Play *play, const uint8_t *bytes)
{
    const Head *head = &g_array_index(play->heads, Head, bytes[3] % play->heads->len);
    const MessageRef *ref = &g_array_index(play->messages, MessageRef, bytes[3] % play->messages->len);
    Message message = play_message(play, followers[bytes[0] % G_N_ELEMENTS(followers)], services[bytes[1] % 8], services[(bytes[1] >> 3) % 8]);
    fill(play, &message, bytes[2]);
    message.conversation = head->conversation;
    message.in_reply_to = head->newest_notification;
    if ((bytes[1] & 0x40) != 0) { /* mostly between those whom it concerns */
        message.sender = g_intern_string(head->addressee);
        message.recipient = g_intern_string(head->starter);
    }
    if (message.kind == KIND_RECALL) {
        message.conversation = ref->conversation;
        message.in_reply_to = ref->id;
        message.sender = g_intern_string(ref->sender);
        message.recipient = g_intern_string(ref->recipient);
    }
    play_send(play, &message);
}

static void hand_back(Play *play, const TcId *client)
{
    Event *event = event_new_hand_back(client, play->directory);
    event->known.care = play_care(play, client);
    const Head *head = play_head(play, &event->known.care.conversation);
    if (head != NULL)
        event->known.head = *head;
    play_decide(play, event);
}

static void step(Play *play, const Message *first, const uint8_t *bytes)
{
    const Head *head = play_head(play, &first->id);
    play_wait(play, play->world.now + (bytes[3] >> 5) * 3 * WORLD_HOUR);
    switch (bytes[0] >> 5) {
    case 0:
    case 1: begin(play, first, bytes); break;
    case 6:
        if (play->clocks->len > 0)
            play_fire(play, &g_array_index(play->clocks, ClockDue, bytes[1] % play->clocks->len));
        break;
    case 7:
        play->blocked = (bytes[1] & 1) != 0 ? services[(bytes[1] >> 1) % 8] : NULL;
        if (head != NULL)
            hand_back(play, &head->client);
        break;
    default: follow(play, bytes);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    Play play;
    bool answerable = false;
    if (size < 1)
        return 0;
    play_init(&play);
    Message first = play_message(&play, KIND_REFERRAL, (data[0] & 1) != 0 ? "carat" : "arrest", "cjip");
    fill(&play, &first, data[0]);
    play_send(&play, &first);
    for (size_t i = 1; play.heads->len > 0 && i + 3 < size && i < 240; i += 4) {
        step(&play, &first, data + i);
        bool now = play_care(&play, &play_head(&play, &first.id)->client).coordinator[0] != '\0';
        g_assert(now || !answerable);
        answerable = now;
    }
    play_end(&play);
    return 0;
}
