import { pageOf } from '@rewardbook/contracts/values/cursor';
import type { z } from 'zod';
import type { Call, Client } from './client.ts';
import { queryOf } from './client.ts';

const PAGE_SIZE = 1000;

/** The items of a list, over all its pages. */
export async function* eachItem<Item extends z.ZodType>(
  client: Client,
  call: Call,
  item: Item,
  query: Readonly<Record<string, string | undefined>> = {},
): AsyncGenerator<z.output<Item>> {
  const schema = pageOf(item);
  let cursor: string | undefined;
  do {
    const page = await client.json(
      { ...call, path: call.path + queryOf({ ...query, limit: PAGE_SIZE, cursor }) },
      schema,
    );
    yield* page.items;
    cursor = page.nextCursor ?? undefined;
  } while (cursor !== undefined);
}

/** All items of a list in one array, for lists that people read. */
export async function allItems<Item extends z.ZodType>(
  client: Client,
  call: Call,
  item: Item,
  query: Readonly<Record<string, string | undefined>> = {},
): Promise<z.output<Item>[]> {
  const items: z.output<Item>[] = [];
  for await (const one of eachItem(client, call, item, query)) {
    items.push(one);
  }
  return items;
}
