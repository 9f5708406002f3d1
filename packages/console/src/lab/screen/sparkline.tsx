import { toPlot } from '../../format/plot.ts';

const WIDTH = 96;
const HEIGHT = 24;

/** A few values as a line in a line of text; they stand in its name, too. */
export function Sparkline({
  values,
  names,
}: {
  readonly values: readonly string[];
  readonly names: readonly string[];
}) {
  const places = values.map(toPlot);
  const [least, most] = [Math.min(0, ...places), Math.max(1, ...places)];
  const points = places.map((value, index) => {
    const x = places.length === 1 ? WIDTH / 2 : 2 + (index * (WIDTH - 4)) / (places.length - 1);
    return `${x.toFixed(1)},${(HEIGHT - 3 - ((value - least) / (most - least)) * (HEIGHT - 6)).toFixed(1)}`;
  });
  const [lastX, lastY] = points.at(-1)?.split(',') ?? ['0', '0'];
  return (
    <svg
      className="sparkline"
      width={WIDTH}
      height={HEIGHT}
      viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
      role="img"
      aria-label={values.map((value, index) => `${names[index] ?? ''}: ${value}`).join(', ')}
    >
      <polyline points={points.join(' ')} fill="none" stroke="currentColor" strokeWidth="1.5" />
      <circle cx={lastX} cy={lastY} r="2.5" fill="currentColor" />
    </svg>
  );
}
