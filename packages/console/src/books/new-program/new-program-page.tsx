import { programSchema } from '@rewardbook/contracts/values/slug';
import type { Policy } from '@rewardbook/domain/policy/policy';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { Button } from '../../blocks/button.tsx';
import { useDraft } from '../../blocks/draft.ts';
import { Choice, Field } from '../../blocks/field.tsx';
import { Form } from '../../blocks/form.tsx';
import { Failure, Notice, Pending } from '../../blocks/notice.tsx';
import { Section } from '../../blocks/section.tsx';
import { counted } from '../../format/counts.ts';
import { PACKS } from '../../packs/packs.ts';
import { missingRight, usePerson } from '../../session/session.ts';
import { Page } from '../../shell/page.tsx';
import { PolicyText, usePolicyText } from '../policy/policy-text.tsx';
import { ProvisionsTable } from '../policy/provisions-table.tsx';
import { programsQuery } from '../queries.ts';
import { makeProgram } from './make-program.ts';
import { loadProgramPack, type ProgramPack } from './program-pack.ts';

/** `pack`: its name; empty: from the text. `slug`, `name`: in the place of those of the policy, where they are not empty. */
const EMPTY = { pack: '', text: '', slug: '', name: '' };

/** A new program, from a pack or a policy file. */
export function NewProgramPage() {
  const person = usePerson();
  const refusal = !person.can('operate')
    ? missingRight('operate', person.name)
    : person.programs === null
      ? undefined
      : `Your key is only for ${person.programs.join(', ')}: a new program is made with a key for all programs.`;
  return (
    <Page title="New program" lead="A program begins with a policy: its currency, time zone and periods never change.">
      {refusal === undefined ? <NewProgramForm /> : <Notice tone="info" title={refusal} />}
    </Page>
  );
}

function NewProgramForm() {
  const { values, set, clear } = useDraft('new-program', EMPTY);
  const queryClient = useQueryClient();
  const pack = useQuery({
    queryKey: ['pack', values.pack],
    queryFn: () => loadProgramPack(values.pack),
    enabled: values.pack !== '',
    staleTime: Number.POSITIVE_INFINITY,
  });
  const text = values.pack === '' ? values.text : (pack.data?.policy ?? '');
  const read = usePolicyText(text);
  const [lines, setLines] = useState<readonly string[]>([]);
  const make = useMutation({
    mutationFn: (made: { policy: Policy; pack: ProgramPack | undefined }) => {
      setLines([]);
      return makeProgram(made, (line) => setLines((before) => [...before, line]));
    },
    onSuccess: clear,
    onSettled: () => queryClient.invalidateQueries({ predicate: ({ queryKey }) => queryKey[0] !== 'session' }),
  });
  const choose = (name: string): void => {
    set('pack', name);
    set('slug', '');
    set('name', '');
    make.reset();
    setLines([]);
  };
  return (
    <>
      <Section title="Begin with">
        <Choice
          label="What to begin with"
          value={values.pack}
          options={[
            { value: '', text: 'A policy of your own' },
            ...PACKS.map((name) => ({ value: name, text: `Pack ${name}` })),
          ]}
          onChange={choose}
        />
        {values.pack === '' ? (
          <PolicyText text={values.text} onChange={(typed) => set('text', typed)} read={read} />
        ) : pack.data === undefined ? (
          <Pending what="the pack" />
        ) : (
          <p className="quiet">
            With {counted(pack.data.creators.split('\n').filter(Boolean).length - 1, 'creator')} and{' '}
            {counted(pack.data.revenue.length, 'revenue entry', 'revenue entries')}.
          </p>
        )}
        {pack.isError ? (
          <Failure error={pack.error} what="Could not read the pack" retry={() => void pack.refetch()} />
        ) : null}
      </Section>
      {read?.ok === true ? (
        <Names
          policy={read.value}
          slug={values.slug}
          name={values.name}
          onChange={set}
          isBusy={make.isPending}
          onMake={(policy) => make.mutate({ policy, pack: values.pack === '' ? undefined : pack.data })}
        />
      ) : null}
      <Outcome lines={lines} error={make.error} made={make.isSuccess ? make.variables.policy.program : undefined} />
    </>
  );
}

interface NamesProps {
  readonly policy: Policy;
  readonly slug: string;
  readonly name: string;
  onChange(field: 'slug' | 'name', text: string): void;
  readonly isBusy: boolean;
  onMake(policy: Policy): void;
}

/** What the program is called, and all that its policy says. */
function Names({ policy, slug, name, onChange, isBusy, onMake }: NamesProps) {
  const programs = useQuery(programsQuery);
  const [fault, setFault] = useState<string>();
  const given = { program: slug.trim() || policy.program, name: name.trim() || policy.name };
  const isTaken = programs.data?.items.some(({ program }) => program === given.program) === true;
  const submit = (): void => {
    const read = programSchema.safeParse(given.program);
    setFault(read.error?.issues[0]?.message);
    if (read.success && !isTaken) {
      onMake({ ...policy, ...given });
    }
  };
  return (
    <Section title="The program">
      <Form onSubmit={submit}>
        <Field
          label="Program"
          hint={`In addresses and files; it never changes. Left out: ${policy.program}`}
          value={slug}
          onChange={(typed) => onChange('slug', typed)}
          error={fault ?? (isTaken ? `There is a program ${given.program} already; give another name` : undefined)}
        />
        <Field
          label="Name"
          hint={`Left out: ${policy.name}`}
          value={name}
          onChange={(typed) => onChange('name', typed)}
        />
        <p>
          <strong>{given.program}</strong> pays in {policy.currency}, by the {policy.period} in {policy.timeZone}. These
          never change; everything else does with another version of the policy.
        </p>
        <div>
          <Button type="submit" kind="primary" isBusy={isBusy}>
            {isBusy ? 'Making …' : 'Make the program'}
          </Button>
        </div>
      </Form>
      <ProvisionsTable caption="All that its policy says" policy={{ ...policy, ...given }} />
    </Section>
  );
}

interface OutcomeProps {
  readonly lines: readonly string[];
  readonly error: Error | null;
  readonly made: string | undefined;
}

function Outcome({ lines, error, made }: OutcomeProps) {
  return (
    <>
      {lines.length === 0 ? null : (
        <ul aria-label="What is done" aria-live="polite">
          {lines.map((line) => (
            <li key={line}>{line}</li>
          ))}
        </ul>
      )}
      {error === null ? null : (
        <Failure error={error} what="It was not made whole: what is listed above is done, and is not done again" />
      )}
      {made === undefined ? null : (
        <Notice tone="good" title="The program is made">
          <Link to="/books/$program" params={{ program: made }}>
            Open {made}
          </Link>
        </Notice>
      )}
    </>
  );
}
