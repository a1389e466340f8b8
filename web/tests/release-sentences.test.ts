import { readFileSync, readdirSync } from 'node:fs';
import { expect, test } from 'vitest';
import { inferredLine, reasonLine, ruleLine } from '../src/words/release-sentences.ts';

const RULES = '../crates/release/rules';

test('every reason of the rules that are shipped is said in Spanish, and stays English in English', () => {
  const files = readdirSync(RULES).filter((name) => name.endsWith('.toml'));
  const reasons = files.flatMap((name) => [...readFileSync(`${RULES}/${name}`, 'utf8').matchAll(/^why = "(.+)"$/gm)].map((found) => found[1] ?? ''));
  expect(reasons.length).toBeGreaterThan(20);
  for (const reason of reasons) {
    expect(reasonLine(reason, 'es'), reason).not.toBe(reason);
    expect(reasonLine(reason, 'en')).toBe(reason);
  }
});

test('what a rule did is said in Spanish with its numbers', () => {
  expect(ruleLine('search area of 500 m', 'es')).toBe('área de búsqueda de 500 m');
  expect(ruleLine('reduce to 64 px: nothing of it is left', 'es')).toBe('se reduce a 64 px: no queda nada');
  expect(ruleLine('it is held as TOP SECRET, and leaves up to SECRET', 'es')).toBe('se guarda como TOP SECRET y sale hasta SECRET');
  expect(reasonLine('place would stay', 'es')).toBe('place se quedaría');
});

test('what could be inferred is said in Spanish', () => {
  expect(inferredLine('time and place together leave one known sensor: HyTES', 'es')).toBe('la hora y el lugar juntos dejan un solo sensor conocido: HyTES');
  expect(inferredLine('the recipient has 1 earlier release of K7Q2M-9XD4R: what changed between them is to be seen', 'es')).toContain('K7Q2M-9XD4R');
});
