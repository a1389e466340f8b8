/** Asking the server: one way in, three ways out (an answer, a refusal in words, no network). */

/** The server said no, and why. */
export class Refused extends Error {
  constructor(
    readonly status: number,
    detail: string,
  ) {
    super(detail);
  }
}

/** The server could not be reached: what was sent may or may not have arrived. */
export class Unreachable extends Error {}

/** Whatever went wrong, as a person can read it. */
export function why(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** Longest wait for an answer, ms. */
const PATIENCE_MS = 20_000;
/** How often something is asked for that the server has no time for. */
const TRIES = 4;
/** Longer than this people are told to wait themselves. */
const LONGEST_WAIT_S = 5;

let csrf: string | undefined;
let gone: () => void = () => {};

/** What every change is sent with. */
export function signedInWith(token: string | undefined): void {
  csrf = token;
}

/** What happens when the session has run out. */
export function whenSignedOut(then: () => void): void {
  gone = then;
}

export async function get<T>(path: string, patience_ms = PATIENCE_MS): Promise<T> {
  return ask<T>('GET', path, undefined, patience_ms);
}

/** What is no text. */
export async function bytes(path: string): Promise<ArrayBuffer> {
  const response = await asked('GET', path, undefined, PATIENCE_MS);
  await refusal(response, path);
  try {
    return await response.arrayBuffer();
  } catch (error) {
    throw new Unreachable(String(error));
  }
}

export async function post<T>(path: string, body: unknown = {}): Promise<T> {
  return ask<T>('POST', path, body);
}

export async function remove(path: string): Promise<void> {
  return ask<void>('DELETE', path);
}

async function ask<T>(method: string, path: string, body?: unknown, patience_ms = PATIENCE_MS): Promise<T> {
  return answer<T>(await asked(method, path, body, patience_ms), path);
}

async function asked(method: string, path: string, body: unknown, patience_ms: number): Promise<Response> {
  const headers: Record<string, string> = { accept: 'application/json' };
  if (body !== undefined) headers['content-type'] = 'application/json';
  if (csrf && method !== 'GET') headers['x-csrf-token'] = csrf;
  const request = { method, headers, body: body === undefined ? null : JSON.stringify(body), signal: AbortSignal.timeout(patience_ms) };
  let response = await sent(path, request);
  // Nothing was done: whoever is told to wait waits, and asks again.
  for (let tries = 1; response.status === 429 && tries < TRIES; tries += 1) {
    const wait_s = Number(response.headers.get('retry-after') ?? 1);
    if (wait_s > LONGEST_WAIT_S) break;
    await new Promise((done) => setTimeout(done, 1000 * wait_s));
    response = await sent(path, request);
  }
  return response;
}

async function sent(path: string, request: RequestInit): Promise<Response> {
  try {
    return await fetch(path, request);
  } catch (error) {
    throw new Unreachable(String(error));
  }
}

async function refusal(response: Response, path: string): Promise<void> {
  if (response.status === 401 && path !== '/api/v1/session') gone();
  // A proxy that lost the server says so; nobody knows what became of the request.
  if ([502, 503, 504].includes(response.status)) throw new Unreachable(`${response.status}`);
  if (!response.ok) throw new Refused(response.status, await reason(response));
}

async function answer<T>(response: Response, path: string): Promise<T> {
  await refusal(response, path);
  if (response.status === 204) return undefined as T;
  try {
    return (await response.json()) as T;
  } catch (error) {
    throw new Unreachable(String(error));
  }
}

async function reason(response: Response): Promise<string> {
  try {
    const problem = (await response.json()) as { detail?: string; title?: string };
    return problem.detail ?? problem.title ?? response.statusText;
  } catch {
    return response.statusText || String(response.status);
  }
}

/** `?a=b` of what is there. */
export function query(values: Record<string, string | number | undefined | null>): string {
  const given = Object.entries(values).filter(([, value]) => value !== undefined && value !== null && value !== '');
  if (given.length === 0) return '';
  return `?${new URLSearchParams(given.map(([name, value]) => [name, String(value)]))}`;
}
