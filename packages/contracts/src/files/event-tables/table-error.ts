/** Why a file cannot be read as a table of events. The message says where and what to do. */
export class TableError extends Error {
  override readonly name = 'TableError';
  /** Whether it is about which column holds what: then other columns can be given. */
  readonly isAboutColumns: boolean;

  constructor(message: string, { isAboutColumns = false, cause }: { isAboutColumns?: boolean; cause?: unknown } = {}) {
    super(message, { cause });
    this.isAboutColumns = isAboutColumns;
  }
}
