INSERT INTO throughcare.link_event (client, conversation, message, possible, at)
SELECT unnest($1::uuid[]), unnest($2::uuid[]), unnest($3::uuid[]), unnest($4::boolean[]), unnest($5::bigint[])
