-- Ends the session that holds the lock of the active broker and waits for its next word in the middle of a batch, for ten seconds now.
SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE state = 'active' AND wait_event = 'ClientRead' AND state_change < now() - interval '10 s'
  AND pid IN (SELECT pid FROM pg_locks WHERE locktype = 'advisory' AND classid = 0 AND objid = 7233001 AND granted)
