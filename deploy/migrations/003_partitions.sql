-- Weekly partitions of message by the time in its id. Made eight weeks ahead, dropped beyond retention; the broker may call these
-- functions and nothing more. A week starts on Thursday 00:00 UTC, as the epoch did, so that its start is plain arithmetic.
CREATE FUNCTION throughcare.week_start(at_us bigint) RETURNS bigint LANGUAGE sql IMMUTABLE AS
$$ SELECT at_us / 604800000000 * 604800000000 $$;

-- The smallest UUIDv7 of a time: 48 bits of milliseconds, then zeros.
CREATE FUNCTION throughcare.id_floor(at_us bigint) RETURNS uuid LANGUAGE sql IMMUTABLE AS
$$ SELECT (lpad(to_hex(at_us / 1000), 12, '0') || repeat('0', 20))::uuid $$;

CREATE TABLE throughcare.message_week (
  start_at bigint PRIMARY KEY,
  name     text NOT NULL
);
CREATE TABLE throughcare.message_week_dropped (
  start_at bigint PRIMARY KEY,
  rows     bigint NOT NULL,
  digest   bytea NOT NULL
);

-- Makes the weeks from from_us to until_us that are missing; gives the start of each one made.
CREATE FUNCTION throughcare.make_weeks(from_us bigint, until_us bigint) RETURNS SETOF bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = throughcare, pg_temp AS $$
DECLARE
  start bigint := week_start(from_us);
  partition text;
BEGIN
  PERFORM pg_advisory_xact_lock(7233004);
  WHILE start <= until_us LOOP
    partition := 'message_' || to_char(to_timestamp(start / 1000000) AT TIME ZONE 'UTC', 'YYYYMMDD');
    IF NOT EXISTS (SELECT FROM message_week w WHERE w.start_at = start)
       AND NOT EXISTS (SELECT FROM message_week_dropped w WHERE w.start_at = start) THEN
      EXECUTE format('CREATE TABLE %I PARTITION OF message FOR VALUES FROM (%L) TO (%L)', partition, id_floor(start),
                     id_floor(start + 604800000000));
      INSERT INTO message_week VALUES (start, partition);
      RETURN NEXT start;
    END IF;
    start := start + 604800000000;
  END LOOP;
END $$;

-- Drops the oldest week that ended before before_us; gives its start, rows and a digest over its messages' digests, or nothing.
CREATE FUNCTION throughcare.drop_week(before_us bigint, OUT start_at bigint, OUT rows bigint, OUT digest bytea) RETURNS SETOF record
LANGUAGE plpgsql SECURITY DEFINER SET search_path = throughcare, pg_temp AS $$
DECLARE
  partition text;
BEGIN
  SELECT w.start_at, w.name INTO start_at, partition FROM message_week w
  WHERE w.start_at + 604800000000 <= before_us ORDER BY w.start_at LIMIT 1;
  IF NOT FOUND THEN RETURN; END IF;
  EXECUTE format('SELECT count(*), sha256(coalesce(string_agg(m.digest, %L::bytea ORDER BY m.id), %L)) FROM %I m', '', '', partition)
    INTO rows, digest;
  INSERT INTO message_week_dropped VALUES (drop_week.start_at, drop_week.rows, drop_week.digest);
  DELETE FROM message_week w WHERE w.start_at = drop_week.start_at;
  EXECUTE format('DROP TABLE %I', partition);
  RETURN NEXT;
END $$;

SELECT throughcare.make_weeks((extract(epoch FROM now()) * 1000000)::bigint - 604800000000,
                              (extract(epoch FROM now()) * 1000000)::bigint + 8 * 604800000000);
