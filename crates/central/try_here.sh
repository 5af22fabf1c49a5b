#!/usr/bin/env bash
# A centre to try on this machine: try_here.sh PROGRAMS FOLDER OFFICE
# Starts a PostgreSQL of its own unless DATABASE_URL names one for the application and
# DATABASE_OWNER_URL for the owner of its tables, lets a demonstration desk of OFFICE deliver
# its papers, prints a ticket for another, and serves on loopback until it is stopped.
set -euo pipefail
programs=$1 folder=$2 office=$3
program="$programs/sohoa-central" url=https://127.0.0.1:8443
export SOHOA_CENTRE_KEYS="$folder/keys" SOHOA_CENTRE_OBJECTS="$folder/objects"
mkdir -p "$folder"

# PostgreSQL refuses to run as root, and may not look into root's folders: there it lies in
# the home of its own user.
database="$folder/database"
as_postgres() { "$@"; }
stop_database() { :; }
if [ "$(id -u)" -eq 0 ]; then
	database=/var/lib/postgresql/sohoa-centre
	as_postgres() { setpriv --reuid=postgres --regid=postgres --clear-groups "$@"; }
fi

if [ -z "${DATABASE_URL:-}" ]; then
	bin=$(find /usr/lib/postgresql -maxdepth 2 -name bin 2>/dev/null | sort -V | tail -1)
	if [ ! -d "$database" ]; then
		as_postgres mkdir -p "$database"
		as_postgres "$bin/initdb" -A trust -U postgres --locale=C.UTF-8 -E UTF8 -D "$database" >/dev/null
	fi
	cd "$(dirname "$database")"
	as_postgres "$bin/pg_ctl" -D "$database" -w -l "$database/server.log" -o "-c listen_addresses= -k $database" start >/dev/null
	stop_database() { as_postgres "$bin/pg_ctl" -D "$database" -m fast stop >/dev/null; }
	trap stop_database EXIT
	cd - >/dev/null
	export DATABASE_OWNER_URL="host=$database user=postgres dbname=postgres"
	export DATABASE_URL="host=$database user=sohoa_application dbname=postgres"
fi

"$program" init
"$program" migrate
"$program" serve --listen 127.0.0.1:8443 --name 127.0.0.1 &
server=$!
trap 'kill $server 2>/dev/null || true; wait $server || true; stop_database' EXIT
trap 'exit 0' INT TERM

export SOHOA_PASSPHRASE=Mot-cua-2026
desk="$folder/desk"
if [ ! -d "$desk" ]; then
	"$programs/sohoa" demo --dir "$desk" >/dev/null
	ticket=$("$program" invite --office "$office" --url "$url")
	"$programs/sohoa" enrol "$ticket" --vault "$desk/vault"
fi
"$programs/sohoa" sync --once --vault "$desk/vault"
"$programs/sohoa" outbox --vault "$desk/vault"
unset SOHOA_PASSPHRASE
echo "A ticket for one more desk of office $office, for Alt+C in the window or for 'sohoa enrol':"
"$program" invite --office "$office" --url "$url"
wait $server
