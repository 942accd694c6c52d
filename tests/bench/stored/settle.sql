-- Last (ids.sql).
DROP TABLE public.stored;
CHECKPOINT;
