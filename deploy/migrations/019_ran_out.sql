-- The clocks that ran out, apart from the many that were ended in time: whoever asks what still waits for an answer need not look at every clock that ever ran.
CREATE INDEX clock_end_ran_out ON throughcare.clock_end (at) WHERE how = 11;
