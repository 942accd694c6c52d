-- Who is answerable for a client, version by version. The database itself refuses a gap (a version whose predecessor is missing), a second
-- holder (the pair is the key) and a hand-over by one who did not hold (the foreign key), whoever writes.
CREATE TABLE throughcare.coordination_event (
  client       uuid NOT NULL,
  version      int NOT NULL CHECK (version > 0),
  step         smallint NOT NULL,
  coordinator  text NOT NULL CHECK (coordinator <> ''),
  worker       text NOT NULL,
  residual     text NOT NULL,
  receiver     text NOT NULL,
  place        text NOT NULL,
  in_custody   boolean NOT NULL,
  on_order     boolean NOT NULL,
  died         boolean NOT NULL,
  conversation uuid,
  message      uuid,
  prev_version int NOT NULL CHECK (prev_version = version - 1),
  from_holder  text,
  at           bigint NOT NULL,
  PRIMARY KEY (client, version),
  CONSTRAINT coordination_holder UNIQUE (client, version, coordinator),
  CONSTRAINT coordination_first CHECK ((version = 1) = (from_holder IS NULL)),
  CONSTRAINT coordination_handed_on FOREIGN KEY (client, prev_version, from_holder)
    REFERENCES throughcare.coordination_event (client, version, coordinator)
);
-- the clients of a service that is blocked or closes
CREATE INDEX coordination_coordinator ON throughcare.coordination_event (coordinator);
GRANT SELECT, INSERT ON throughcare.coordination_event TO throughcare_broker;

-- What a lifecycle must remember besides its state (decision.h, MARK_*), and who keeps a residual role by an offer.
ALTER TABLE throughcare.conversation_event ADD COLUMN marks int NOT NULL DEFAULT 0, ADD COLUMN residual text NOT NULL DEFAULT '';
