#!/usr/bin/env bash
# A centre to try on this machine: try_here.sh PROGRAM FOLDER OFFICE
# Starts a PostgreSQL of its own in FOLDER unless DATABASE_URL names one for the application
# and DATABASE_OWNER_URL for the owner of its tables, prints a ticket for
# one desk of OFFICE, and serves on loopback until it is stopped.
set -euo pipefail
program=$1 folder=$2 office=$3
export SOHOA_CENTRE_KEYS="$folder/keys" SOHOA_CENTRE_OBJECTS="$folder/objects"
mkdir -p "$folder"

# PostgreSQL refuses to run as root.
as_postgres() { if [ "$(id -u)" -eq 0 ]; then setpriv --reuid=postgres --regid=postgres --clear-groups "$@"; else "$@"; fi; }

if [ -z "${DATABASE_URL:-}" ]; then
	bin=$(find /usr/lib/postgresql -maxdepth 2 -name bin 2>/dev/null | sort -V | tail -1)
	database="$folder/database"
	# Others may pass through to the database's folder, and look at nothing.
	parent=$folder; while [ "$parent" != / ]; do chmod o+x "$parent" 2>/dev/null || true; parent=$(dirname "$parent"); done
	if [ ! -d "$database" ]; then
		mkdir "$database"
		[ "$(id -u)" -ne 0 ] || chown postgres "$database"
		as_postgres "$bin/initdb" -A trust -U postgres --locale=C.UTF-8 -E UTF8 -D "$database" >/dev/null
	fi
	as_postgres "$bin/pg_ctl" -D "$database" -w -l "$database/server.log" -o "-c listen_addresses= -k $database" start >/dev/null
	trap 'as_postgres "$bin/pg_ctl" -D "$database" -m fast stop >/dev/null' EXIT
	export DATABASE_OWNER_URL="host=$database user=postgres dbname=postgres"
	export DATABASE_URL="host=$database user=sohoa_application dbname=postgres"
fi

"$program" init
"$program" migrate
echo "A ticket for one desk of office $office, for Alt+C in the window or for 'sohoa enrol':"
"$program" invite --office "$office" --url https://127.0.0.1:8443
"$program" serve --listen 127.0.0.1:8443 --name 127.0.0.1
