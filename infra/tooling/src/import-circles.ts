import { posix } from 'node:path';
import type { Violation } from './violation.ts';

/** Which files a file imports, types included; all relative to the root. */
export type Imports = ReadonlyMap<string, readonly string[]>;

/** Every circle of files and every circle of folders, one violation each. */
export function findCircles(imports: Imports): Violation[] {
  return [
    ...circles(imports).map((circle) => describeCircle('no-circles', circle)),
    ...circles(foldersOf(imports)).map((circle) => describeCircle('no-folder-circles', circle)),
  ];
}

function describeCircle(rule: string, circle: readonly string[]): Violation {
  const [file = '', ...others] = circle.toSorted();
  return { rule, file, detail: `imports, and is imported by, ${others.join(', ')}; a type lives with its reader` };
}

function foldersOf(imports: Imports): Imports {
  const folders = new Map<string, string[]>();
  for (const [file, targets] of imports) {
    const folder = posix.dirname(file);
    const known = folders.get(folder) ?? [];
    known.push(...targets.map((target) => posix.dirname(target)).filter((target) => target !== folder));
    folders.set(folder, known);
  }
  return folders;
}

/**
 * The strongly connected components that have more than one member.
 *
 * Source: Tarjan, Depth-first search and linear graph algorithms, SIAM J. Comput. 1 (1972).
 */
function circles(graph: Imports): string[][] {
  const order = new Map<string, number>();
  const open: string[] = [];
  const found: string[][] = [];
  const visit = (name: string): number => {
    const number = order.size;
    order.set(name, number);
    open.push(name);
    let low = number;
    for (const target of graph.get(name) ?? []) {
      if (!order.has(target)) {
        low = Math.min(low, visit(target));
      } else if (open.includes(target)) {
        low = Math.min(low, order.get(target) ?? low);
      }
    }
    if (low === number) {
      const component = open.splice(open.indexOf(name));
      if (component.length > 1) {
        found.push(component);
      }
    }
    return low;
  };
  for (const name of graph.keys()) {
    if (!order.has(name)) {
      visit(name);
    }
  }
  return found;
}
