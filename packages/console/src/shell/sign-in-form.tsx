import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { ApiProblem, describeError } from '../api/problems.ts';
import { Button } from '../blocks/button.tsx';
import { Field } from '../blocks/field.tsx';
import { Form } from '../blocks/form.tsx';
import { signIn } from '../session/session.ts';

/** An API key, sent once and kept by nobody in the page. */
export function SignInForm() {
  const [key, setKey] = useState('');
  const attempt = useMutation({ mutationFn: (text: string) => signIn({ key: text }), onSuccess: () => setKey('') });
  const [isEmpty, setIsEmpty] = useState(false);
  const fault = isEmpty
    ? 'Give your API key'
    : attempt.error === null
      ? undefined
      : attempt.error instanceof ApiProblem && attempt.error.status === 401
        ? 'This key is not accepted: it may be mistyped, expired or revoked'
        : describeError(attempt.error);
  return (
    <Form
      onSubmit={() => {
        setIsEmpty(key.trim() === '');
        if (key.trim() !== '') {
          attempt.mutate(key.trim());
        }
      }}
    >
      <Field
        label="API key"
        hint="It stays with the console’s server for this session; the page does not keep it."
        type="password"
        autoComplete="current-password"
        value={key}
        onChange={setKey}
        error={fault}
        isRequired
      />
      <div>
        <Button type="submit" kind="primary" isBusy={attempt.isPending}>
          {attempt.isPending ? 'Signing in …' : 'Sign in'}
        </Button>
      </div>
    </Form>
  );
}
