-- what each service said last of itself; asked for once, when it is first needed
SELECT DISTINCT ON (service) service, header FROM throughcare.availability WHERE $1 ORDER BY service, sequence DESC
