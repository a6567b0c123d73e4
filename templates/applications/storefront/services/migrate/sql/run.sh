#!/bin/sh
# Brings the database to what the services expect. Safe to run again.
set -eu
for file in /migrate/*.sql; do
  echo "$file"
  psql -X -q -v ON_ERROR_STOP=1 -f "$file"
done
echo done
