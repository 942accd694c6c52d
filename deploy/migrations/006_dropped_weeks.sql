-- Which dropped weeks are on record: asked at each look at the weeks, so that one whose broker died in between is recorded by the next.
CREATE INDEX audit_dropped ON throughcare.audit (service) WHERE event = 21;
