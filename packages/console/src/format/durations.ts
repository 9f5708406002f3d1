/** "0.4 s", "12 s", "3 min" */
export function durationText(milliseconds: number): string {
  if (milliseconds < 10_000) {
    return `${(milliseconds / 1000).toFixed(1)} s`;
  }
  const seconds = Math.round(milliseconds / 1000);
  return seconds < 120 ? `${seconds} s` : `${Math.round(seconds / 60)} min`;
}
