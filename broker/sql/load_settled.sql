-- every pair of clients of whom a worker has said whether they are one, when asked for
SELECT DISTINCT one, other FROM throughcare.match_settled WHERE $1::boolean
