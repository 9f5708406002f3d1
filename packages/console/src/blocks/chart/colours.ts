const NAMES = [
  'ink',
  'ink-soft',
  'line',
  'surface',
  'raised',
  'bad',
  'chart-1',
  'chart-2',
  'chart-3',
  'chart-4',
  'chart-5',
] as const;

/** The page's colours, resolved for the theme that is shown. */
export type ChartColours = Readonly<Record<(typeof NAMES)[number], string>> & { readonly font: string };

/** A custom property holds both themes' colours; only an element that uses it says which one is shown. */
export function readColours(element: HTMLElement): ChartColours {
  const probe = document.createElement('span');
  probe.hidden = true;
  element.append(probe);
  const resolved = NAMES.map((name) => {
    probe.style.color = `var(--${name})`;
    return [name, getComputedStyle(probe).color] as const;
  });
  probe.remove();
  // Its quotes would end the attribute of a saved drawing.
  const font = getComputedStyle(element).fontFamily.replaceAll('"', "'");
  return { ...(Object.fromEntries(resolved) as Record<(typeof NAMES)[number], string>), font };
}
