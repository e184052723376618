// Bookings at the desk: a page of days, slots and who is booked; somebody on the telephone is booked, moved, cancelled,
// and who comes is checked in by code. What it knows is here, how it looks is in booking_views.js.
import { get } from '../wire.js';
import { say } from '../words.js';
import { dayOf } from '../hall_clock.js';
import { faultsOf, parseCode, readHolder } from './booking_form.js';
import { drawBookings, headOf } from './booking_views.js';
import { showPage } from './dialogs.js';
import { morph } from '../dom.js';

const AGAIN_MS = 2000; // what others changed meanwhile is asked for at most this often

/**
 * `view` reads the desk, `ask(name, method, path, body)` sends one command whose outcome is told here; once the page was
 * put away, `tell(text, tone)` tells it at the desk.
 */
export class Bookings {
  constructor({ view, ask, tell }) {
    Object.assign(this, { view, ask, tell, place: null, heardSeq: 0 });
  }

  get isOpen() {
    return Boolean(this.place?.isConnected);
  }

  open() {
    this.today = dayOf(this.view().now);
    Object.assign(this, { day: this.today, days: null, list: null, unread: false, filter: '', asked: '', form: 0 });
    this.to('list');
    this.place = document.createElement('div');
    this.place.className = 'bookings';
    this.place.addEventListener('click', (event) => this.clicked(event));
    this.place.addEventListener('submit', (event) => this.submitted(event));
    this.place.addEventListener('input', (event) => this.typed(event.target));
    this.place.addEventListener('keydown', (event) => this.keys(event));
    this.draw();
    const closed = showPage(say('bookings.title'), this.place, { wide: true, back: () => this.back() });
    void this.load();
    return closed;
  }

  /** Bring the open page up to date with the desk. */
  follow() {
    if (this.isOpen) this.draw();
  }

  /** The server is at journal row `seq`: a booking may have changed. */
  heard(seq) {
    this.heardSeq = seq;
    const old = performance.now() - this.loadedAt > AGAIN_MS;
    if (this.isOpen && !this.loading && old && seq !== this.loadedSeq) void this.load();
  }

  draw() {
    morph(this.place, drawBookings(this, this.view()));
  }

  // -- what is looked at

  /** `mode`: list, make, one, move, cancel. What was done before stays told until the next thing is done. */
  to(mode, { slot = null, booking = null, done = null } = {}) {
    Object.assign(this, { mode, slot, booking, done, faults: {}, matters: [], asked: '', doubted: null });
    this.form += 1;
  }

  /** One step back; false when the page itself is to be closed. */
  back() {
    if (this.mode === 'list') return false;
    this.to(['move', 'cancel'].includes(this.mode) ? 'one' : 'list', { booking: this.booking });
    this.draw();
    this.first();
    return true;
  }

  /** The cursor goes where the next step is. */
  first() {
    this.place.querySelector('[data-first]')?.focus();
  }

  async load() {
    const { day, heardSeq } = this;
    this.loading = true;
    try {
      const [slots, list] = await Promise.all([get('/bookings/slots'), get(`/bookings?day=${day}`)]);
      if (day !== this.day) return;
      this.days = this.withToday(slots.days);
      this.list = list.bookings;
      this.booking = this.list.find(({ id }) => id === this.booking?.id) ?? this.booking;
      this.unread = false;
      this.loadedSeq = heardSeq;
    } catch {
      this.unread = true;
    } finally {
      if (day === this.day) {
        this.loading = false;
        this.loadedAt = performance.now();
      }
    }
    if (this.isOpen) this.draw();
  }

  /** Today stands first also when the hall does not work: somebody may be booked for it all the same. */
  withToday(days) {
    return days[0]?.day === this.today ? days : [{ day: this.today, slots: [], off: true }, ...days];
  }

  choose(day) {
    this.day = day;
    this.list = null;
    if (this.mode !== 'move') this.to('list');
    Object.assign(this, { slot: null, faults: {} });
    void this.load();
  }

  // -- presses

  clicked(event) {
    const target = event.target.closest('[data-do]');
    if (!target) return;
    const { do: name, arg } = target.dataset;
    const presses = {
      day: () => this.choose(arg),
      slot: () => this.pick(arg),
      one: () => this.to('one', { booking: this.list.find(({ id }) => id === arg) }),
      back: () => this.back(),
      find: () => this.find(),
      again: () => this.load(),
      'check-in': () => this.checkIn(this.booking.code),
      'to-move': () => this.to('move', { booking: this.booking }),
      'to-cancel': () => this.to('cancel', { booking: this.booking }),
      move: () => this.move(this.booking, this.day, this.slot),
      cancel: () => this.cancel(this.booking),
      undo: () => this.done?.undo(),
      matter: () => this.addMatter(arg),
      'no-matter': () => (this.matters = this.matters.filter((code) => code !== arg)),
    };
    const before = this.mode;
    void presses[name]?.();
    this.draw();
    if (this.mode !== before) this.first();
  }

