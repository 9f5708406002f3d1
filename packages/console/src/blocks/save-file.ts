/** Saves something that the page made, as a download. */
export function saveFile(blob: Blob, name: string): void {
  const address = URL.createObjectURL(blob);
  const link = document.createElement('a');
  link.href = address;
  link.download = name;
  link.click();
  // The download has begun once the browser had a turn.
  setTimeout(() => URL.revokeObjectURL(address), 0);
}
