-- The schemas and the narrowest grants of one database. Run as a superuser, after `roles.sql`. Safe to repeat.
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
