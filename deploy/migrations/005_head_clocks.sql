-- The clocks that run for a conversation, in one column of its head instead of twelve: only the broker reads them back, to start
-- where it stopped, and a parameter costs time in every batch. 30 bytes a slot, in the order of CLOCK_SLOT_*: id (zeros: no clock), policy
-- (2), due_at (8), rung (4), the numbers in network order. Questions about clocks are asked of throughcare.clock.
ALTER TABLE throughcare.conversation_event ADD COLUMN clocks bytea;
UPDATE throughcare.conversation_event SET clocks =
     coalesce(uuid_send(answer_clock), '\x00000000000000000000000000000000') || int2send(answer_policy) || int8send(answer_due) || int4send(answer_rung)
  || coalesce(uuid_send(contact_clock), '\x00000000000000000000000000000000') || int2send(contact_policy) || int8send(contact_due) || int4send(contact_rung)
  || coalesce(uuid_send(told_clock), '\x00000000000000000000000000000000') || int2send(told_policy) || int8send(told_due) || int4send(told_rung);
ALTER TABLE throughcare.conversation_event
  ALTER COLUMN clocks SET NOT NULL,
  DROP COLUMN answer_clock, DROP COLUMN answer_policy, DROP COLUMN answer_due, DROP COLUMN answer_rung,
  DROP COLUMN contact_clock, DROP COLUMN contact_policy, DROP COLUMN contact_due, DROP COLUMN contact_rung,
  DROP COLUMN told_clock, DROP COLUMN told_policy, DROP COLUMN told_due, DROP COLUMN told_rung;
