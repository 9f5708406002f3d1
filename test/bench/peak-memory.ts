import { readFile, writeFile } from 'node:fs/promises';

/** Has the kernel forget a process's peak, so that the next one read is of what comes now. Linux only. */
export async function forgetPeak(pid: number): Promise<void> {
  await writeFile(`/proc/${pid}/clear_refs`, '5');
}

/** Resident memory of a process at its peak, MiB. Linux only. */
export async function peakMib(pid: number): Promise<number> {
  const peak = /^VmHWM:\s+(\d+) kB$/m.exec(await readFile(`/proc/${pid}/status`, 'utf8'))?.[1];
  return Number(peak) / 1024;
}
