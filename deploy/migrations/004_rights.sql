-- Who may do what. The broker inserts and selects; nobody but the owner, who never logs in, changes or deletes.
GRANT SELECT, INSERT ON ALL TABLES IN SCHEMA throughcare TO throughcare_broker;
REVOKE INSERT ON throughcare.message_week, throughcare.message_week_dropped FROM throughcare_broker;
REVOKE ALL ON FUNCTION throughcare.make_weeks(bigint, bigint), throughcare.drop_week(bigint) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION throughcare.make_weeks(bigint, bigint), throughcare.drop_week(bigint) TO throughcare_broker;

-- What an export holds: every hashed field, in order; heads; and what messages still say of themselves.
CREATE VIEW throughcare.audit_export AS
  SELECT sequence, batch, at, event, service, conversation, message, digest, detail, prev_hash, hash FROM throughcare.audit;
CREATE VIEW throughcare.batch_export AS
  SELECT no, prev, prev_hash, last_hash, last_sequence, at, root, signature FROM throughcare.batch;
CREATE VIEW throughcare.message_export AS
  SELECT id, sequence, digest, header FROM throughcare.message;
CREATE VIEW throughcare.refusals AS
  SELECT who, code, to_timestamp(minute / 1000000.0) AS minute, sum(count) AS count FROM throughcare.refusal_count GROUP BY 1, 2, 3;
GRANT SELECT ON throughcare.audit_export, throughcare.batch_export, throughcare.message_export, throughcare.refusals
  TO throughcare_report;
