import { describe, expect, it } from 'vitest';
import { EMPTY_KEY, FOR_SOME, readKeyForm } from './key-form.ts';

const typed = { ...EMPTY_KEY, name: 'Siti', scopes: 'read approve' };

describe('the form of a new key', () => {
  it('asks for all programs without naming any', () => {
    expect(readKeyForm({ ...typed, programs: 'left-from-before' }, null).body).toEqual({
      name: 'siti',
      scopes: ['read', 'approve'],
    });
  });

  it('names the programs of one that is for some, and asks for one at least', () => {
    const forSome = { ...typed, reach: FOR_SOME };
    expect(readKeyForm({ ...forSome, programs: 'one two' }, null).body?.programs).toEqual(['one', 'two']);
    expect(readKeyForm(forSome, null)).toEqual({
      faults: { name: undefined, scopes: undefined, programs: 'Choose one program or more' },
    });
  });

  it('names some of their own for whoever has a key for some', () => {
    expect(readKeyForm({ ...typed, programs: 'one' }, ['one', 'two']).body?.programs).toEqual(['one']);
    expect(readKeyForm(typed, ['one']).body).toBeUndefined();
  });

  it('says what is missing at each field', () => {
    const { body, faults } = readKeyForm({ ...EMPTY_KEY, scopes: '' }, null);
    expect(body).toBeUndefined();
    expect(Object.keys(faults).filter((field) => faults[field as keyof typeof faults] !== undefined)).toEqual([
      'name',
      'scopes',
    ]);
  });
});
