import { useEffect, useRef } from 'react';

export interface ProgressProps {
  readonly label: string;
  readonly done: number;
  readonly of: number;
}

/** How far something is, as a bar and in figures. */
export function Progress({ label, done, of }: ProgressProps) {
  const bar = useRef<HTMLDivElement>(null);
  const percent = of === 0 ? 0 : Math.floor((100 * done) / of);
  useEffect(() => {
    bar.current?.style.setProperty('inline-size', `${percent}%`);
  }, [percent]);
  return (
    <div>
      <div
        className="progress"
        role="progressbar"
        aria-label={label}
        aria-valuenow={percent}
        aria-valuemin={0}
        aria-valuemax={100}
        aria-valuetext={`${done} of ${of}`}
      >
        <div className="progress-bar" ref={bar} />
      </div>
      <p className="quiet small">
        {label}: {done} of {of}
      </p>
    </div>
  );
}
