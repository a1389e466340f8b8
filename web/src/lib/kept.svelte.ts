/** What this browser remembers: how it shows things, and texts that were not sent yet. */

export type Language = 'en' | 'es';
export type Theme = 'auto' | 'light' | 'dark';
export type Grid = 'decimal' | 'dms' | 'mgrs';

interface Shown {
  language: Language;
  theme: Theme;
  grid: Grid;
  /** Whether single keys do something. */
  keys: boolean;
}

/** Reads what was kept; a full or forbidden storage is no reason to stop. */
export function recalled<T>(name: string, otherwise: T): T {
  try {
    const text = localStorage.getItem(`cathartes.${name}`);
    return text === null ? otherwise : (JSON.parse(text) as T);
  } catch {
    return otherwise;
  }
}

/** Keeps a value, or forgets it when it is undefined; says whether it is kept. */
export function keep(name: string, value: unknown): boolean {
  try {
    if (value === undefined) localStorage.removeItem(`cathartes.${name}`);
    else localStorage.setItem(`cathartes.${name}`, JSON.stringify(value));
    return true;
  } catch {
    return false;
  }
}

const usual: Shown = {
  language: navigator.language.startsWith('es') ? 'es' : 'en',
  theme: 'auto',
  grid: 'decimal',
  keys: true,
};

export const shown = $state<Shown>({ ...usual, ...recalled<Partial<Shown>>('shown', {}) });

export function show(change: Partial<Shown>): void {
  Object.assign(shown, change);
  keep('shown', $state.snapshot(shown));
}

/** Puts language and theme where the style sheet and a screen reader look for them. */
export function dress(): void {
  document.documentElement.lang = shown.language;
  if (shown.theme === 'auto') delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = shown.theme;
}

export function dark(): boolean {
  if (shown.theme !== 'auto') return shown.theme === 'dark';
  return matchMedia('(prefers-color-scheme: dark)').matches;
}
