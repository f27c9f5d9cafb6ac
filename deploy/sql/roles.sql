-- Roles and schemas. Run as a superuser: the first part once a server, the second in `template1` and in the
-- product's database. Safe to repeat. Passwords are set apart from this file.
DO $$
BEGIN
  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'owner') THEN CREATE ROLE owner LOGIN CREATEDB; END IF;
  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'app') THEN CREATE ROLE app LOGIN; END IF;
  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'checker') THEN CREATE ROLE checker LOGIN; END IF;
  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'keystore') THEN CREATE ROLE keystore NOLOGIN; END IF;
  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'identity') THEN CREATE ROLE identity NOLOGIN; END IF;
END $$;
-- `app` may step into the two guarded roles for one statement of a transaction, and inherits nothing from them.
GRANT keystore, identity TO app WITH INHERIT FALSE, SET TRUE;
GRANT keystore, identity TO owner WITH INHERIT TRUE, SET TRUE;
-- in each database
ALTER SCHEMA public OWNER TO owner;
REVOKE ALL ON SCHEMA public FROM PUBLIC;
GRANT USAGE ON SCHEMA public TO app, checker, keystore, identity;
CREATE SCHEMA IF NOT EXISTS keystore AUTHORIZATION owner;
CREATE SCHEMA IF NOT EXISTS identity AUTHORIZATION owner;
GRANT USAGE ON SCHEMA keystore TO keystore;
GRANT USAGE ON SCHEMA identity TO identity, app;
-- The default for a new table is the narrowest that can work: a migration that needs UPDATE or DELETE says so.
ALTER DEFAULT PRIVILEGES FOR ROLE owner IN SCHEMA public GRANT SELECT, INSERT ON TABLES TO app;
ALTER DEFAULT PRIVILEGES FOR ROLE owner IN SCHEMA public GRANT USAGE, SELECT ON SEQUENCES TO app;
ALTER DEFAULT PRIVILEGES FOR ROLE owner IN SCHEMA keystore GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO keystore;
ALTER DEFAULT PRIVILEGES FOR ROLE owner IN SCHEMA identity GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO identity;
ALTER DEFAULT PRIVILEGES FOR ROLE owner IN SCHEMA identity GRANT INSERT ON TABLES TO app;
