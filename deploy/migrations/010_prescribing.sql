-- Prescribing responsibility, beside coordination and in the same versions: at most one service prescribes at each of them.
ALTER TABLE throughcare.coordination_event ADD COLUMN prescriber text NOT NULL DEFAULT '';
