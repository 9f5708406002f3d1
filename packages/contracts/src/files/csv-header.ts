/** Whether a record is the header again, as in the middle of concatenated files; then it is left out. */
export function isHeaderAgain(fields: readonly string[], header: readonly string[]): boolean {
  return (
    fields.length === header.length &&
    fields.every((field, index) => (index === 0 ? field.replace(/^\ufeff/, '') : field) === header[index])
  );
}
