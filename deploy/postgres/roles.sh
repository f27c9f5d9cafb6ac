#!/bin/sh
# Run once by the PostgreSQL image when its cluster is empty: the same roles, schemas and grants as `manage.py up`.
set -eu
run() { psql --no-psqlrc --quiet --set ON_ERROR_STOP=1 --username "$POSTGRES_USER" "$@"; }

run --dbname postgres --file /sql/roles.sql
for role in owner app checker; do
  # The password goes through standard input, never through a command line that others can list.
  { printf "\\\\set password '"; tr -d '\n' < "/run/secrets/database_$role"; printf "'\nALTER ROLE %s PASSWORD :'password';\n" "$role"; } \
    | run --dbname postgres
done
run --dbname template1 --file /sql/schemas.sql
run --dbname postgres --command "CREATE DATABASE casemgr OWNER owner"
run --dbname casemgr --file /sql/schemas.sql
