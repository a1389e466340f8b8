/** The words of the language that is shown. */

import { shown } from '../lib/kept.svelte.ts';
import { en, type Word } from './en.ts';
import { es } from './es.ts';

export type { Word } from './en.ts';

/** A word or a sentence, its gaps filled. */
export function t(word: Word, gaps: Record<string, string | number> = {}): string {
  const text: string = (shown.language === 'es' ? es : en)[word];
  return text.replace(/\{(\w+)\}/g, (gap, name: string) => String(gaps[name] ?? gap));
}

/** A word whose name is put together from what the server says; what is not known is shown as it came. */
export function said(kind: string, value: string): string {
  const word = `${kind}_${value}`;
  return word in en ? t(word as Word) : value;
}
