-- Waits by the client's choice and for want of capacity apart; releases by prison, area and weekday; every clock by its name.
CREATE OR REPLACE VIEW throughcare.referral_course AS
  SELECT conversation, throughcare.client_now((array_agg(client ORDER BY version DESC))[1])::text AS client, min(addressee) AS service, min(marks >> 12 & 15) AS urgency,
         min(at) FILTER (WHERE version = 1) AS referred_at,
         min(at) FILTER (WHERE event IN (73, 76)) AS accepted_at,
         min(at) FILTER (WHERE event = 77) AS offered_at,
         min(at) FILTER (WHERE event = 79) AS attended_at,
         min(at) FILTER (WHERE event = 82) AS started_at,
         max(at) FILTER (WHERE event = 83) AS ended_at,
         bool_or(event = 85) AS recalled,
         coalesce(bool_or(marks & 67108864 <> 0) FILTER (WHERE event IN (77, 79)), false) AS chosen -- MARK_CHOICE
  FROM throughcare.conversation_event WHERE machine = 3 GROUP BY conversation;

DROP FUNCTION throughcare.report_waits(bigint, bigint);
CREATE FUNCTION throughcare.report_waits(from_us bigint, until_us bigint)
RETURNS TABLE (wait text, urgency text, referrals bigint, within_three_weeks bigint, median_hours numeric, longest_tenth_hours numeric)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = throughcare, pg_temp AS $$
  WITH c AS (SELECT * FROM referral_course WHERE referred_at >= from_us AND referred_at < until_us AND NOT recalled),
  waits (no, wait, urgency, took) AS (
    SELECT 1, 'to an answer', urgency, accepted_at - referred_at FROM c
    UNION ALL SELECT 2, 'to the first appointment offered', urgency, offered_at - referred_at FROM c
    UNION ALL SELECT 3, 'to the first attendance, as soon as there was room', urgency, attended_at - referred_at FROM c WHERE NOT chosen
    UNION ALL SELECT 4, 'to the first attendance, later by the client''s choice', urgency, attended_at - referred_at FROM c WHERE chosen
    UNION ALL SELECT 5, 'to the start of treatment', urgency, started_at - referred_at FROM c)
  SELECT wait, (ARRAY['not said', 'not asked', 'before leaving the cell', 'same day', 'within 48 hours', 'rapid', 'routine'])[urgency + 1], count(*),
         count(*) FILTER (WHERE took < 21 * 86400000000),
         round((percentile_cont(0.5) WITHIN GROUP (ORDER BY took) / 3600000000)::numeric, 1),
         round((percentile_cont(0.9) WITHIN GROUP (ORDER BY took) / 3600000000)::numeric, 1)
  FROM waits WHERE took IS NOT NULL GROUP BY no, wait, urgency ORDER BY no, urgency
$$;
REVOKE ALL ON FUNCTION throughcare.report_waits(bigint, bigint) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION throughcare.report_waits(bigint, bigint) TO throughcare_report;

CREATE OR REPLACE FUNCTION throughcare.report_clocks(from_us bigint, until_us bigint)
RETURNS TABLE (clock text, started bigint, in_time bigint, ran_out bigint, running bigint)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = throughcare, pg_temp AS $$
  SELECT (ARRAY['held', 'somebody named', 'contact on the day', 'dose answered', 'told', 'cell referral answered', 'same-day referral answered',
                'referral answered', 'appointment given', 'attendance known', 'first attempt', 'transfer answered', 'safeguarding acknowledged',
                'brief crack intervention', 'rapid prescribing'])[c.policy],
         count(*), count(*) FILTER (WHERE e.how = 12), count(*) FILTER (WHERE e.how = 11), count(*) FILTER (WHERE e.how IS NULL)
  FROM clock c LEFT JOIN clock_end e ON e.clock = c.id
  WHERE c.started_at >= from_us AND c.started_at < until_us AND c.policy NOT IN (1, 5, 16)
  GROUP BY c.policy ORDER BY c.policy
$$;

CREATE OR REPLACE VIEW throughcare.release_course AS
  SELECT r.*, (SELECT min(c.started_at) FROM throughcare.referral_course c WHERE c.client = r.client AND c.started_at >= r.out_at) AS treated_at,
         coalesce((SELECT split_part(e.request, ' ', 1) FROM throughcare.conversation_event e WHERE e.conversation = r.conversation AND e.request <> ''
                   ORDER BY e.version DESC LIMIT 1), 'not known') AS area
  FROM (SELECT conversation, throughcare.client_now((array_agg(client ORDER BY version DESC))[1])::text AS client, min(starter) AS prison,
               min(at) FILTER (WHERE version = 1) AS notified_at,
               min(at) FILTER (WHERE event = 6) AS named_at,
               min(at) FILTER (WHERE event = 8) AS met_at,
               max(release_at) FILTER (WHERE release_at > 0) AS expected_at,
               coalesce(min(at) FILTER (WHERE event = 8), max(release_at) FILTER (WHERE release_at > 0)) AS out_at,
               bool_or(event IN (5, 12)) AS off
        FROM throughcare.conversation_event WHERE machine = 1 GROUP BY conversation) r;

DROP FUNCTION throughcare.report_releases(bigint, bigint);
CREATE FUNCTION throughcare.report_releases(from_us bigint, until_us bigint)
RETURNS TABLE (prison text, area text, weekday text, stands text, releases bigint)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = throughcare, pg_temp AS $$
  SELECT prison, area, trim(to_char(to_timestamp(out_at / 1000000) AT TIME ZONE 'Europe/London', 'Day')),
         CASE WHEN treated_at < out_at + 21 * 86400000000 THEN 'in treatment within 21 days'
              WHEN treated_at IS NOT NULL THEN 'in treatment later'
              WHEN met_at IS NOT NULL THEN 'met, not in treatment'
              WHEN named_at IS NOT NULL THEN 'somebody named, not met'
              ELSE 'nobody named' END, count(*)
  FROM release_course WHERE out_at >= from_us AND out_at < until_us AND NOT off
  GROUP BY 1, 2, 3, 4 ORDER BY 1, 2, min(extract(isodow FROM to_timestamp(out_at / 1000000) AT TIME ZONE 'Europe/London')), 4
$$;
REVOKE ALL ON FUNCTION throughcare.report_releases(bigint, bigint) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION throughcare.report_releases(bigint, bigint) TO throughcare_report;
