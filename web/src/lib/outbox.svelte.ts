/**
 * What was decided and has not reached the server yet.
 *
 * A verdict or an assessment goes into the browser's storage first and is sent then. Each carries a key, and the server
 * takes the same key once, so that after a cut nobody has to know whether it had arrived. What the server refuses
 * stays with its reason until somebody drops it.
 */

import { Refused, Unreachable, post } from './api.ts';
import { keep, recalled } from './kept.svelte.ts';
import { session } from './session.svelte.ts';
import type { Subject } from './types.ts';

export interface Letter {
  key: string;
  by: string;
  path: string;
  body: Record<string, unknown>;
  subject: Subject;
  /** In a word or two. */
  words: string;
  refused?: string;
}

const FIRST_WAIT_MS = 1_000;
const LONGEST_WAIT_MS = 30_000;

export const outbox = $state<{ letters: Letter[]; sending: boolean }>({
  letters: recalled<Letter[]>('outbox', []),
  sending: false,
});

let wait_ms = FIRST_WAIT_MS;
let timer: ReturnType<typeof setTimeout> | undefined;
const done = new Set<(letter: Letter) => void>();

/** Tells of every letter that has arrived; gives what ends that. */
export function arrived(then: (letter: Letter) => void): () => void {
  done.add(then);
  return () => done.delete(then);
}

/** Those of whoever is signed in: on a shared machine nobody sends another's. */
export function own(): Letter[] {
  return outbox.letters.filter((letter) => letter.by === session.who?.name);
}

export function send(path: string, body: Record<string, unknown>, subject: Subject, words: string): void {
  const key = crypto.randomUUID();
  outbox.letters.push({ key, by: session.who?.name ?? '', path, body: { ...body, key }, subject, words });
  stored();
  void flush();
}

export function drop(key: string): void {
  outbox.letters = outbox.letters.filter((letter) => letter.key !== key);
  stored();
}

function stored(): void {
  keep('outbox', $state.snapshot(outbox.letters));
}

/** Sends what waits, oldest first; tries again later when nobody answers. */
export async function flush(): Promise<void> {
  clearTimeout(timer);
  if (outbox.sending || session.state !== 'in') return;
  outbox.sending = true;
  try {
    for (const letter of own().filter((one) => one.refused === undefined)) await deliver(letter);
    wait_ms = FIRST_WAIT_MS;
  } catch (error) {
    if (!(error instanceof Unreachable)) throw error;
    timer = setTimeout(() => void flush(), wait_ms);
    wait_ms = Math.min(2 * wait_ms, LONGEST_WAIT_MS);
  } finally {
    outbox.sending = false;
  }
}

async function deliver(letter: Letter): Promise<void> {
  try {
    await post(letter.path, $state.snapshot(letter.body));
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    // Signed out, or too fast: it is good yet.
    if (error.status === 401 || error.status === 429) throw new Unreachable(error.message);
    letter.refused = error.message;
    stored();
    return;
  }
  drop(letter.key);
  for (const then of done) then(letter);
}

addEventListener('online', () => {
  wait_ms = FIRST_WAIT_MS;
  void flush();
});
