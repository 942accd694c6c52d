-- Messages and what hangs on them. Insert-only; message is partitioned by week of its UUIDv7 id.
CREATE TABLE throughcare.message (
  id           uuid NOT NULL,
  kind         smallint NOT NULL,
  sender       text NOT NULL,
  recipient    text NOT NULL,
  conversation uuid NOT NULL,
  accepted_at  bigint NOT NULL,
  batch        bigint NOT NULL,
  sequence     bigint NOT NULL,
  delivery     bigint NOT NULL,
  digest       bytea NOT NULL,
  content_digest bytea NOT NULL,
  session      uuid NOT NULL,
  signature    bytea NOT NULL,
  index        int NOT NULL,
  count        int NOT NULL,
  path         bytea NOT NULL,
  header       bytea NOT NULL,
  content      bytea,
  PRIMARY KEY (id)
) PARTITION BY RANGE (id);
ALTER TABLE throughcare.message ALTER COLUMN content SET STORAGE EXTERNAL;

CREATE TABLE throughcare.wrap (
  id       uuid NOT NULL,
  message  uuid NOT NULL,
  maker    text NOT NULL,
  batch    bigint NOT NULL,
  sequence bigint NOT NULL,
  digest   bytea NOT NULL,
  session  uuid NOT NULL,
  signature bytea NOT NULL,
  index    int NOT NULL,
  count    int NOT NULL,
  path     bytea NOT NULL,
  body     bytea NOT NULL,
  PRIMARY KEY (id)
);
-- delivery windows: the wraps of a message
CREATE INDEX wrap_message ON throughcare.wrap (message);

-- The head of a conversation at each version. The pair is the key: two brokers cannot both write the next one.
CREATE TABLE throughcare.conversation_event (
  conversation uuid NOT NULL,
  version      int NOT NULL CHECK (version > 0),
  event        smallint NOT NULL,
  machine      smallint NOT NULL,
  state        smallint NOT NULL,
  at           bigint NOT NULL,
  starter      text NOT NULL,
  addressee    text NOT NULL,
  told         text NOT NULL,
  told_before  text NOT NULL,
  first        uuid,
  newest_notification uuid,
  newest_answer uuid,
  newest_report uuid,
  last_recalled uuid,
  release_at   bigint NOT NULL,
  client       uuid,
  answer_clock uuid, answer_policy smallint NOT NULL, answer_due bigint NOT NULL, answer_rung int NOT NULL,
  contact_clock uuid, contact_policy smallint NOT NULL, contact_due bigint NOT NULL, contact_rung int NOT NULL,
  told_clock uuid, told_policy smallint NOT NULL, told_due bigint NOT NULL, told_rung int NOT NULL,
  PRIMARY KEY (conversation, version)
);

-- One queue a service, numbered from 1 without gaps.
CREATE TABLE throughcare.delivery (
  recipient text NOT NULL,
  number    bigint NOT NULL CHECK (number > 0),
  type      smallint NOT NULL,
  at        bigint NOT NULL,
  message   uuid,
  body      bytea,
  PRIMARY KEY (recipient, number)
);
-- How far each station holds its service's queue; the newest row stands.
CREATE TABLE throughcare.station_floor (
  service text NOT NULL,
  station text NOT NULL,
  number  bigint NOT NULL,
  at      bigint NOT NULL,
  PRIMARY KEY (service, station, number)
);
CREATE TABLE throughcare.confirmation (
  subject  uuid NOT NULL,   -- the message; for TOLD and NOT_TOLD the zero id
  delivery bigint NOT NULL, -- for TOLD and NOT_TOLD; else 0
  service  text NOT NULL,
  step     smallint NOT NULL,
  station  text NOT NULL,
  worker   text NOT NULL,
  at       bigint NOT NULL,
  PRIMARY KEY (subject, delivery, service, step)
);
CREATE TABLE throughcare.recall (
  message uuid PRIMARY KEY,
  stopped boolean NOT NULL -- before the recipient held it: its delivery is shown as RECALLED
);
CREATE TABLE throughcare.clock (
  id           uuid PRIMARY KEY,
  conversation uuid NOT NULL,
  message      uuid NOT NULL,
  policy       smallint NOT NULL,
  started_at   bigint NOT NULL,
  due_at       bigint NOT NULL,
  rung         int NOT NULL,
  waiting_for  text NOT NULL
);
-- the clocks that run out next
CREATE INDEX clock_due ON throughcare.clock (due_at);
CREATE TABLE throughcare.clock_end (
  clock uuid PRIMARY KEY,
  how   smallint NOT NULL,
  at    bigint NOT NULL
);
CREATE TABLE throughcare.client_token (
  strong bytea NOT NULL,
  born   bytea NOT NULL,
  client uuid NOT NULL,
  conversation uuid NOT NULL,
  PRIMARY KEY (strong, born, conversation)
);
CREATE TABLE throughcare.link_event (
  client uuid NOT NULL,
  conversation uuid NOT NULL,
  message uuid NOT NULL,
  possible boolean NOT NULL,
  at bigint NOT NULL,
  PRIMARY KEY (conversation, message, client, possible)
);
