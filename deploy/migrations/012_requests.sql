-- Requests for a service: what a referral asks for, and what each service says of itself.
ALTER TABLE throughcare.conversation_event ADD COLUMN request text NOT NULL DEFAULT '';

-- The header that the service signed, as it stands in its message; null: it took back what it said. The newest row counts.
CREATE TABLE throughcare.availability (
  service  text NOT NULL,
  sequence bigint NOT NULL, -- of the audit row
  header   bytea,
  PRIMARY KEY (service, sequence)
);
GRANT SELECT, INSERT ON throughcare.availability TO throughcare_broker;

INSERT INTO throughcare.lifecycle_edge VALUES (3, 1, 88, 1), (3, 2, 88, 1);
