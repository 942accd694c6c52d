-- The roles, made once a cluster by an administrator: the owner of everything, who never logs in, the broker and the reader.
-- What each may do is granted where the tables are made, in migrations/.
SELECT format('CREATE ROLE %I %s', name, login)
FROM (VALUES ('throughcare_owner', 'NOLOGIN'),
             ('throughcare_broker', 'LOGIN'),
             ('throughcare_report', 'LOGIN')) AS wanted (name, login)
WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = wanted.name)
\gexec
