/** What is wrong with a root or total as a person typed it; an empty one is left out. */
export function publishedFaults(root: string, total: string): { readonly root?: string; readonly total?: string } {
  return {
    ...(root === '' || /^[0-9a-f]{64}$/.test(root) ? {} : { root: 'A root is 64 characters of 0-9 and a-f' }),
    ...(total === '' || /^\d+(?:\.\d+)?$/.test(total)
      ? {}
      : { total: 'Write the total as published, without commas: 2179275000.02' }),
  };
}
