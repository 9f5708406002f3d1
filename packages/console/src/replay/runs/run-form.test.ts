import { describe, expect, it } from 'vitest';
import { describeOptions, EMPTY_RUN, readRunForm } from './run-form.ts';

describe('the form of a replay', () => {
  it('is an ordinary replay where nothing is typed', () => {
    expect(readRunForm(EMPTY_RUN, '7')).toEqual({
      options: {
        ...{
          seed: '7',
          shuffle: false,
          repeat: 1,
          perSecond: null,
          speed: null,
          drop: 0,
          late: 0,
          faults: [],
          faultChance: 0.1,
        },
      },
      events: null,
    });
  });

  it('reads what is typed, and says it in words', () => {
    const typed = {
      ...EMPTY_RUN,
      order: 'shuffled',
      repeat: '2',
      pace: 'rate',
      rate: '500',
      drop: '0.05',
      faults: 'garbage abort',
    };
    const read = readRunForm(typed, 's');
    expect(read).toMatchObject({
      options: { shuffle: true, repeat: 2, perSecond: 500, drop: 0.05, faults: ['abort', 'garbage'] },
    });
    expect('options' in read && describeOptions(read.options)).toBe(
      'shuffled, 2 times, 500 events a second, 0.05 left out, 0.1 of the requests with abort, garbage',
    );
  });

  it.each([
    [{ repeat: '0' }, 'repeat'],
    [{ drop: '1.5' }, 'drop'],
    [{ late: '-1' }, 'late'],
    [{ pace: 'rate', rate: '' }, 'rate'],
    [{ pace: 'speed', speed: '0' }, 'speed'],
    [{ pace: 'speed', speed: '60', order: 'shuffled' }, 'pace'],
    [{ source: 'pack', events: 'many' }, 'events'],
  ])('refuses %j at its field', (typed, field) => {
    expect(readRunForm({ ...EMPTY_RUN, ...typed }, '1')).toEqual({ faults: { [field]: expect.stringMatching(/./) } });
  });
});
