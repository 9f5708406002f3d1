/**
 * Waits for work, but not for longer than this: a call to a server that is gone may never settle. The work itself goes on; what it comes to
 * then is ignored.
 *
 * @param late makes the error that is thrown then
 */
export async function withTimeout<Value>(timeoutMs: number, work: Promise<Value>, late: () => Error): Promise<Value> {
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(late()), timeoutMs);
  });
  try {
    return await Promise.race([work, timeout]);
  } finally {
    clearTimeout(timer);
    work.catch(() => undefined);
  }
}
