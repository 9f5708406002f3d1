#!/bin/sh
# Writes .env next to this file: random passwords and API keys, and the addresses by which the command finds the services.
set -eu
cd "$(dirname "$0")"
if [ -e .env ]; then
  echo ".env is there already; remove it to make new secrets (a database keeps the old ones)" >&2
  exit 1
fi
umask 077
secret() { head -c 32 /dev/urandom | base64 | tr '+/' '-_' | tr -d '=\n'; }
cat > .env <<END
SUPERUSER_PASSWORD=$(secret)
OWNER_PASSWORD=$(secret)
EVENTS_PASSWORD=$(secret)
LEDGER_PASSWORD=$(secret)
REPORTS_PASSWORD=$(secret)
REDIS_PASSWORD=$(secret)
CONSOLE_SESSION_SECRET=$(secret)
REWARDBOOK_KEY_WRITE=rb_$(secret)
REWARDBOOK_KEY_OPERATE=rb_$(secret)
REWARDBOOK_KEY_APPROVE=rb_$(secret)
REWARDBOOK_KEY_READ=rb_$(secret)
REWARDBOOK_KEY_PAYMENTS=rb_$(secret)
REWARDBOOK_KEY_ADMIN=rb_$(secret)
REWARDBOOK_URL_EVENTS=http://127.0.0.1:4101
REWARDBOOK_URL_LEDGER=http://127.0.0.1:4102
REWARDBOOK_URL_REPORTS=http://127.0.0.1:4103
END
