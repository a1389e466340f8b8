/** Which page is open: the part of the address behind `#`. */

import type { Kind, Subject } from './types.ts';

export type Page = 'map' | 'queue' | 'look' | 'figures' | 'handover' | 'releases' | 'release' | 'inspect' | 'account';

export const route = $state<{ page: Page; subject: Subject | null; draft: string | null }>({ page: 'queue', subject: null, draft: null });

const PAGES: Page[] = ['map', 'queue', 'figures', 'handover', 'releases', 'inspect', 'account'];

function read(): void {
  const [page, kind, id] = location.hash.replace(/^#\/?/, '').split('/');
  route.draft = null;
  if (page === 'release' && kind) {
    route.page = 'release';
    route.subject = null;
    route.draft = kind;
    return;
  }
  if (page === 'look' && (kind === 'finding' || kind === 'site') && id) {
    route.page = 'look';
    route.subject = { kind: kind as Kind, id };
    return;
  }
  route.page = PAGES.find((known) => known === page) ?? 'queue';
  route.subject = null;
}

export function open(page: Page): void {
  location.hash = `#/${page}`;
}

export function look(subject: Subject): void {
  location.hash = address(subject);
}

export function address({ kind, id }: Subject): string {
  return `#/look/${kind}/${id}`;
}

/** The page of a draft, and of the release that was made of it. */
export function draftAddress(id: string): string {
  return `#/release/${id}`;
}

addEventListener('hashchange', read);
read();
