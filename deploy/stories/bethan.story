# Bethan (made up), 32: comes out today, and nobody is named to meet her. Her story is for whoever opens the worklist to go on with.
-1 16:30 tell  The prison tells the CJIP team that she is likely to be bailed tomorrow. Nobody is named yet to meet her: the worklist asks for somebody today.
-1 16:30 say   oakdale-carat release_notification --to northmoor-cjip --worker c-101 --parts bethan.json certainty=likely route=bail expected_date=@@+1d prison=oakdale area=northmoor area_certainty=confirmed meet_asked=yes legal_basis=direct_care => release
-1 16:31 expect northmoor-cjip state $release open
