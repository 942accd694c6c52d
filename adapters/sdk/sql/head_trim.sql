-- Heads that no receipt needs make room for newer ones.
DELETE FROM head WHERE batch < ?1 AND batch NOT IN (SELECT batch FROM receipt)
