/** Single keys that do something, as long as nobody is writing. */

import { shown } from './kept.svelte.ts';

export type Keys = Record<string, () => void>;

function writing(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  return target.isContentEditable || ['INPUT', 'TEXTAREA', 'SELECT'].includes(target.tagName);
}

/** Listens for keys; gives what ends that. */
export function pressed(keys: Keys): () => void {
  const hear = (event: KeyboardEvent): void => {
    if (!shown.keys || event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented || writing(event.target)) return;
    if (document.querySelector('dialog[open]')) return;
    const act = keys[event.key];
    if (!act) return;
    event.preventDefault();
    act();
  };
  addEventListener('keydown', hear);
  return () => removeEventListener('keydown', hear);
}
