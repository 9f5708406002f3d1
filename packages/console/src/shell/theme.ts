import { createStore } from '../api/store.ts';

export type Theme = 'system' | 'light' | 'dark';

const PLACE = 'theme';

export const theme = createStore<Theme>(storedTheme());

/** Shows the chosen theme. `system` follows what the person's system asks for. */
export function applyTheme(): void {
  const chosen = theme.get();
  if (chosen === 'system') {
    delete document.documentElement.dataset.theme;
  } else {
    document.documentElement.dataset.theme = chosen;
  }
}

export function chooseTheme(chosen: Theme): void {
  localStorage.setItem(PLACE, chosen);
  theme.set(chosen);
  applyTheme();
}

function storedTheme(): Theme {
  const stored = localStorage.getItem(PLACE);
  return stored === 'light' || stored === 'dark' ? stored : 'system';
}
