import { expect, it } from 'vitest';
import { chooseServerUser } from './server-user.ts';

const PASSWD = 'root:x:0:0:root:/root:/bin/sh\nnobody:x:65534:65533:nobody:/:/bin/false\n';

it('lets an ordinary user run the server as itself', () => {
  expect(chooseServerUser(1000, PASSWD)).toBeUndefined();
  expect(chooseServerUser(undefined, '')).toBeUndefined();
});

it('lets root run it as postgres, or as nobody', () => {
  expect(chooseServerUser(0, `${PASSWD}postgres:x:70:71::/:/bin/sh\n`)).toEqual({ name: 'postgres', uid: 70, gid: 71 });
  expect(chooseServerUser(0, PASSWD)).toEqual({ name: 'nobody', uid: 65534, gid: 65533 });
});

it('refuses root when there is neither', () => {
  expect(() => chooseServerUser(0, 'root:x:0:0:root:/root:/bin/sh\n')).toThrow(/ordinary user/);
});
