// Talking to /api/v1: one request, one answer, a limit on every wait. What a refusal means is the caller's business.
export const API = '/api/v1';
export const ANSWER_LIMIT_MS = 4000;

/** The server said no, and why: `problem` is its problem JSON. */
export class Refused extends Error {
  constructor(problem) {
    super(problem.say || problem.title || problem.code);
    this.problem = problem;
  }
}

/** Nobody knows whether it was done: ask again with the same key. */
export class Unanswered extends Error {
  constructor(cause) {
    super(String(cause));
    this.name = 'Unanswered';
  }
}

/** A random id for one press; the same press keeps it through all retries. */
export function newKey() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

/** JSON of the answer (null when empty). Throws Refused or Unanswered. */
export async function request(method, path, body = null, limit_ms = ANSWER_LIMIT_MS) {
  const abort = new AbortController();
  const timer = setTimeout(() => abort.abort(), limit_ms);
  const headers = { 'Accept-Language': document.documentElement.lang }; // the page's, not the browser's
  if (body !== null) headers['Content-Type'] = 'application/json';
  try {
    const response = await fetch(API + path, {
      method,
      credentials: 'same-origin',
      cache: 'no-store',
      signal: abort.signal,
      headers,
      body: body === null ? null : JSON.stringify(body),
    });
    return await answer(response);
  } catch (error) {
    if (error instanceof Refused) throw error;
    throw new Unanswered(error);
  } finally {
    clearTimeout(timer);
  }
}

export const post = (path, body, limit_ms) => request('POST', path, body, limit_ms);
export const get = (path) => request('GET', path);

async function answer(response) {
  if ([502, 503, 504].includes(response.status)) throw new Unanswered(response.status);
  const text = await response.text();
  const json = text === '' ? null : JSON.parse(text);
  if (response.ok) return json;
  throw new Refused({ code: 'unknown', say: '', status: response.status, ...json });
}
