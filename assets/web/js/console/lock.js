// The lock: after a while without anybody, or when the session has ended, sign-on stands over the page. Below it
// everything stays as it was; the stream goes on.
import { signInForm } from '../sign_in_form.js';
import { keepSession } from '../session.js';
import { say } from '../words.js';

export class Lock {
  /** `unlocked(session)` after each sign-on; `account()` the one that was signed in. */
  constructor({ unlocked, session }) {
    this.dialog = document.getElementById('lock');
    this.unlocked = unlocked;
    this.session = session;
    this.waiting = null;
    this.seen = performance.now();
    this.dialog.addEventListener('cancel', (event) => event.preventDefault());
  }

  get locked() {
    return this.waiting !== null;
  }

  /** Somebody is there. */
  touch() {
    if (!this.locked) this.seen = performance.now();
  }

  /** Lock when nobody was there for the time that the server set. */
  check() {
    const limit_s = this.session()?.idle_lock_s ?? 0;
    if (limit_s > 0 && !this.locked && performance.now() - this.seen > limit_s * 1000) void this.lock();
  }

  /** Show the form; resolves after sign-on. Asked twice, it is one form. */
  lock() {
    this.waiting ??= new Promise((resolve) => {
      this.dialog.replaceChildren(
        signInForm({
          title: say('sign_in.locked'),
          sub: say('sign_in.locked_sub'),
          account: this.session()?.account ?? '',
          done: (session) => {
            keepSession(session);
            this.waiting = null;
            this.seen = performance.now();
            this.dialog.close();
            this.dialog.replaceChildren();
            this.unlocked(session);
            resolve();
          },
        }),
      );
      this.dialog.showModal();
    });
    return this.waiting;
  }
}
