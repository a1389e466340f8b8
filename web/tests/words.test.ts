import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { en } from '../src/words/en.ts';
import { es } from '../src/words/es.ts';

const gaps = (text: string): string[] => [...text.matchAll(/\{(\w+)\}/g)].map((gap) => gap[1] ?? '').sort();

test('both languages leave the same gaps', () => {
  for (const [word, text] of Object.entries(en)) expect(gaps(es[word as keyof typeof en]), word).toEqual(gaps(text));
});

test('every word is used', () => {
  const files = readdirSync('src', { recursive: true, encoding: 'utf8' }).filter((name) => /\.(svelte|ts)$/.test(name) && !name.startsWith('words/e'));
  const all = files.map((name) => readFileSync(join('src', name), 'utf8')).join('\n');
  const built = /^(what|stage|sortie|verdict|said|likelihood|confidence|theme|grid|layer|fact|lint|which|remark|amount|draft|released|releases|class|fate|strength|event|rule)_/;
  const unused = Object.keys(en).filter((word) => !built.test(word) && !all.includes(`'${word}'`));
  expect(unused).toEqual([]);
});
