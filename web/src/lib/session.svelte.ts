/** Who is signed in. */

import { Refused, get, post, remove, signedInWith, whenSignedOut } from './api.ts';
import type { SignedIn } from './types.ts';

export type State = 'asking' | 'out' | 'in' | 'offline';

export const session = $state<{ state: State; who: SignedIn | null }>({ state: 'asking', who: null });

whenSignedOut(() => {
  session.state = 'out';
});

function entered(who: SignedIn): void {
  signedInWith(who.csrf);
  session.who = who;
  session.state = 'in';
}

/** Finds out whether a browser that comes back is signed in still. */
export async function recall(): Promise<void> {
  try {
    entered(await get<SignedIn>('/api/v1/session'));
  } catch (error) {
    session.state = error instanceof Refused ? 'out' : 'offline';
  }
}

export async function signIn(name: string, password: string): Promise<void> {
  entered(await post<SignedIn>('/api/v1/session', { name, password }));
}

interface Challenge {
  ceremony: string;
  options: { publicKey: PublicKeyCredentialRequestOptionsJSON };
}

/** Whether this browser can use passkeys as they are asked for here. */
export function passkeys(): boolean {
  return 'PublicKeyCredential' in window && 'parseRequestOptionsFromJSON' in PublicKeyCredential;
}

export async function signInByPasskey(name: string): Promise<void> {
  const { ceremony, options } = await post<Challenge>('/api/v1/session/challenge', { name });
  const publicKey = PublicKeyCredential.parseRequestOptionsFromJSON(options.publicKey);
  const credential = (await navigator.credentials.get({ publicKey })) as PublicKeyCredential | null;
  if (credential) entered(await post<SignedIn>('/api/v1/session/passkey', { ceremony, credential: credential.toJSON() }));
}

export async function signOut(): Promise<void> {
  try {
    await remove('/api/v1/session');
  } finally {
    signedInWith(undefined);
    session.who = null;
    session.state = 'out';
  }
}

/** Whether this account may review. */
export function judges(): boolean {
  return ['analyst', 'senior', 'administrator'].includes(session.who?.role ?? '');
}

/** Whether this account may read the audit log. */
export function inspects(): boolean {
  return ['inspector', 'administrator'].includes(session.who?.role ?? '');
}

/** Whether this account may do something of releases; the server has the last word. */
export function releases(what: 'draft' | 'approve' | 'mark' | 'send' | 'recall'): boolean {
  const role = session.who?.role ?? '';
  if (what === 'send') return role === 'releasing_officer';
  return ['senior', 'releasing_officer', ...(what === 'draft' ? ['analyst'] : [])].includes(role);
}

/** Who did something, as people say it: the record writes `account:ana`. */
export function person(by: string | null | undefined): string {
  return (by ?? '').replace(/^account:/, '');
}

/** Whether that is whoever sits here. */
export function isMe(by: string | null | undefined): boolean {
  return session.who !== null && person(by) === session.who.name;
}
