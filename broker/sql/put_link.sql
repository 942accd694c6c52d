INSERT INTO throughcare.link_event (client, conversation, message, possible, at)
SELECT * FROM unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::boolean[], $5::bigint[])
