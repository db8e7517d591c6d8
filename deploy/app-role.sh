#!/bin/sh
# Makes the role the product runs as: it owns nothing, so it cannot alter the audit trail.
set -eu
psql -v ON_ERROR_STOP=1 -v password="$POOSHESH_APP_PASSWORD" \
    --username "$POSTGRES_USER" --dbname "$POSTGRES_DB" <<'SQL'
create role pooshesh_app login password :'password';
SQL
