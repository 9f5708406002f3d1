import { expect, it } from 'vitest';
import { dataFolder } from './data-folder.ts';

it.each([
  ['--data', '/given', { REWARDBOOK_DATA: '/other' }, 0, '/given'],
  ['then $REWARDBOOK_DATA', undefined, { REWARDBOOK_DATA: '/other' }, 0, '/other'],
  ['then /var/lib for root', undefined, { HOME: '/root' }, 0, '/var/lib/rewardbook'],
  ['$XDG_DATA_HOME for others', undefined, { HOME: '/home/a', XDG_DATA_HOME: '/xdg' }, 1000, '/xdg/rewardbook'],
  [
    'unless it is relative',
    undefined,
    { HOME: '/home/a', XDG_DATA_HOME: 'xdg' },
    1000,
    '/home/a/.local/share/rewardbook',
  ],
  ['and their home without it', undefined, { HOME: '/home/a' }, 1000, '/home/a/.local/share/rewardbook'],
  ['where the system has no users, too', undefined, { HOME: '/home/a' }, undefined, '/home/a/.local/share/rewardbook'],
])('the data folder is that of %s', (_, given, env, uid, expected) => {
  // undefined would mean "ask the system"
  expect(dataFolder(given, env, uid ?? -1)).toBe(expected);
});
