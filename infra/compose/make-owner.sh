#!/bin/sh
# Run once by the image of Postgres, as its superuser, when the data folder is new: makes the database and its owner. The owner may make
# the services' roles and is not a superuser: whoever has its password controls this database, but not the server.
set -eu
psql --no-psqlrc --set ON_ERROR_STOP=1 --username "$POSTGRES_USER" --dbname postgres <<'SQL'
\getenv password OWNER_PASSWORD
CREATE ROLE owner LOGIN CREATEROLE NOSUPERUSER NOCREATEDB PASSWORD :'password';
CREATE DATABASE rewardbook OWNER owner;
SQL
