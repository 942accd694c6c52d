/* Packing a protobuf message: one call. The array is the caller's. */
#ifndef SDK_PACK_H
#define SDK_PACK_H

#include <glib.h>
#include <protobuf-c/protobuf-c.h>

static inline GByteArray *pack(const ProtobufCMessage *message)
{
    GByteArray *bytes = g_byte_array_new();
    g_byte_array_set_size(bytes, (guint)protobuf_c_message_get_packed_size(message));
    protobuf_c_message_pack(message, bytes->data);
    return bytes;
}

static inline ProtobufCBinaryData pack_bytes(const void *bytes, size_t len)
{
    return (ProtobufCBinaryData){ len, (uint8_t *)bytes };
}

#endif
