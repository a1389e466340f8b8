/** Numbers and times as people read them, in the language that is shown. */

import { shown } from './kept.svelte.ts';

/** Three significant figures; what rounds to nothing has no sign. */
export function figures(value: number): string {
  const small = Math.abs(value) < 1e-9 ? 0 : value;
  return new Intl.NumberFormat(shown.language, { maximumSignificantDigits: 3 }).format(small);
}

export function whole(value: number): string {
  return new Intl.NumberFormat(shown.language).format(value);
}

export function percent(probability: number): string {
  const share = new Intl.NumberFormat(shown.language, { style: 'percent', maximumFractionDigits: 0 });
  // Nothing measured is certain.
  if (probability > 0.99 && probability < 1) return `> ${share.format(0.99)}`;
  if (probability > 0 && probability < 0.01) return `< ${share.format(0.01)}`;
  return share.format(probability);
}

/** A moment in UTC, to the minute. */
export function moment(at: string | null | undefined): string {
  if (!at) return '–';
  const when = new Date(at);
  return Number.isNaN(when.getTime()) ? at : `${when.toISOString().slice(0, 16).replace('T', ' ')} UTC`;
}

const SPANS: [Intl.RelativeTimeFormatUnit, number][] = [
  ['day', 86_400],
  ['hour', 3_600],
  ['minute', 60],
];

/** How long ago, in the largest unit that is full. */
export function ago(at: string, now = Date.now()): string {
  const seconds = (now - new Date(at).getTime()) / 1000;
  const words = new Intl.RelativeTimeFormat(shown.language, { numeric: 'auto' });
  const [unit, length] = SPANS.find(([, length]) => Math.abs(seconds) >= length) ?? ['minute', 60];
  return words.format(-Math.round(seconds / length), unit);
}

/** A length of time in words. */
export function span(seconds: number): string {
  const [unit, length] = SPANS.find(([, length]) => seconds >= length) ?? ['second' as const, 1];
  return new Intl.NumberFormat(shown.language, { style: 'unit', unit, unitDisplay: 'long', maximumFractionDigits: 1 }).format(
    seconds / length,
  );
}
