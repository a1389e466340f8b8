/**
 * Marks what makes an assessment less than clear.
 *
 * ICD 203 asks that likelihood is said in one of seven terms, that confidence in a judgement is said apart from it, and that
 * what a judgement rests on is named. A mark is advice: nothing is refused because of it.
 */

import type { Language } from '../lib/kept.svelte.ts';
import type { Likelihood } from '../lib/types.ts';
import { TERMS, type Terms } from './terms.ts';

export type Rule = 'vague' | 'term' | 'mixed' | 'unsourced' | 'noTerm' | 'unlike' | 'uncited' | 'unknown';

export interface Mark {
  rule: Rule;
  /** What is marked, from and up to these places in the text; nothing for the whole. */
  what: string;
  from: number;
  to: number;
}

export interface Draft {
  text: string;
  language: Language;
  likelihood: Likelihood;
  /** How many sources are ticked: they are cited as [1] to [n]. */
  sources: number;
}

interface Found {
  what: string;
  from: number;
  to: number;
}

interface Term extends Found {
  likelihood: Likelihood;
}

/** Words as they stand alone: letters and digits of any script make a word. */
function alone(words: string[]): RegExp {
  const longest = [...words].sort((a, b) => b.length - a.length).map((word) => word.replace(/ /g, '\\s+'));
  return new RegExp(`(?<![\\p{L}\\p{N}])(?:${longest.join('|')})(?![\\p{L}\\p{N}])`, 'giu');
}

function all(text: string, words: string[]): Found[] {
  return [...text.matchAll(alone(words))].map((hit) => ({ what: hit[0], from: hit.index, to: hit.index + hit[0].length }));
}

/** The likelihood terms of a text; the longer of two that lie over each other, so that "very unlikely" is not "unlikely". */
export function terms(text: string, { likelihood }: Terms): Term[] {
  const meaning = new Map(likelihood.flatMap(([term, ways]) => ways.map((way) => [way, term] as const)));
  return all(text, [...meaning.keys()]).flatMap((found) => {
    const term = meaning.get(found.what.toLowerCase().replace(/\s+/g, ' '));
    return term ? [{ ...found, likelihood: term }] : [];
  });
}

/** Sentences with their places; a point in a number ends none. */
export function sentences(text: string): Found[] {
  return [...text.matchAll(/[^.!?\n]+(?:[.!?](?=\S)[^.!?\n]*)*[.!?]?(?:\s*\[\d+\])*/g)]
    .map((hit) => ({ what: hit[0], from: hit.index, to: hit.index + hit[0].length }))
    .filter((sentence) => /\p{L}/u.test(sentence.what));
}

function cited(text: string): Found[] {
  return [...text.matchAll(/\[(\d+)\]/g)].map((hit) => ({ what: hit[1] ?? '', from: hit.index, to: hit.index + hit[0].length }));
}

function mark(rule: Rule, found: Found): Mark {
  return { rule, ...found };
}

/** Every mark, in the order of the text; those of the whole come last. */
export function lint({ text, language, likelihood, sources }: Draft): Mark[] {
  const words = TERMS[language];
  if (text.trim() === '') return [];
  const found = terms(text, words);
  const inside = (one: Found): boolean => found.some((term) => one.from >= term.from && one.to <= term.to);
  const marks: Mark[] = [
    ...all(text, words.vague).map((one) => mark('vague', one)),
    ...all(text, words.unlike).filter((one) => !inside(one)).map((one) => mark('term', one)),
    ...bySentence(text, found, words),
    ...cited(text).filter(({ what }) => Number(what) < 1 || Number(what) > sources).map((one) => mark('unknown', one)),
  ];
  marks.sort((a, b) => a.from - b.from || a.to - b.to);
  return [...marks, ...ofTheWhole(text, found, likelihood, sources)];
}

function bySentence(text: string, found: Term[], { confidence }: Terms): Mark[] {
  return sentences(text).flatMap((sentence) => {
    const judged = found.some((term) => term.from >= sentence.from && term.to <= sentence.to);
    if (!judged) return [];
    const mixed = confidence.test(sentence.what) ? [mark('mixed', sentence)] : [];
    const bare = cited(sentence.what).length === 0 ? [mark('unsourced', sentence)] : [];
    return [...mixed, ...bare];
  });
}

function ofTheWhole(text: string, found: Term[], likelihood: Likelihood, sources: number): Mark[] {
  const whole = (rule: Rule, what = ''): Mark => ({ rule, what, from: 0, to: 0 });
  const marks: Mark[] = [];
  if (found.length === 0) marks.push(whole('noTerm'));
  else if (!found.some((term) => term.likelihood === likelihood)) marks.push(whole('unlike', found[0]?.likelihood));
  const named = new Set(cited(text).map(({ what }) => Number(what)));
  for (let source = 1; source <= sources; source += 1) if (!named.has(source)) marks.push(whole('uncited', `[${source}]`));
  return marks;
}
