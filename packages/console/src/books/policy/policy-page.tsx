import type { PolicyVersionOut, ProgramOut } from '@rewardbook/contracts/api/programs';
import { useQuery } from '@tanstack/react-query';
import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import { Badge } from '../../blocks/badge.tsx';
import { Choice } from '../../blocks/field.tsx';
import { Instant } from '../../blocks/instant.tsx';
import { Hash } from '../../blocks/name.tsx';
import { Reading } from '../../blocks/notice.tsx';
import { Section } from '../../blocks/section.tsx';
import type { TableColumn } from '../../blocks/table/column.ts';
import { DataTable } from '../../blocks/table/data-table.tsx';
import { Page } from '../../shell/page.tsx';
import { programStep } from '../program-trail.tsx';
import { useProgram } from '../use-program.ts';
import { ApplyVersion } from './apply-version.tsx';
import { PolicyChanges } from './policy-changes.tsx';
import { ProvisionsTable } from './provisions-table.tsx';
import { policyVersionQuery, policyVersionsQuery } from './queries.ts';

/** The versions of a program's policy: what each says, what two of them differ in, and a new one. */
export function PolicyPage() {
  const program = useProgram();
  const versions = useQuery(policyVersionsQuery(program.program));
  return (
    <Page
      trail={[programStep(program)]}
      title="Policy"
      lead="A version never changes, and holds from its first period to that of the next one."
    >
      <Reading of={versions} what="the versions" />
      {versions.data === undefined ? null : <Versions program={program} versions={versions.data.items} />}
    </Page>
  );
}

interface VersionsProps {
  readonly program: ProgramOut;
  readonly versions: readonly PolicyVersionOut[];
}

function Versions({ program, versions }: VersionsProps) {
  return (
    <>
      <Section title="Versions">
        <DataTable
          caption={`Policy versions of ${program.name}`}
          columns={columnsOf(program)}
          rows={versions}
          rowKey={({ version }) => String(version)}
          empty="There is no version."
        />
      </Section>
      <Comparison program={program} versions={versions} />
      <ApplyVersion program={program} versions={versions} />
    </>
  );
}

function columnsOf({ program, timeZone, policyVersion }: ProgramOut): TableColumn<PolicyVersionOut>[] {
  return [
    {
      id: 'version',
      header: 'Version',
      isRowHeader: true,
      cell: ({ version }) => (
        <>
          <Link to="/books/$program/policy" params={{ program }} search={{ new: String(version) }}>
            Version {version}
          </Link>{' '}
          {version === policyVersion ? <Badge tone="info">newest</Badge> : null}
        </>
      ),
    },
    { id: 'from', header: 'Holds from', cell: ({ validFrom }) => validFrom ?? 'the beginning' },
    { id: 'made', header: 'Applied', cell: ({ createdAt }) => <Instant at={createdAt} timeZone={timeZone} /> },
    { id: 'hash', header: 'Policy (SHA-256)', width: 1.6, cell: ({ policyHash }) => <Hash>{policyHash}</Hash> },
  ];
}

/** One version whole, or every provision of two, old → new. */
function Comparison({ program, versions }: VersionsProps) {
  const search = useSearch({ from: '/books/$program/policy' });
  const navigate = useNavigate({ from: '/books/$program/policy' });
  const known = versions.map(({ version }) => version);
  const shown = known.find((version) => String(version) === search.new) ?? known.at(-1) ?? 1;
  const base = known.find((version) => String(version) === search.old);
  const after = useQuery(policyVersionQuery(program.program, shown));
  const before = useQuery({ ...policyVersionQuery(program.program, base ?? shown), enabled: base !== undefined });
  const options = known.map((version) => ({ value: String(version), text: `Version ${version}` }));
  return (
    <Section title={base === undefined ? `What version ${shown} says` : `Version ${base} → version ${shown}`}>
      <div className="filters">
        <Choice
          label="Compare"
          value={search.old ?? ''}
          options={[{ value: '', text: 'Nothing: show one version' }, ...options]}
          onChange={(old) => void navigate({ search: (all) => ({ ...all, old }) })}
        />
        <Choice
          label={base === undefined ? 'Version' : 'With'}
          value={String(shown)}
          options={options}
          onChange={(chosen) => void navigate({ search: (all) => ({ ...all, new: chosen }) })}
        />
        {base === undefined ? null : (
          <Choice
            label="Provisions"
            value={search.all ?? ''}
            options={[
              { value: '', text: 'That differ' },
              { value: 'yes', text: 'All' },
            ]}
            onChange={(all) => void navigate({ search: (now) => ({ ...now, all: all === 'yes' ? 'yes' : undefined }) })}
          />
        )}
      </div>
      <Reading of={after} what={`version ${shown}`} />
      {base === undefined || before.data !== undefined ? null : <Reading of={before} what={`version ${base}`} />}
      {after.data === undefined ? null : base === undefined ? (
        <ProvisionsTable caption={`Provisions of version ${shown}`} policy={after.data.policy} />
      ) : before.data === undefined ? null : (
        <PolicyChanges
          before={`Version ${base}`}
          after={`Version ${shown}`}
          policies={[before.data.policy, after.data.policy]}
          showsAll={search.all === 'yes'}
        />
      )}
    </Section>
  );
}
