// Sending commands: one at a time, one key per press, the same key for every retry of that press.
import { Refused, newKey, request } from '../wire.js';

const RETRY_MS = [500, 1000, 2000, 4000];
/** After so long an unanswered press is dropped: a call made minutes later would surprise everybody. */
export const GIVE_UP_MS = 30_000;

/** The session has ended; a wrong password for taking over is only a refusal. */
const isSignedOut = ({ status, code }) => status === 401 && code !== 'sign_in_failed';

export class Acts {
  /** `changed()` when `pending` changes; `signedOut()` resolves once somebody signed in again. */
  constructor({ changed, signedOut }) {
    this.changed = changed;
    this.signedOut = signedOut;
    this.pending = null;
    this.wake = null;
  }

  get busy() {
    return this.pending !== null;
  }

  /**
   * One command. Resolves with { reply }, { problem } or { dropped: true }; never rejects.
   * A second command while one is on its way is not sent: { busy: true }.
   */
  async run(name, method, path, body) {
    if (this.busy) return { busy: true };
    this.pending = { name, since: performance.now(), failed: false };
    this.changed();
    try {
      const key = newKey();
      // A DELETE has no body: its key travels in the address.
      if (method === 'DELETE') return await this.untilAnswered(method, `${path}?key=${key}`, null);
      return await this.untilAnswered(method, path, { ...body, key });
    } finally {
      this.pending = null;
      this.changed();
    }
  }

  /** Try the waiting press again now (the blue key while 没发出去 stands there). */
  retryNow() {
    this.wake?.();
  }

  async untilAnswered(method, path, body) {
    for (let attempt = 0; ; attempt += 1) {
      try {
        return { reply: await request(method, path, body) };
      } catch (error) {
        if (error instanceof Refused && !isSignedOut(error.problem)) return { problem: error.problem };
        if (error instanceof Refused) {
          await this.signedOut();
          this.pending.since = performance.now();
          continue;
        }
      }
      if (performance.now() - this.pending.since > GIVE_UP_MS) return { dropped: true };
      this.pending.failed = true;
      this.changed();
      await this.pause(RETRY_MS[Math.min(attempt, RETRY_MS.length - 1)]);
    }
  }

  pause(wait_ms) {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, wait_ms);
      this.wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }
}
