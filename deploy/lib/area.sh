# The made-up area: its authority, services, keys, signed directory and configuration, and the programs that serve it.
# shellcheck shell=bash

area_prepare() { fail "the made-up area cannot be prepared: its programs are not part of this version"; }

area_start() { fail "the broker and the adapters cannot be started: they are not part of this version"; }

# area_tell: how to act as each service, and where to drop a list.
area_tell() { fail "there is no area to tell about"; }
