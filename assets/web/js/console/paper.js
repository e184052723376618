// Numbers on paper that the server does not know: typed in from the slip they join the queue at the paper's time. Beside
// it stands what staff have to know of other numbers that kiosks gave without the server.
import { el, icon, morph } from '../dom.js';
import { dayOf, hm, momentOf } from '../hall_clock.js';
import { say } from '../words.js';
import { get } from '../wire.js';
import { faultOf, field, key } from './booking_views.js';
import { showPage } from './dialogs.js';

const NUMBER = /^[A-Z]\d{3,4}$/;
const TIME = /^([01]?\d|2[0-3])[:.]?([0-5]\d)$/;
const TO_SEE = ['join_twice', 'join_expired', 'join_refused', 'outbox_disk'];
const SLACK_MS = 120_000; // a kiosk's clock may be a little ahead
const LIVE = ['waiting', 'called', 'serving', 'held', 'missed'];

/** `L012` as it is printed, however it was typed; null when it is no number. */
export function parseNumber(text) {
  const number = text.normalize('NFKC').replace(/[\s-]/g, '').toUpperCase();
  return NUMBER.test(number) ? number : null;
}

/** Milliseconds of a time on the paper, by the newest day that has it before `now`; null when none has. */
export function paperMoment(text, businessDay, now) {
  const found = TIME.exec(text.normalize('NFKC').trim());
  if (!found) return null;
  const days = [dayOf(now), businessDay].filter(Boolean);
  return days.map((day) => momentOf(day, `${found[1]}:${found[2]}`)).find((at) => at <= now + SLACK_MS) ?? Infinity;
}

/** It stands in the queue by what was done here. */
const isIn = ({ ticket, known }) => !known && ticket.state === 'waiting';

/** What became of a number. */
function sentence(done) {
  const { ticket, ahead, acted } = done;
  const word = isIn(done) ? (acted ? 'back' : 'joined') : `is_${ticket.state}`;
  return say(`paper.${word}`, { no: ticket.number, n: ahead ?? 0, w: ticket.window ?? '' });
}

/** As the page of bookings: `view`, `ask` and, once the page was put away, `tell`. */
export class Paper {
  constructor({ view, ask, tell }) {
    Object.assign(this, { view, ask, tell, place: null, form: 0 });
  }

  open() {
    this.again();
    this.place = el('div', { class: 'paper' });
    this.place.addEventListener('click', (event) => this.clicked(event.target.closest('[data-do]')?.dataset ?? {}));
    this.place.addEventListener('submit', (event) => this.submitted(event));
    this.place.addEventListener('input', ({ target }) => this.typed(target));
    this.draw();
    return showPage(say('paper.title'), this.place, { wide: true });
  }

  get isOpen() {
    return Boolean(this.place?.isConnected);
  }

  follow() {
    if (this.isOpen) this.draw();
  }

  draw() {
    morph(this.place, [
      el('div', { class: 'two', 'data-key': 'two' }, this.left(), this.right()),
    ]);
  }

  /** Empty fields. What was found stays told when `done` says it. */
  again(done = null) {
    Object.assign(this, { faults: {}, unsure: false, old: false, done });
    this.form += 1;
  }

  clicked({ do: name, arg }) {
    if (name === 'day') this.old = arg === 'old';
    if (name === 'another') this.again();
    if (['cancel', 'rejoin', 'reinstate'].includes(name)) void this.act(name, arg);
    this.draw();
    if (name === 'another') this.first();
  }

  typed(target) {
    if (target.name === 'unsure') this.unsure = target.checked;
    delete this.faults[target.name];
    if (target.name === 'unsure') delete this.faults.time;
    this.draw();
  }

  first() {
    this.place.querySelector('[data-first]')?.focus();
  }

  // -- what is done

  async submitted(event) {
    event.preventDefault();
    if (this.old) return null;
    const fields = Object.fromEntries(new FormData(event.target));
    const { hall, now } = this.view();
    const number = parseNumber(fields.number);
    const at = this.unsure && fields.time.trim() === '' ? now : paperMoment(fields.time, hall?.business_day, now);
    this.faults = {};
    if (!number) this.faults.number = say('paper.bad_number');
    if (at === null) this.faults.time = say('paper.bad_time');
    else if (at === Infinity) this.faults.time = say('paper.later', { t: hm(now) });
    if (hall && !hall.day_open) this.faults.all = say('paper.no_day');
    this.draw();
    if (Object.keys(this.faults).length > 0) return this.place.querySelector('[aria-invalid]')?.focus();
    return this.join(number, at);
  }

  /** Only what nobody knows is sent: a number that is known is explained as it stands. */
  async join(number, at) {
    try {
      const known = await this.known(number);
      if (known) return this.became({ ticket: known, known: true });
    } catch (error) {
      this.faults = { all: error.problem?.say || say('bookings.gave_up') };
      return this.draw();
    }
    if (this.isServers(number[0])) {
      this.faults = { number: say('paper.not_offline', { letter: number[0], no: number }) };
      return this.draw();
    }
    const body = { number, issued_at: new Date(Math.min(at, this.view().now)).toISOString(), time_unsure: this.unsure };
    const reply = await this.command('join', '/tickets/join', body);
    return reply && this.became(reply);
  }

