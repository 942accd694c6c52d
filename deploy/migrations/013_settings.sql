-- What an area has set otherwise than usual: clocks, and days that are or are not working days (broker/setting.h). The newest row of a name
-- counts; the audit row of the same sequence says the same.
CREATE TABLE throughcare.setting (
  sequence bigint PRIMARY KEY,
  name     text NOT NULL,
  value    text NOT NULL
);
GRANT SELECT, INSERT ON throughcare.setting TO throughcare_broker;

-- The clocks report with the new clocks; reminders are none of them.
CREATE OR REPLACE FUNCTION throughcare.report_clocks(from_us bigint, until_us bigint)
RETURNS TABLE (clock text, started bigint, in_time bigint, ran_out bigint, running bigint)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = throughcare, pg_temp AS $$
  SELECT (ARRAY['held', 'somebody named', 'contact on the day', 'dose answered', 'told', 'cell referral answered', 'same-day referral answered',
                'referral answered', 'appointment given', 'attendance known', 'first attempt', 'transfer answered', 'safeguarding acknowledged',
                'brief intervention about crack', 'seen by a clinician'])[c.policy],
         count(*), count(*) FILTER (WHERE e.how = 12), count(*) FILTER (WHERE e.how = 11), count(*) FILTER (WHERE e.how IS NULL)
  FROM clock c LEFT JOIN clock_end e ON e.clock = c.id
  WHERE c.started_at >= from_us AND c.started_at < until_us AND c.policy NOT IN (1, 5, 16)
  GROUP BY c.policy ORDER BY c.policy
$$;
