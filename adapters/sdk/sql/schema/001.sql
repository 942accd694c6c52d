-- What this station was opened as, and small facts: service, authority, held.
CREATE TABLE mark (name TEXT PRIMARY KEY, value ANY NOT NULL) STRICT, WITHOUT ROWID;

-- Records to be submitted, in order. state: 0 waiting, 1 accepted, 2 refused, 3 expired, 4 taken back before it left.
-- paired: 1 an envelope whose first wrap is the next item and travels in the same submission, 2 that wrap.
-- sent: it may have left here, so that only the broker can say what became of it.
CREATE TABLE item (
  seq INTEGER PRIMARY KEY AUTOINCREMENT,
  digest BLOB NOT NULL UNIQUE,
  type INTEGER NOT NULL,
  message BLOB,
  paired INTEGER NOT NULL,
  body BLOB NOT NULL,
  token_salt BLOB,
  tokens BLOB,
  made_at INTEGER NOT NULL,
  state INTEGER NOT NULL DEFAULT 0,
  sent INTEGER NOT NULL DEFAULT 0,
  done_at INTEGER,
  code INTEGER,
  field TEXT,
  standing TEXT
) STRICT;
CREATE INDEX item_waiting ON item (seq) WHERE state = 0;
CREATE INDEX item_message ON item (message);

-- The adapter's own names for its acts: one message for each.
CREATE TABLE act (key TEXT PRIMARY KEY, message BLOB NOT NULL) STRICT, WITHOUT ROWID;

-- Messages in both directions. direction: 0 in, 1 out, 2 out from another station of this service. content stays sealed.
CREATE TABLE message (
  row INTEGER PRIMARY KEY AUTOINCREMENT,
  id BLOB NOT NULL UNIQUE,
  direction INTEGER NOT NULL,
  conversation BLOB NOT NULL,
  kind INTEGER NOT NULL,
  in_reply_to BLOB,
  supersedes BLOB,
  header BLOB NOT NULL,
  content BLOB,
  provenance BLOB,
  sequence INTEGER,
  at INTEGER NOT NULL,
  opened_at INTEGER,
  opened_by TEXT
) STRICT;
CREATE INDEX message_conversation ON message (conversation);
CREATE INDEX message_supersedes ON message (supersedes);

-- Part keys under the station's storage key.
CREATE TABLE part_key (
  message BLOB NOT NULL, part INTEGER NOT NULL, nonce BLOB NOT NULL, sealed BLOB NOT NULL, PRIMARY KEY (message, part)
) STRICT, WITHOUT ROWID;

-- Wraps as they came, and when keys were last asked for.
CREATE TABLE wrap (row INTEGER PRIMARY KEY AUTOINCREMENT, message BLOB NOT NULL, body BLOB NOT NULL, provenance BLOB NOT NULL) STRICT;
CREATE INDEX wrap_message ON wrap (message);
CREATE TABLE asked (message BLOB PRIMARY KEY, at INTEGER NOT NULL) STRICT, WITHOUT ROWID;

-- What the adapter is told, in order, until it says it has dealt with it. type: TcEventType.
CREATE TABLE event (
  number INTEGER PRIMARY KEY AUTOINCREMENT,
  type INTEGER NOT NULL,
  at INTEGER NOT NULL,
  message BLOB,
  conversation BLOB,
  json TEXT NOT NULL,
  done INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE INDEX event_open ON event (number) WHERE done = 0;
CREATE INDEX event_conversation ON event (conversation);

-- Proofs: receipts of what this station sent, and heads the broker has signed.
CREATE TABLE receipt (
  digest BLOB PRIMARY KEY, type INTEGER NOT NULL, message BLOB NOT NULL, batch INTEGER NOT NULL, packed BLOB NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX receipt_batch ON receipt (batch);
CREATE TABLE head (batch INTEGER PRIMARY KEY, packed BLOB NOT NULL) STRICT;

CREATE TABLE note (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE snapshot (serial INTEGER PRIMARY KEY, bytes BLOB NOT NULL) STRICT;