  /** The newest live ticket of a number, else the newest; null when nobody knows it today. */
  async known(number) {
    const { tickets } = await get(`/tickets?number=${number}`);
    return tickets.find(({ state }) => LIVE.includes(state)) ?? tickets.at(-1) ?? null;
  }

  /** Letters of kinds are given out by the server alone: an unknown number of theirs was misread. */
  isServers(letter) {
    return Object.entries(this.view().hall?.letters ?? {}).some(([owner, each]) => each === letter && !owner.includes(':'));
  }

  async act(name, ticket) {
    const reply = await this.command(name, `/tickets/${ticket}/${name}`, {});
    if (reply) this.became({ ...reply, known: name === 'cancel', acted: name });
  }

  async command(name, path, body) {
    const outcome = await this.ask(name, 'POST', path, body);
    if (outcome.reply) return outcome.reply;
    const busy = outcome.busy ? say('state.desk_sending') : say('bookings.gave_up');
    this.faults = { all: outcome.problem?.say || busy };
    if (this.isOpen) this.draw();
    else this.tell(this.faults.all, 'red');
    return null;
  }

  /** What is known of a number now; with `acted` after one more press about it. */
  became(done) {
    if (!this.isOpen) return this.tell(sentence(done));
    this.again(done);
    this.draw();
    return this.first();
  }

  // -- how it looks

  left() {
    return el('section', { class: 'side', 'data-key': 'left' }, this.done ? this.found() : this.fields());
  }

  fields() {
    const { pending, link } = this.view();
    const off = pending !== null || link !== 'live';
    return [
      el('p', { 'data-key': 'sub' }, say('paper.sub')),
      el(
        'form',
        { class: 'make', novalidate: true, 'data-key': 'form' },
        field(this, 'number', say('paper.number'), { maxlength: 8, sub: say('paper.number_sub'), 'data-first': true }),
        el('div', { class: 'field days2', 'data-key': 'days' }, el('span', {}, say('paper.day')), el('div', { class: 'do' }, this.dayKey('today'), this.dayKey('old'))),
        this.old ? el('p', { class: 'told', 'data-key': 'old' }, say('paper.old_day')) : this.timeFields(),
        faultOf(this.faults, 'all'),
        !this.old && el('div', { class: 'do', 'data-key': 'go' }, key('join', say('paper.go'), { type: 'submit', kbd: 'Enter', off })),
        this.link(),
      ),
    ];
  }

  timeFields() {
    return el(
      'div',
      { 'data-key': `time-${this.form}` },
      field(this, 'time', say('paper.time'), { maxlength: 5, sub: say('paper.time_sub'), placeholder: '10:12' }),
      el('label', { class: 'tickbox', 'data-key': 'unsure' }, el('input', { type: 'checkbox', name: 'unsure' }), el('span', {}, say('paper.unsure'))),
    );
  }

  dayKey(arg) {
    const on = (arg === 'old') === this.old;
    return el('button', { class: on ? 'hit on' : 'hit', type: 'button', 'data-do': 'day', 'data-arg': arg, 'aria-pressed': on }, el('span', {}, say(`paper.day_${arg}`)));
  }

  link() {
    const { pending, link } = this.view();
    const text = link === 'down' ? say('bookings.offline') : pending?.failed ? say('state.desk_failed') : '';
    return text !== '' && el('p', { class: 'note amber', role: 'status', 'data-key': 'link' }, text);
  }

  /** What became of the number, in one sentence, and what can be done about it. */
  found() {
    const { ticket, acted } = this.done;
    const fresh = isIn(this.done);
    const way = { waiting: fresh && !acted && ['cancel', 'paper.cancel'], missed: ['rejoin', 'more.rejoin'], cancelled: ['reinstate', 'more.reinstate'], expired: ['reinstate', 'more.reinstate'] }[ticket.state];
    return [
      el(
        'div',
        { class: fresh ? 'done' : 'told', role: 'status', 'data-key': 'told' },
        icon(fresh ? 'checkcircle' : 'info', 24),
        el('div', {}, el('b', {}, sentence(this.done)), fresh && !acted && el('p', {}, say('paper.joined_sub', { t: hm(ticket.issued_at) }))),
      ),
      faultOf(this.faults, 'all'),
      el(
        'div',
        { class: 'do', 'data-key': 'do' },
        key('another', say('paper.another'), { first: true }),
        way && el('button', { class: 'k k-quiet', type: 'button', 'data-do': way[0], 'data-arg': ticket.id, 'data-key': way[0] }, el('b', {}, say(way[1]))),
      ),
    ];
  }

  right() {
    const found = (this.view().queue?.alarms ?? []).filter(({ code }) => TO_SEE.includes(code));
    return el(
      'section',
      { class: 'to-see', 'data-key': 'right' },
      el('h3', {}, say('paper.to_see')),
      el(
        'ul',
        {},
        found.map((alarm) => el('li', { 'data-key': alarm.id }, icon('ticket', 24), el('span', {}, alarm.say))),
        found.length === 0 && el('li', { class: 'none', 'data-key': 'none' }, say('paper.nothing')),
      ),
    );
  }
}
