-- The roles. Run as a superuser, once a server; then `schemas.sql` in `template1` and in the product's database.
-- Safe to repeat. Passwords are set apart from this file.
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
