SELECT throughcare.make_weeks($1, $2)
