// What each act sends, and what it asks first. Every act of the desk ends in `send`.
import { get } from '../wire.js';
import { entries, say, settings } from '../words.js';
import { callGrounds, maySupervise, missNeedsGround } from './desk.js';
import { askSecret, choose, findMatter, ground } from './dialogs.js';
import { el } from '../dom.js';

const REMIND_MIN = [5, 10, 20, 30, 60];

/** The catalogue by code, or null when it cannot be had: the desk works without. */
export async function loadCatalogue() {
  try {
    const { matters } = await get('/catalogue');
    return new Map(matters.map((matter) => [matter.code, matter]));
  } catch {
    return null;
  }
}

/**
 * `view()` reads the desk, `send(name, method, path, body)` sends one command and returns its outcome,
 * `tell(text, tone)` writes the line over the blue key.
 */
export class Hands {
  constructor({ view, send, tell, leave }) {
    Object.assign(this, { view, send, tell, leave });
  }

  at(name, body = {}) {
    const { window, ticket } = this.view();
    return this.send(name, 'POST', `/windows/${window.number}/${name}`, { ticket: ticket?.id ?? null, ...body });
  }

  // -- the blue key
  open = () => this.at('open', { ticket: null });
  start = () => this.at('start');
  finish = (outcome = 'done') => this.at('finish', { outcome });

  async callNext() {
    const outcome = await this.at('call-next', { ticket: null });
    if (outcome.reply && !outcome.reply.ticket) this.tell(say('state.desk_empty'));
    return outcome;
  }

  // -- the other keys
  recall = () => this.at('recall');

  async miss() {
    const view = this.view();
    if (!missNeedsGround(view)) return this.at('miss');
    if (!maySupervise(view)) return null;
    const code = await ground(say('console.miss_title'), 'miss_ground');
    return code && this.at('miss', { ground: code });
  }

  async hold() {
    const choices = [...REMIND_MIN.map((n) => [n, say('console.hold_min', { n })]), [0, say('console.hold_none')]];
    const remind_min = await choose(say('console.hold_title'), choices);
    return remind_min === null ? null : this.at('hold', { remind_min: remind_min || null });
  }

  resume = (ticket) => this.at('resume', { ticket });

  release(ticket) {
    return this.send('release', 'POST', `/tickets/${ticket}/release`, {});
  }

  /** Of the ticket at the window, or of one that waits in the queue. */
  async transfer(ticket = this.view().ticket) {
    const { window, queue } = this.view();
    const others = queue.windows.filter(({ number, state }) => number !== window.number && state !== 'closed');
    const skills = [...new Set(queue.windows.flatMap((other) => other.skills))].filter((skill) => !window.skills.includes(skill));
    const choices = [
      ...others.map(({ number }) => [`window:${number}`, say('console.transfer_window', { n: number })]),
      ['collection', say('console.transfer_collect')],
      ...skills.map((skill) => [`skill:${skill}`, say('console.transfer_skill', { skill })]),
    ].slice(0, 9);
    const back = el('input', { type: 'checkbox', id: 'return-here' });
    const extra = el('label', { class: 'tickbox' }, back, el('span', {}, say('console.transfer_return')));
    const to = await choose(say('console.transfer_title', { no: ticket.number }), choices, { extra });
    return to && this.at('transfer', { ticket: ticket.id, to, return_to: back.checked ? window.number : null });
  }

  async add() {
    const { ticket, catalogue } = this.view();
    const code = await findMatter(say('console.add_title', { no: ticket.number }), [...catalogue.values()]);
    if (!code) return null;
    const matters = [...new Set([...ticket.matters, code])];
    return this.send('matters', 'POST', `/tickets/${ticket.id}/matters`, { matters });
  }

  /** Call one ticket of the list: the next one needs no ground, a missed one stands at the desk, others need one. */
  async call(id) {
    const view = this.view();
    if (view.phase !== 'free') return null;
    const missed = view.queue.missed.find((row) => row.id === id);
    if (missed) {
      const sure = await choose(say('console.call_missed', { no: missed.number }), entries('call_ground').filter(([code]) => code === 'at_desk'));
      return sure && this.byHand(id, sure);
    }
    const row = view.queue.rows.find((waiting) => waiting.id === id);
    if (!row) return null;
    if (row.number === view.next) return this.callNext();
    const code = await ground(say('console.call_title', { no: row.number }), 'call_ground', callGrounds());
    return code && this.byHand(id, code);
  }

  byHand = (ticket, code) => this.at('call', { ticket, ground: code });

  // -- window and shift
  async pause() {
    const { window } = this.view();
    const sub = say(window.held.length > 0 ? 'console.pause_held' : 'console.pause_sub', { n: settings.pause_bind_min, k: window.held.length });
    const code = await choose(say('console.pause_title'), entries('pause_ground'), { sub });
    return code && this.at('pause', { ticket: null, ground: code });
  }

  async signOn(number) {
    const { session, queue } = this.view();
    const window = queue.windows.find((one) => one.number === number);
    if (window.shift && window.clerk === session.name) return { adopted: true };
    if (!window.shift) return this.send('shift', 'POST', `/windows/${number}/shift`, {});
    const sub = say('console.take_over_sub', { name: window.clerk ?? '' });
    const password = await askSecret(say('console.take_over_title', { n: number }), sub, say('console.take_over'));
    return password && this.send('take-over', 'POST', `/windows/${number}/shift/take-over`, { password });
  }

  async signOff() {
    const { window } = this.view();
    const what = await choose(
      say('console.sign_off_title'),
      [['leave', say('console.close_and_leave')], ['close', say('console.close_only')], ['lock', say('console.lock_now')]],
      { sub: say('console.sign_off_sub') },
    );
    if (what === null || what === 'lock') return what && { lock: true };
    if (window.state !== 'closed') {
      const closed = await this.at('close', { ticket: null });
      if (!closed.reply || what === 'close') return closed;
    }
    if (what === 'close') return null;
    const ended = await this.send('sign-off', 'DELETE', `/windows/${window.number}/shift`, {});
    if (ended.reply !== undefined) await this.leave();
    return ended;
  }

  undo() {
    const { undo_s, lastActed, ticket } = this.view();
    if (undo_s === 0) {
      this.tell(say('console.no_undo'));
      return null;
    }
    return this.at('undo', { ticket: lastActed ?? ticket?.id ?? null });
  }

  /** 409 `say_which`: the last ticket has to be closed one way or the other before the next is called. */
  async sayWhich() {
    const { ticket } = this.view();
    if (!ticket) return null;
    const which = await choose(say('console.which_title', { no: ticket.number }), [
      ['finish', say('desk.finish')],
      ['miss', say('console.which_missed')],
    ]);
    return which && (which === 'miss' ? this.miss() : this.finish());
  }

  alarm(alarm) {
    return this.send('alarm', 'POST', `/help/${alarm.id}/${alarm.taken_by ? 'done' : 'take'}`, {});
  }
}
