-- What may be known of everybody together: counts and times without a name, a token or a conversation. Each report is a function of a
-- period; the reader may call these and read nothing below them. Small counts are suppressed by whoever shows them (throughcare report).
-- Numbers of machines, states and events are those of broker/*.def.

-- One row a referral: when each step first happened.
CREATE VIEW throughcare.referral_course AS
  SELECT conversation, min(client::text) AS client, min(addressee) AS service, min(marks >> 12 & 15) AS urgency,
         min(at) FILTER (WHERE version = 1) AS referred_at,
         min(at) FILTER (WHERE event IN (73, 76)) AS accepted_at,
         min(at) FILTER (WHERE event = 77) AS offered_at,
         min(at) FILTER (WHERE event = 79) AS attended_at,
         min(at) FILTER (WHERE event = 82) AS started_at,
         max(at) FILTER (WHERE event = 83) AS ended_at,
         bool_or(event = 85) AS recalled
  FROM throughcare.conversation_event WHERE machine = 3 GROUP BY conversation;

-- One row a release: who was named, whether they met, and when that client's treatment outside started.
CREATE VIEW throughcare.release_course AS
  SELECT r.*, (SELECT min(c.started_at) FROM throughcare.referral_course c WHERE c.client = r.client AND c.started_at >= r.out_at) AS treated_at
  FROM (SELECT conversation, min(client::text) AS client, min(starter) AS prison,
               min(at) FILTER (WHERE version = 1) AS notified_at,
               min(at) FILTER (WHERE event = 6) AS named_at,
               min(at) FILTER (WHERE event = 8) AS met_at,
               max(release_at) FILTER (WHERE release_at > 0) AS expected_at,
               coalesce(min(at) FILTER (WHERE event = 8), max(release_at) FILTER (WHERE release_at > 0)) AS out_at,
               bool_or(event IN (5, 12)) AS off
        FROM throughcare.conversation_event WHERE machine = 1 GROUP BY conversation) r;

-- The funnel: how many clients reach each step after a referral, and how many are lost before it.
CREATE FUNCTION throughcare.report_funnel(from_us bigint, until_us bigint)
RETURNS TABLE (step text, referrals bigint, lost bigint) LANGUAGE sql STABLE SECURITY DEFINER SET search_path = throughcare, pg_temp AS $$
  WITH c AS (SELECT * FROM referral_course WHERE referred_at >= from_us AND referred_at < until_us AND NOT recalled),
  t AS (SELECT started_at + 84 * 86400000000 AS weeks_12, ended_at FROM c WHERE started_at IS NOT NULL),
  steps (no, step, n) AS (
    SELECT 1, 'referred', count(*) FROM c
    UNION ALL SELECT 2, 'accepted', count(*) FROM c WHERE accepted_at IS NOT NULL
    UNION ALL SELECT 3, 'appointment offered', count(*) FROM c WHERE offered_at IS NOT NULL
    UNION ALL SELECT 4, 'attended', count(*) FROM c WHERE attended_at IS NOT NULL
    UNION ALL SELECT 5, 'treatment started', count(*) FROM c WHERE started_at IS NOT NULL)
  SELECT step, n, lost FROM (
    SELECT no, step, n, greatest(lag(n, 1, n) OVER (ORDER BY no) - n, 0) FROM steps
    UNION ALL SELECT 6, 'in treatment 12 weeks later', count(*) FILTER (WHERE weeks_12 < until_us AND (ended_at IS NULL OR ended_at >= weeks_12)),
                     count(*) FILTER (WHERE ended_at < weeks_12) FROM t
    UNION ALL SELECT 7, 'started, too early to say', count(*) FILTER (WHERE weeks_12 >= until_us AND ended_at IS NULL), 0 FROM t) all_steps (no, step, n, lost)
  ORDER BY no
$$;

-- How long people wait: offered, attended and started apart, by how urgent the referral was.
CREATE FUNCTION throughcare.report_waits(from_us bigint, until_us bigint)
RETURNS TABLE (wait text, urgency text, referrals bigint, median_hours numeric, longest_tenth_hours numeric)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = throughcare, pg_temp AS $$
  WITH c AS (SELECT * FROM referral_course WHERE referred_at >= from_us AND referred_at < until_us AND NOT recalled),
  waits (no, wait, urgency, took) AS (
    SELECT 1, 'to an answer', urgency, accepted_at - referred_at FROM c
    UNION ALL SELECT 2, 'to the first appointment offered', urgency, offered_at - referred_at FROM c
    UNION ALL SELECT 3, 'to the first attendance', urgency, attended_at - referred_at FROM c
    UNION ALL SELECT 4, 'to the start of treatment', urgency, started_at - referred_at FROM c)
  SELECT wait, (ARRAY['not said', 'not asked', 'before leaving the cell', 'same day', 'within 48 hours', 'rapid', 'routine'])[urgency + 1], count(*),
         round((percentile_cont(0.5) WITHIN GROUP (ORDER BY took) / 3600000000)::numeric, 1),
         round((percentile_cont(0.9) WITHIN GROUP (ORDER BY took) / 3600000000)::numeric, 1)
  FROM waits WHERE took IS NOT NULL GROUP BY no, wait, urgency ORDER BY no, urgency
$$;

-- Every clock: how often it ran, was stopped in time, and ran out.
CREATE FUNCTION throughcare.report_clocks(from_us bigint, until_us bigint)
RETURNS TABLE (clock text, started bigint, in_time bigint, ran_out bigint, running bigint)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = throughcare, pg_temp AS $$
  SELECT (ARRAY['held', 'somebody named', 'contact on the day', 'dose answered', 'told', 'cell referral answered', 'same-day referral answered',
                'referral answered', 'appointment given', 'attendance known', 'first attempt', 'transfer answered', 'safeguarding acknowledged'])[c.policy],
         count(*), count(*) FILTER (WHERE e.how = 12), count(*) FILTER (WHERE e.how = 11), count(*) FILTER (WHERE e.how IS NULL)
  FROM clock c LEFT JOIN clock_end e ON e.clock = c.id
  WHERE c.started_at >= from_us AND c.started_at < until_us AND c.policy NOT IN (1, 5)
  GROUP BY c.policy ORDER BY c.policy
$$;

-- Continuity of care: of those who came out, who was in treatment within 21 days. Release by release it is report_releases.
CREATE FUNCTION throughcare.report_continuity(from_us bigint, until_us bigint)
RETURNS TABLE (prison text, releases bigint, named bigint, met bigint, treated_within_21_days bigint, too_early_to_say bigint)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = throughcare, pg_temp AS $$
  SELECT prison, count(*), count(named_at), count(met_at),
         count(*) FILTER (WHERE treated_at < out_at + 21 * 86400000000),
         count(*) FILTER (WHERE (treated_at IS NULL OR treated_at >= out_at + 21 * 86400000000) AND out_at + 21 * 86400000000 >= until_us)
  FROM release_course WHERE out_at >= from_us AND out_at < until_us AND NOT off GROUP BY prison ORDER BY prison
$$;

-- Where each release stands: one line each, without saying whose.
CREATE FUNCTION throughcare.report_releases(from_us bigint, until_us bigint)
RETURNS TABLE (prison text, weekday text, stands text, releases bigint)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = throughcare, pg_temp AS $$
  SELECT prison, trim(to_char(to_timestamp(out_at / 1000000) AT TIME ZONE 'Europe/London', 'Day')),
         CASE WHEN treated_at < out_at + 21 * 86400000000 THEN 'in treatment within 21 days'
              WHEN treated_at IS NOT NULL THEN 'in treatment later'
              WHEN met_at IS NOT NULL THEN 'met, not in treatment'
              WHEN named_at IS NOT NULL THEN 'somebody named, not met'
              ELSE 'nobody named' END, count(*)
  FROM release_course WHERE out_at >= from_us AND out_at < until_us AND NOT off GROUP BY 1, 2, 3 ORDER BY 1, min(extract(isodow FROM to_timestamp(out_at / 1000000))), 3
$$;

CREATE FUNCTION throughcare.report_doses(from_us bigint, until_us bigint)
RETURNS TABLE (asked_of text, requests bigint, confirmed bigint, answered_otherwise bigint, late bigint, median_minutes numeric)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = throughcare, pg_temp AS $$
  WITH d AS (SELECT conversation, min(addressee) AS service, min(at) FILTER (WHERE version = 1) AS asked_at,
                    min(at) FILTER (WHERE event IN (42, 43)) AS answered_at, bool_or(event = 42) AS confirmed
             FROM conversation_event WHERE machine = 2 GROUP BY conversation)
  SELECT service, count(*), count(*) FILTER (WHERE confirmed), count(*) FILTER (WHERE answered_at IS NOT NULL AND NOT confirmed),
         count(*) FILTER (WHERE EXISTS (SELECT FROM clock c JOIN clock_end e ON e.clock = c.id WHERE c.conversation = d.conversation AND c.policy = 4 AND e.how = 11)),
         round((percentile_cont(0.5) WITHIN GROUP (ORDER BY answered_at - asked_at) / 60000000)::numeric, 0)
  FROM d WHERE asked_at >= from_us AND asked_at < until_us GROUP BY service ORDER BY service
$$;

CREATE FUNCTION throughcare.report_reengagement(from_us bigint, until_us bigint)
RETURNS TABLE (goes_after_them text, drop_outs bigint, tried_in_time bigint, back bigint, lost bigint, resumed bigint, median_days_to_return numeric)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = throughcare, pg_temp AS $$
  WITH d AS (SELECT conversation, min(addressee) AS service, min(at) FILTER (WHERE version = 1) AS at, min(at) FILTER (WHERE event = 103) AS back_at,
                    bool_or(event = 105) AS lost, bool_or(event = 104) AS resumed
             FROM conversation_event WHERE machine = 5 GROUP BY conversation)
  SELECT service, count(*),
         count(*) FILTER (WHERE EXISTS (SELECT FROM clock c JOIN clock_end e ON e.clock = c.id WHERE c.conversation = d.conversation AND c.policy = 11 AND e.how = 12)),
         count(back_at), count(*) FILTER (WHERE lost), count(*) FILTER (WHERE resumed),
         round((percentile_cont(0.5) WITHIN GROUP (ORDER BY back_at - at) / 86400000000)::numeric, 1)
  FROM d WHERE at >= from_us AND at < until_us GROUP BY service ORDER BY service
$$;

-- Counted apart, and only counted.
CREATE FUNCTION throughcare.report_deaths(from_us bigint, until_us bigint)
RETURNS TABLE (what text, clients bigint) LANGUAGE sql STABLE SECURITY DEFINER SET search_path = throughcare, pg_temp AS $$
  SELECT 'recorded as having died', count(*) FROM (
    SELECT DISTINCT ON (client) client, died FROM coordination_event WHERE at < until_us ORDER BY client, version DESC) newest
  JOIN LATERAL (SELECT min(at) AS at FROM coordination_event c WHERE c.client = newest.client AND c.died) d ON true
  WHERE newest.died AND d.at >= from_us
$$;

DO $$
DECLARE name text;
BEGIN
  FOREACH name IN ARRAY ARRAY['funnel', 'waits', 'clocks', 'continuity', 'releases', 'doses', 'reengagement', 'deaths'] LOOP
    EXECUTE format('REVOKE ALL ON FUNCTION throughcare.report_%s(bigint, bigint) FROM PUBLIC', name);
    EXECUTE format('GRANT EXECUTE ON FUNCTION throughcare.report_%s(bigint, bigint) TO throughcare_report', name);
  END LOOP;
END $$;
