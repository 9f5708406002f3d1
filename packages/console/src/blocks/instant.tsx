import { readableTime } from '../format/time.ts';

export interface InstantProps {
  /** RFC 3339 */
  readonly at: string;
  /** The program's; without one, UTC. */
  readonly timeZone?: string;
  /** UTC next to the zone's time; otherwise it is the title. */
  readonly showsUtc?: boolean;
}

/** An instant, in the program's time zone and in UTC. */
export function Instant({ at, timeZone = 'UTC', showsUtc = false }: InstantProps) {
  const local = readableTime(at, timeZone);
  const utc = readableTime(at, 'UTC');
  const inUtc = `${utc.date}, ${utc.time} UTC`;
  return (
    <time dateTime={at} title={inUtc}>
      {local.date}, {local.time} <span className="quiet">{local.zone}</span>
      {showsUtc && timeZone !== 'UTC' ? <span className="quiet small"> ({inUtc})</span> : null}
    </time>
  );
}
