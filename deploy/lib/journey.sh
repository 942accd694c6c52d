# A person's journey through the made-up area, played with the real programs and told as a person would tell it.
# shellcheck shell=bash

journey_play() { fail "the journey cannot be played: its programs are not part of this version"; }

# journey_verify: the audit, recomputed from the database.
journey_verify() { fail "the audit cannot be verified: its program is not part of this version"; }
