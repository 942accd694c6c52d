/* Good messages that tests start from and then spoil, as functions that fill a message on the caller's stack.
 * All memory is static or the caller's; a sample is valid as long as its Sample. */
#ifndef TESTS_UNIT_SAMPLE_H
#define TESTS_UNIT_SAMPLE_H

#include "throughcare.pb-c.h"

#include <glib.h>
#include <string.h>

#define SAMPLE_TIME G_GINT64_CONSTANT(1794000000123456)

G_GNUC_UNUSED static uint8_t sample_16[16] = { 0x01, 0x9a, 0x1f, 0x44, 0x20, 0x00, 0x70, 0x01, 0x80, 0x02, 3, 4, 5, 6, 7, 8 };
G_GNUC_UNUSED static uint8_t sample_32[32] = { 0xd1, 0x6e, 0x57 };
G_GNUC_UNUSED static uint8_t sample_64[64] = { 0x51, 0x6e };

static inline ProtobufCBinaryData sample_bytes(uint8_t *data, size_t len)
{
    return (ProtobufCBinaryData){ len, data };
}

typedef struct SampleHeader {
    Tc__Header header;
    Tc__ReleaseHeader release;
    Tc__PartSeal seal;
    Tc__PartSeal *seals[1];
} SampleHeader;

static inline void sample_header(SampleHeader *sample)
{
    Tc__Header *header = &sample->header;
    tc__header__init(header);
    tc__release_header__init(&sample->release);
    tc__part_seal__init(&sample->seal);
    header->id = header->conversation = sample_bytes(sample_16, 16);
    header->kind = TC__KIND__CODE__RELEASE_NOTIFICATION;
    header->sender = (char *)"carat-lei";
    header->recipient = (char *)"cjip-leeds";
    header->created_at = SAMPLE_TIME;
    header->content_digest = sample_bytes(sample_32, 32);
    header->parts = sample->seals;
    header->n_parts = 1;
    header->release = &sample->release;
    sample->seals[0] = &sample->seal;
    sample->seal.part = TC__PART__CODE__MINIMUM;
    sample->seal.commitment = sample_bytes(sample_32, 32);
    sample->release.certainty = TC__CERTAINTY__CODE__PLANNED;
    sample->release.route = TC__ROUTE__CODE__SENTENCE_END;
    sample->release.prison = (char *)"LEI";
    sample->release.expected_date = (char *)"2026-11-13";
    sample->release.area_certainty = TC__AREA_CERTAINTY__CODE__CONFIRMED;
    sample->release.meet_asked = TC__YES_NO__CODE__YES;
}

static inline GByteArray *sample_pack(const ProtobufCMessage *message)
{
    GByteArray *bytes = g_byte_array_new();
    g_byte_array_set_size(bytes, (guint)protobuf_c_message_get_packed_size(message));
    protobuf_c_message_pack(message, bytes->data);
    return bytes;
}

#endif
