import { PAGE_FAULTS, type PageFault, type RunSettings } from './worker/run-record.ts';

/** What is typed into a form. */
export const EMPTY_RUN = {
  source: 'file',
  pack: '',
  events: '',
  seed: '',
  order: 'as-in-file',
  repeat: '1',
  pace: 'unpaced',
  rate: '',
  speed: '',
  drop: '',
  late: '',
  faults: '',
  faultChance: '0.1',
};

export type RunField = keyof typeof EMPTY_RUN;
export type RunFaults = Readonly<Partial<Record<RunField, string>>>;

/** What was typed as options of a run, or what is wrong with it. */
export function readRunForm(
  typed: Readonly<Record<RunField, string>>,
  seed: string,
): { readonly options: RunSettings; readonly events: number | null } | { readonly faults: RunFaults } {
  const faults: Partial<Record<RunField, string>> = {};
  const whole = (field: RunField, most: number): number | null => {
    const value = Number(typed[field]);
    if (!/^\d+$/.test(typed[field]) || value < 1 || value > most) {
      faults[field] = `Give a whole number from 1 to ${most}`;
      return null;
    }
    return value;
  };
  const part = (field: RunField): number => {
    const text = typed[field].trim();
    const value = Number(text === '' ? '0' : text);
    if (!/^(\d+(\.\d+)?)?$/.test(text) || value > 1) {
      faults[field] = 'Give a share from 0 to 1, as 0.05';
    }
    return value;
  };
  const factor = (): number | null => {
    const value = Number(typed.speed);
    if (!/^\d+(\.\d+)?$/.test(typed.speed) || !(value > 0)) {
      faults.speed = 'Give a number above 0: 1 is real time, 60 a minute a second';
      return null;
    }
    return value;
  };
  const options: RunSettings = {
    seed,
    shuffle: typed.order === 'shuffled',
    repeat: whole('repeat', 1000) ?? 1,
    perSecond: typed.pace === 'rate' ? whole('rate', 1_000_000) : null,
    speed: typed.pace === 'speed' ? factor() : null,
    drop: part('drop'),
    late: part('late'),
    faults: PAGE_FAULTS.filter((fault) => chosenFaults(typed.faults).includes(fault)),
    faultChance: part('faultChance'),
  };
  if (options.shuffle && options.speed !== null) {
    faults.pace = 'Shuffled events have no times to follow: choose a rate, or as fast as possible';
  }
  const events = typed.source === 'pack' && typed.events !== '' ? whole('events', 50_000_000) : null;
  return Object.keys(faults).length > 0 ? { faults } : { options, events };
}

export function chosenFaults(text: string): PageFault[] {
  return PAGE_FAULTS.filter((fault) => text.split(' ').includes(fault));
}

/** What a run does, in words: `shuffled, twice, 5% left out`. */
export function describeOptions(options: RunSettings): string {
  const { shuffle, repeat, perSecond, speed, drop, late, faults, faultChance } = options;
  const parts = [
    shuffle ? 'shuffled' : 'in order',
    repeat === 1 ? '' : `${repeat} times`,
    perSecond === null ? '' : `${perSecond} events a second`,
    speed === null ? '' : `${speed} times as fast as it happened`,
    drop === 0 ? '' : `${drop} left out`,
    late === 0 ? '' : `${late} late`,
    faults.length === 0 ? '' : `${faultChance} of the requests with ${faults.join(', ')}`,
  ];
  return parts.filter(Boolean).join(', ');
}

/** A seed to begin with: short, and not the same every time. */
export function newSeed(): string {
  return String(crypto.getRandomValues(new Uint32Array(1))[0] ?? 0);
}