  submitted(event) {
    event.preventDefault();
    const fields = Object.fromEntries(new FormData(event.target));
    if (event.target.dataset.form === 'make') void this.make(fields);
    else this.withCode(fields.code, (code) => this.checkIn(code));
  }

  typed(field) {
    if (field.name === 'filter') this.filter = field.value;
    if (field.name === 'matter') this.asked = field.value;
    delete this.faults[field.name];
    this.draw();
  }

  /** Up and down in a column, Enter for the first matter found, Ctrl+Z for what was just done. */
  keys(event) {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    const column = step && event.target.closest('[data-rows]');
    const hit = event.key === 'Enter' && event.target.name === 'matter' && this.place.querySelector('[data-do=matter]');
    const undo = event.ctrlKey && event.key.toLowerCase() === 'z' && !event.target.value && this.done?.undo;
    if (!(column || hit || undo)) return;
    event.preventDefault();
    if (undo) void undo();
    else if (hit) hit.click();
    else this.step(column, event.target, step);
  }

  step(column, from, step) {
    const rows = [...column.querySelectorAll('[data-row]')];
    rows[rows.indexOf(from) + step]?.focus();
  }

  pick(begins) {
    const slot = this.days.find(({ day }) => day === this.day)?.slots.find((each) => each.begins === begins);
    if (!slot?.free) this.faults = { slot: say('bookings.slot_full') };
    else if (['move', 'make'].includes(this.mode)) Object.assign(this, { slot: begins, faults: {} }); // who is written down stays
    else this.to('make', { slot: begins });
  }

  addMatter(code) {
    this.matters = [...new Set([...this.matters, code])];
    this.asked = '';
    this.place.querySelector('[name=matter]').value = '';
  }

  // -- commands

  /** The reply, or null: then what went wrong stands beside its field. */
  async command(name, path, body, holder) {
    const outcome = await this.ask(name, 'POST', path, body);
    if (outcome.reply) return outcome.reply;
    if (outcome.problem) this.faults = faultsOf(outcome.problem, holder);
    else this.faults = { all: say(outcome.busy ? 'state.desk_sending' : 'bookings.gave_up') };
    if (!this.isOpen) {
      this.tell(Object.values(this.faults)[0], 'red');
      return null;
    }
    if (!outcome.busy) void this.load();
    this.draw();
    return null;
  }

  /** Back to the list of the day it was done for, with what was done and how it is taken back. */
  finished(done, day) {
    if (!this.isOpen) {
      this.tell(headOf(done));
      return;
    }
    this.to('list', { done });
    if (day !== this.day) Object.assign(this, { day, list: null });
    this.draw();
    this.first();
    void this.load();
  }

  async make(fields) {
    const { holder, faults } = readHolder(fields, this.doubted);
    if (faults.id_number) this.doubted = holder.id_number;
    if (this.asked.trim() !== '') faults.matter = say('bookings.pick_matter');
    this.faults = faults;
    this.draw();
    if (Object.keys(faults).length > 0) return this.place.querySelector('[aria-invalid]')?.focus();
    const body = { day: this.day, begins: this.slot, holder, matters: this.matters };
    const reply = await this.command('booking', '/bookings', body, holder);
    if (!reply) return null;
    const { booking } = reply;
    return this.finished({ kind: 'made', booking, undo: () => this.cancel(booking) }, booking.day);
  }

  async move(booking, day, begins) {
    if (!begins) return;
    const reply = await this.command('booking-move', `/bookings/${booking.id}/move`, { day, begins });
    if (!reply) return;
    const undo = () => this.move(reply.booking, booking.day, booking.begins);
    this.finished({ kind: 'moved', booking: reply.booking, undo }, reply.booking.day);
  }

  async cancel(booking) {
    const reply = await this.command('booking-cancel', `/bookings/${booking.id}/cancel`, {});
    if (reply) this.finished({ kind: 'cancelled' }, reply.booking.day);
  }

  async checkIn(code) {
    const reply = await this.command('check-in', '/tickets', { booking: code });
    if (!reply) {
      this.faults = this.faults.all && this.mode !== 'one' ? { code: this.faults.all } : this.faults;
      return this.draw();
    }
    const { ticket, already, booking, ahead } = reply;
    return this.finished({ kind: 'came', number: ticket.number, already: Boolean(already), slot: booking, ahead }, this.today);
  }

  /** Look a booking up by what stands in the field for its code. */
  find() {
    const text = this.place.querySelector('[name=code]').value;
    return this.withCode(text, async (code) => {
      try {
        const { booking } = await get(`/bookings/${code}`);
        if (booking.day !== this.day && this.days?.some(({ day }) => day === booking.day)) this.choose(booking.day);
        this.to('one', { booking });
      } catch (error) {
        this.faults = { code: error.problem?.say || say('bookings.gave_up') };
      }
      this.draw();
      this.first();
    });
  }

  withCode(text, act) {
    const code = parseCode(text);
    if (code) return act(code);
    this.faults = { code: say('bookings.bad_code') };
    this.draw();
    return this.place.querySelector('[name=code]').focus();
  }
}
