import { expect, test } from 'vitest';
import { lint, sentences, terms } from '../src/writing/linter.ts';
import { TERMS } from '../src/writing/terms.ts';

const clean = 'It is very likely that methane comes from the shed [1]. We have moderate confidence in this, for one flight saw it.';
const draft = { text: clean, language: 'en', likelihood: 'very likely', sources: 1 } as const;
const rules = (change: Partial<Parameters<typeof lint>[0]>): string[] => lint({ ...draft, ...change }).map((mark) => mark.rule);

test('a text that says how likely, how sure and by what has no marks', () => {
  expect(lint(draft)).toEqual([]);
});

test('the longer of two terms is the one that is meant', () => {
  const of = (text: string): string[] => terms(text, TERMS.en).map((term) => term.likelihood);
  expect(of('very unlikely, then unlikely, then likely')).toEqual(['very unlikely', 'unlikely', 'likely']);
  expect(of('Almost certainly')).toEqual(['almost certain']);
  expect(of('likelihood is no term')).toEqual([]);
});

test('vague words are marked where they stand', () => {
  const [mark] = lint({ ...draft, text: 'It is very likely that several tanks leak [1].' });
  expect(mark).toEqual({ rule: 'vague', what: 'several', from: 23, to: 30 });
});

test('a word that only sounds like a likelihood is marked, but not inside of one', () => {
  expect(rules({ text: 'It might leak; it is very likely [1].' })).toEqual(['term']);
  expect(rules({ text: 'It is almost certain [1].', likelihood: 'almost certain' })).toEqual([]);
});

test('likelihood and confidence in one sentence are marked', () => {
  expect(rules({ text: 'We have high confidence that it is very likely to leak [1].' })).toEqual(['mixed']);
});

test('a judgement without a source is marked, and so are sources that nobody cites or has', () => {
  expect(rules({ text: 'It is very likely to leak.', sources: 0 })).toEqual(['unsourced']);
  expect(rules({ sources: 2 })).toEqual(['uncited']);
  expect(rules({ text: 'It is very likely to leak [3].' })).toEqual(['unknown', 'uncited']);
});

test('a text without a likelihood, or with another than its field, is marked as a whole', () => {
  expect(rules({ text: 'Methane comes from the shed [1].' })).toEqual(['noTerm']);
  expect(rules({ likelihood: 'unlikely' })).toEqual(['unlike']);
});

test('numbers end no sentence', () => {
  expect(sentences('It is 3.5 m long. It leaks.\nNow').map((one) => one.what.trim())).toEqual(['It is 3.5 m long.', 'It leaks.', 'Now']);
});

test('Spanish has terms of its own', () => {
  const spanish = { language: 'es', likelihood: 'very likely', sources: 1 } as const;
  expect(lint({ ...spanish, text: 'Es muy probable que el metano salga del galpón [1].' })).toEqual([]);
  expect(lint({ ...spanish, text: 'Quizás salga de varios tanques [1].' }).map((mark) => mark.rule)).toEqual(['term', 'vague', 'noTerm']);
  expect(terms('tan probable como improbable', TERMS.es).map((term) => term.likelihood)).toEqual(['roughly even chance']);
});

test('nothing written has nothing to mark', () => {
  expect(lint({ ...draft, text: '  \n' })).toEqual([]);
});
