/* Bodies of deliveries: evidence, wrap requests and notices, packed once when they are decided and kept so. */
#include "broker/encode.h"

#include "broker/codes.h"
#include "throughcare.pb-c.h"

enum { ENCODE_BODY_MAX_IDS = 256, ENCODE_BODY_MAX_PARTS = 4 };

static Span encode_body_keep(GStringChunk *chunk, const ProtobufCMessage *message)
{
    size_t len = protobuf_c_message_get_packed_size(message);
    g_autofree uint8_t *packed = g_malloc(len);
    protobuf_c_message_pack(message, packed);
    return (Span){ (const uint8_t *)g_string_chunk_insert_len(chunk, (const char *)packed, (gssize)len), len };
}

static ProtobufCBinaryData encode_body_id(const TcId *id)
{
    return (ProtobufCBinaryData){ sizeof id->b, (uint8_t *)id->b };
}

typedef struct ConsentOut { Tc__ConsentScope scope; Tc__Purpose__Code purpose; Tc__Part__Code parts[4]; } ConsentOut;

/* Points into `out` and `from`. */
static Tc__ConsentScope *encode_body_consent(const ConsentScope *from, ConsentOut *out)
{
    if (from == NULL)
        return NULL;
    tc__consent_scope__init(&out->scope);
    out->scope.state = (Tc__ConsentState__Code)from->state;
    out->scope.purposes = &out->purpose;
    out->purpose = TC__PURPOSE__CODE__TREATMENT;
    out->scope.n_purposes = from->treatment ? 1 : 0;
    out->scope.parts = out->parts;
    for (int part = PART_MINIMUM; part <= PART_SAFEGUARDING; part++)
        if ((from->parts & 1u << part) != 0)
            out->parts[out->scope.n_parts++] = (Tc__Part__Code)part;
    out->scope.services = (char **)from->services;
    out->scope.n_services = from->service_count;
    out->scope.has_from_at = from->from_at != 0;
    out->scope.from_at = from->from_at;
    out->scope.has_until_at = from->until_at != 0;
    out->scope.until_at = from->until_at;
    return &out->scope;
}

Span encode_evidence(GStringChunk *chunk, const EvidenceOut *from)
{
    Tc__Evidence evidence = TC__EVIDENCE__INIT;
    ProtobufCBinaryData ids[ENCODE_BODY_MAX_IDS];
    g_assert(from->message_count <= G_N_ELEMENTS(ids));
    for (size_t i = 0; i < from->message_count; i++)
        ids[i] = encode_body_id(&from->messages[i]);
    ConsentOut consent;
    evidence.consent = encode_body_consent(from->consent, &consent);
    evidence.step = (Tc__Step__Code)from->step;
    evidence.messages = ids;
    evidence.n_messages = from->message_count;
    evidence.by = (char *)from->by;
    evidence.station = (char *)from->station;
    evidence.worker = (char *)from->worker;
    evidence.at = from->at;
    evidence.has_policy = from->policy != POLICY_NONE;
    evidence.policy = (Tc__Policy__Code)from->policy;
    evidence.has_role = from->role != ROLE_NONE;
    evidence.role = (Tc__Role__Code)from->role;
    evidence.has_why = from->why != CANDIDATE_NONE;
    evidence.why = (Tc__CandidateReason__Code)from->why;
    return encode_body_keep(chunk, &evidence.base);
}

Span encode_wrap_request(GStringChunk *chunk, const WrapRequestOut *from)
{
    Tc__WrapRequest request = TC__WRAP_REQUEST__INIT;
    Tc__Part__Code parts[ENCODE_BODY_MAX_PARTS];
    g_assert(from->part_count <= G_N_ELEMENTS(parts));
    for (size_t i = 0; i < from->part_count; i++)
        parts[i] = (Tc__Part__Code)from->parts[i];
    request.message = encode_body_id(&from->message);
    request.service = (char *)from->service;
    request.key_id = (ProtobufCBinaryData){ sizeof from->key_id.b, (uint8_t *)from->key_id.b };
    request.parts = parts;
    request.n_parts = from->part_count;
    return encode_body_keep(chunk, &request.base);
}

Span encode_notice(GStringChunk *chunk, const NoticeOut *from)
{
    Tc__Notice notice = TC__NOTICE__INIT;
    notice.clock = encode_body_id(&from->clock);
    notice.policy = (Tc__Policy__Code)from->policy;
    notice.conversation = encode_body_id(&from->conversation);
    notice.message = encode_body_id(&from->message);
    notice.kind = (Tc__Kind__Code)from->kind;
    notice.role = (Tc__Role__Code)from->role;
    notice.waiting_for = (char *)from->waiting_for;
    notice.since_at = from->since_at;
    notice.due_at = from->due_at;
    notice.rung = from->rung;
    return encode_body_keep(chunk, &notice.base);
}
