import postgres from 'postgres';
import { DatabaseUnfit } from './errors.ts';

/** Owns the schema and nothing else. What runs as it can change the books, and nothing beyond this schema. */
export const OWNER_ROLE = 'rewardbook_owner';

/** The group role of each service: its logins are members. `packages/db/privileges.sql` says what each may do. */
export const SERVICE_ROLES = {
  events: 'rewardbook_events',
  ledger: 'rewardbook_ledger',
  reports: 'rewardbook_reports',
} as const;
export type ServiceName = keyof typeof SERVICE_ROLES;

/** One at a time in a database, until the transaction ends. */
export const MIGRATION_LOCK = `SELECT pg_advisory_xact_lock(hashtext('rewardbook.migrate'));`;

const INSUFFICIENT_PRIVILEGE = '42501';
const ALL_ROLES = [OWNER_ROLE, ...Object.values(SERVICE_ROLES)];
const MADE_BEFOREHAND =
  'Let it, or have an administrator make the roles once: see "Roles made beforehand" in packages/db/OPERATING.md.';

/**
 * Makes the roles that are missing, and lets the migrating role act as the owner of the schema. Roles belong to the whole server: other
 * databases may have made them.
 *
 * @param sql connection of the migrating role
 * @throws DatabaseUnfit where it may not make them, or a role of that name can do more than it should
 */
export async function prepareRoles(sql: postgres.Sql): Promise<void> {
  try {
    await sql.unsafe(`${MIGRATION_LOCK} DO $$
      DECLARE
        missing text;
      BEGIN
        FOREACH missing IN ARRAY '{${ALL_ROLES.join(',')}}'::text[] LOOP
          IF to_regrole(missing) IS NULL THEN
            BEGIN
              EXECUTE format('CREATE ROLE %I NOLOGIN', missing);
            EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL;  -- made for another database at the same time
            END;
          END IF;
        END LOOP;
        IF NOT pg_has_role('${OWNER_ROLE}', 'USAGE') THEN
          GRANT ${OWNER_ROLE} TO CURRENT_USER;
        END IF;
        ALTER DEFAULT PRIVILEGES FOR ROLE ${OWNER_ROLE} REVOKE ALL ON ROUTINES FROM PUBLIC;
      END $$`);
  } catch (error) {
    if (!isDenied(error)) {
      throw error;
    }
    throw new DatabaseUnfit(
      `The role that migrates may not make the roles ${ALL_ROLES.join(', ')}, or act as ${OWNER_ROLE}. ${MADE_BEFOREHAND}`,
      { cause: error },
    );
  }
  const powerful = await sql<{ name: string }[]>`
    SELECT rolname AS name FROM pg_roles r WHERE rolname IN ${sql(ALL_ROLES)} AND (
      rolsuper OR rolcanlogin OR rolcreaterole OR rolcreatedb OR rolreplication OR rolbypassrls
      OR EXISTS (SELECT 1 FROM pg_auth_members m WHERE m.member = r.oid)) ORDER BY rolname`;
  if (powerful.length > 0) {
    const names = powerful.map(({ name }) => name).join(', ');
    throw new DatabaseUnfit(
      `What runs for the services must be able to do nothing else, but these roles can log in, have attributes or are members of other roles: ${names}. Take that from them (ALTER ROLE … NOLOGIN NOSUPERUSER …, REVOKE …).`,
    );
  }
}

/**
 * Only the schema's owner may make temporary tables in a database, so that no caller can shadow a table that the
 * owner's functions use. These rights are not copied with a database, nor restored into another.
 *
 * @throws DatabaseUnfit if the migrating role does not own the database and this is not yet the case
 */
export async function restrictTemporaryTables(sql: postgres.Sql, database: string): Promise<void> {
  const isRestricted = async (): Promise<boolean> => {
    const [row] = await sql<{ open: boolean }[]>`
      SELECT bool_or(has_database_privilege(rolname, ${database}, 'TEMPORARY, CREATE'))
          OR NOT has_database_privilege(${OWNER_ROLE}, ${database}, 'TEMPORARY') AS open
      FROM pg_roles WHERE rolname IN ${sql(Object.values(SERVICE_ROLES))}`;
    return row?.open === false;
  };
  if (await isRestricted()) {
    return;
  }
  const [statement] = await sql<{ text: string }[]>`
    SELECT format('REVOKE TEMPORARY, CREATE ON DATABASE %1$I FROM PUBLIC; GRANT TEMPORARY ON DATABASE %1$I TO %2$I',
                  ${database}::text, ${OWNER_ROLE}::text) AS text`;
  await sql.unsafe(`${MIGRATION_LOCK} ${statement?.text}`).catch((error: unknown) => {
    if (!isDenied(error)) {
      throw error;
    }
  });
  if (await isRestricted()) {
    return;
  }
  throw new DatabaseUnfit(
    `The services could make temporary tables in the database ${database}, and the role that migrates may not take that right from them. Let its owner run: ${statement?.text}`,
  );
}

function isDenied(error: unknown): boolean {
  return error instanceof postgres.PostgresError && error.code === INSUFFICIENT_PRIVILEGE;
}
