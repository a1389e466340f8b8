/** Changes as they happen, and whether the server is there. */

import { get } from './api.ts';
import { flush } from './outbox.svelte.ts';
import type { Claim } from './types.ts';

export interface Change {
  seq: number;
  at: string;
  action: string;
  subject: string;
}

/** How long after a change others are asked for, so that a burst is one question, ms. */
const SETTLES_MS = 400;

export const live = $state<{ online: boolean; claims: Claim[] }>({ online: true, claims: [] });

const listeners = new Set<(changes: Change[]) => void>();
let stream: EventSource | undefined;
let burst: Change[] = [];
let timer: ReturnType<typeof setTimeout> | undefined;

/** Tells of changes, a burst at a time; gives what ends that. */
export function onChange(then: (changes: Change[]) => void): () => void {
  listeners.add(then);
  return () => listeners.delete(then);
}

export function listen(): void {
  stop();
  stream = new EventSource('/api/v1/changes');
  stream.addEventListener('open', () => {
    live.online = true;
    void claims();
    void flush();
    tell({ seq: 0, at: '', action: 'again', subject: '' });
  });
  stream.addEventListener('error', () => {
    live.online = false;
    // A refusal closes it for good, and the browser tries no more: a server that was restarted is met again.
    if (stream?.readyState === EventSource.CLOSED) setTimeout(() => stream && listen(), 5_000);
  });
  stream.addEventListener('change', (event) => {
    tell(JSON.parse((event as MessageEvent<string>).data) as Change);
  });
}

export function stop(): void {
  stream?.close();
  stream = undefined;
}

function tell(change: Change): void {
  burst.push(change);
  timer ??= setTimeout(() => {
    const changes = burst;
    burst = [];
    timer = undefined;
    if (changes.some((one) => /^(claim|review|handover)\./.test(one.action))) void claims();
    for (const then of listeners) then(changes);
  }, SETTLES_MS);
}

async function claims(): Promise<void> {
  try {
    live.claims = await get<Claim[]>('/api/v1/claims');
  } catch {
    // The state of the connection says so already.
  }
}

addEventListener('offline', () => {
  live.online = false;
});
// The stream may have outlived the cut, or not know yet that it has not.
addEventListener('online', () => {
  if (stream) listen();
});
