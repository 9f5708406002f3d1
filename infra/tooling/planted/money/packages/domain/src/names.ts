type Column = 'handle' | 'country';

export function written(names: readonly string[], column: Column, counts: { [name: string]: number }): object {
  const row: Record<string, unknown> = {};
  for (const [index, name] of names.entries()) {
    row[name] = index;
    counts[name] = (counts[name] ?? 0) + 1;
    counts[name]++;
    delete row[name];
    Reflect.set(row, name, index);
    row[column] = name;
    row['handle'] = name;
  }
  Object.defineProperty(row, 'seen', { value: true });
  const list: string[] = [];
  if (!counts[names[0] ?? '']) list.push('none');
  list[names.length] = row[names[0] ?? ''] === undefined ? '' : 'x';
  return Object.assign(row, counts);
}
