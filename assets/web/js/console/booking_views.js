// How the page of bookings looks, drawn from its state: the code field, the days, the slots, and what is being done.
import { el, icon } from '../dom.js';
import { date, momentOf } from '../hall_clock.js';
import { say } from '../words.js';
import { sayCode } from './booking_form.js';
import { matterLabels } from './desk.js';
import { matches } from './dialogs.js';

const HITS = 4;
const TONES = { came: 'tag-green', no_show: 'tag-amber' };
const noon = (day) => momentOf(day, '12:00');
const dayName = (day) => date(noon(day));

/** Everything of the page; `page` is the state (bookings.js), `view` the desk. */
export function drawBookings(page, view) {
  return [
    codeForm(page, view),
    el('div', { class: 'tabs days', role: 'tablist', 'data-key': 'days' }, (page.days ?? []).map((each, at) => tabOf(each, at, page))),
    el('div', { class: 'two', 'data-key': 'two' }, slotsOf(page), el('section', { class: 'side', 'data-key': 'side' }, doneOf(page, view), work(page, view))),
    statusOf(page, view),
  ];
}

const work = (page, view) => ({ list, make, one, move, cancel }[page.mode](page, view)).filter(Boolean);

// -- small pieces

export const key = (name, word, { arg = null, quiet = false, off = false, first = false, kbd = null, type = 'button' } = {}) =>
  el(
    'button',
    {
      class: `k${off ? ' k-off' : ''}${quiet ? ' k-quiet' : ''}`, type, 'data-do': name, 'data-arg': arg, 'data-key': `do-${name}-${arg ?? ''}`,
      disabled: off, 'data-first': first,
    },
    el('b', {}, word),
    kbd && el('kbd', {}, kbd),
  );

export const faultOf = (faults, name) =>
  el('p', { class: 'wrong', role: 'alert', id: `wrong-${name}`, 'data-key': `wrong-${name}`, hidden: !faults[name] }, faults[name] ?? '');

/** A field with its label and, below, what is wrong with it. `serial` makes it a new, empty one. */
export function field(page, name, word, { serial = page.form, sub = null, ...attributes } = {}) {
  const wrong = page.faults[name];
  return el(
    'div',
    { class: `field f-${name}`, 'data-key': `field-${name}-${serial}` },
    el('label', {}, el('span', {}, word, sub && el('small', {}, ` ${sub}`)), el('input', {
      name, type: 'text', autocomplete: 'off', 'aria-invalid': wrong ? 'true' : null, 'aria-describedby': wrong ? `wrong-${name}` : null, ...attributes,
    })),
    faultOf(page.faults, name),
  );
}

const idle = ({ link, pending }) => link === 'live' && pending === null;

/** What goes on with the last press, and what belongs to no field. */
function statusOf({ faults, unread }, { pending, link }) {
  const waits = pending && (pending.failed || performance.now() - pending.since > 250);
  const text = waits ? say(pending.failed ? 'state.desk_failed' : 'state.desk_sending') : (faults.all ?? '');
  const lost = link === 'down' ? say('bookings.offline') : unread ? say('bookings.unread') : '';
  return el(
    'div',
    { class: 'status', role: 'status', 'data-key': 'status' },
    (text || lost) !== '' && el('p', { class: `note ${waits ? 'amber' : faults.all ? 'red' : 'amber'}` }, text || lost),
    unread && link !== 'down' && key('again', say('bookings.again'), { quiet: true }),
  );
}

function codeForm(page, view) {
  return el(
    'form',
    { class: 'code-row', novalidate: true, 'data-form': 'code', 'data-key': 'code' },
    field(page, 'code', say('bookings.code'), {
      sub: say('bookings.code_sub'), maxlength: 24, inputmode: 'numeric', 'data-first': page.mode === 'list',
    }),
    key('submit', say('bookings.check_in'), { kbd: 'Enter', type: 'submit', off: !idle(view) }),
    key('find', say('bookings.find'), { quiet: true }),
  );
}

// -- days and slots

function tabOf({ day, slots, off }, index, page) {
  const free = slots.reduce((sum, slot) => sum + slot.free, 0);
  const word = day === page.today ? say('bookings.today') : dayName(day);
  const left = off ? say('bookings.off') : free > 0 ? say('bookings.free', { n: free }) : say('bookings.none_free');
  return el(
    'button',
    {
      class: day === page.day ? 'tab on' : 'tab', type: 'button', role: 'tab', 'aria-selected': day === page.day, 'data-key': `day-${day}`,
      'data-do': 'day', 'data-arg': day, 'data-digit': index + 1,
    },
    el('span', {}, el('kbd', {}, String(index + 1)), el('strong', {}, word)),
    el('small', {}, left),
  );
}

const HOLDING = ['booked', 'came'];

function slotsOf(page) {
  const found = page.days?.find(({ day }) => day === page.day);
  const taken = new Map();
  for (const { begins, state } of page.list ?? []) if (HOLDING.includes(state)) taken.set(begins, (taken.get(begins) ?? 0) + 1);
  return el(
    'section',
    { class: 'slots', 'data-key': 'slots' },
    el('h3', {}, say(page.mode === 'move' ? 'bookings.slots_to' : 'bookings.slots')),
    faultOf(page.faults, 'slot'),
    el(
      'ul',
      { 'data-rows': true, 'data-key': `slots-${page.day}` },
      (found?.slots ?? []).map((slot) => slotOf(slot, taken.get(slot.begins) ?? 0, page)),
      found?.slots.length === 0 && el('li', { class: 'none', 'data-key': 'none' }, noSlots(found, page)),
      !found && el('li', { class: 'none', 'data-key': 'wait' }, say(page.unread ? 'bookings.unread' : 'state.loading')),
    ),
    page.days?.length === 1 && page.days[0].off && el('p', { class: 'none', 'data-key': 'no-days' }, say('bookings.no_days')),
  );
}

const noSlots = ({ off }) => say(off ? 'bookings.closed_day' : 'bookings.all_begun');

function slotOf(slot, taken, page) {
  const left = slot.free > 0 ? say('bookings.free', { n: slot.free }) : say(taken > 0 ? 'bookings.full' : 'bookings.not_given');
  const name = `${slot.begins}–${slot.ends}`;
  return el(
    'li',
    { 'data-key': slot.begins },
    el(
      'button',
      {
        class: `slot${slot.free > 0 ? '' : ' full'}${slot.begins === page.slot ? ' on' : ''}`, type: 'button', 'data-row': true,
        'data-do': 'slot', 'data-arg': slot.begins, 'aria-pressed': slot.begins === page.slot,
        'data-first': page.mode === 'move' && slot === page.days.find(({ day }) => day === page.day)?.slots[0],
      },
      el('b', {}, name),
      el('span', {}, say('bookings.taken', { n: taken })),
      el('strong', {}, left),
    ),
  );
}

// -- what was done

function doneOf({ done }, view) {
  if (!done) return null;
  const rest = {
    made: () => say('bookings.made_sub', { code: sayCode(done.booking.code) }),
    moved: () => say('bookings.moved_sub', { code: sayCode(done.booking.code) }),
    cancelled: () => say('bookings.cancelled_sub'),
    came: () => cameText(done),
  }[done.kind]();
  return el(
    'div',
    { class: 'done', role: 'status', 'data-key': `done-${done.kind}` },
    icon('checkcircle', 24),
    el('div', {}, el('b', {}, headOf(done)), el('p', {}, rest)),
    done.undo && key('undo', say(done.kind === 'made' ? 'bookings.undo_made' : 'bookings.undo_moved'), { quiet: true, kbd: 'Ctrl+Z', off: !idle(view) }),
  );
}

/** What was done, in one sentence. */
export const headOf = (done) =>
  ({
    made: () => say('bookings.made', when(done.booking)),
    moved: () => say('bookings.moved', when(done.booking)),
    cancelled: () => say('bookings.cancelled'),
    came: () => say(done.already ? 'bookings.came_before' : 'bookings.came', { no: done.number }),
  })[done.kind]();

function cameText({ slot, ahead }) {
  if (!slot) return say('bookings.came_sub', { n: ahead });
  if (slot.late) return say('bookings.came_late', { t: slot.begins, n: ahead });
  return slot.early ? say('bookings.came_early', { t: slot.begins }) : say('bookings.came_sub', { n: ahead });
}

const when = ({ day, begins, ends }) => ({ day: dayName(day), t: `${begins}–${ends}` });

// -- the day's bookings

function list(page, view) {
  const { list: all, filter, day } = page;
  const asked = filter.normalize('NFKC').replace(/[\s-]/g, '');
  const text = ({ holder, phone, code }) => `${holder ?? ''}${phone ?? ''}${code}`.replace(/[\s-]/g, '');
  const shown = (all ?? []).filter((each) => text(each).includes(asked));
  const live = (all ?? []).filter(({ state }) => HOLDING.includes(state)).length;
  return [
    el(
      'div',
      { class: 'list-head', 'data-key': 'list-head' },
      el('h3', {}, dayName(day), all && el('small', {}, say('bookings.count', { n: live }))),
      el('input', { class: 'filter', name: 'filter', type: 'search', autocomplete: 'off', maxlength: 24, placeholder: say('bookings.filter'), 'aria-label': say('bookings.filter') }),
    ),
    el(
      'ul',
      { class: 'booked', 'data-rows': true, 'data-key': 'booked' },
      shown.map((each) => rowOf(each, view)),
      all && shown.length === 0 && el('li', { class: 'none', 'data-key': 'none' }, say(all.length === 0 ? 'bookings.nobody' : 'bookings.nobody_found')),
    ),
    shown.length > 0 && el('p', { class: 'none', 'data-key': 'how' }, say('bookings.how')),
  ];
}

function rowOf(booking, view) {
  return el(
    'li',
    { 'data-key': booking.id },
    el(
      'button',
      { class: `one ${booking.state}`, type: 'button', 'data-row': true, 'data-do': 'one', 'data-arg': booking.id },
      el('b', {}, booking.begins),
      el('span', { class: 'who' }, booking.holder ?? say('bookings.erased')),
      el('span', { class: 'm' }, booking.matters.length > 0 ? matterLabels(booking.matters, view.catalogue) : ''),
      stateOf(booking),
    ),
  );
}

const stateOf = ({ state, number }) =>
  el('span', { class: `tag ${TONES[state] ?? ''}`.trim() }, number ? say('bookings.state_number', { no: number }) : say(`bookings.state_${state}`));

// -- one booking

function one(page, view) {
  const { booking, today, faults } = page;
  const open = booking.state === 'booked';
  return [
    el('h3', { 'data-key': 'head' }, `${dayName(booking.day)}　${booking.begins}–${booking.ends}`),
    facts(booking, view),
    el('p', { class: 'wrong', role: 'alert', 'data-key': 'wrong', hidden: !faults.all }, faults.all ?? ''),
    el(
      'div',
      { class: 'do', 'data-key': 'do' },
      open && booking.day === today && key('check-in', say('bookings.check_in_one'), { off: !idle(view) }),
      open && key('to-move', say('bookings.to_move'), { quiet: true }),
      open && key('to-cancel', say('bookings.to_cancel'), { quiet: true }),
      key('back', say('bookings.back'), { quiet: true, kbd: 'Esc', first: true }),
    ),
  ];
}

function facts(booking, view) {
  const rows = [
    [say('bookings.who'), booking.holder ?? say('bookings.erased')],
    [say('bookings.phone'), booking.phone || '—'],
    [say('bookings.matter'), booking.matters.length > 0 ? matterLabels(booking.matters, view.catalogue) : say('desk.unknown_matter')],
    [say('bookings.code'), sayCode(booking.code)],
  ];
  return el(
    'section',
    { class: 'box', 'data-key': 'facts' },
    rows.map(([name, text]) => el('div', { class: 'row' }, el('b', {}, name), el('span', {}, text))),
    el('div', { class: 'row' }, el('b', {}, say('bookings.state')), el('span', {}, stateOf(booking))),
  );
}

function move(page, view) {
  const { booking, slot, day } = page;
  const to = slot && page.days.find((each) => each.day === day)?.slots.find(({ begins }) => begins === slot);
  const same = to && day === booking.day && slot === booking.begins;
  return [
    el('h3', { 'data-key': 'head' }, say('bookings.move_title', when(booking))),
    el('p', { 'data-key': 'to' }, to ? say('bookings.move_to', when({ day, ...to })) : say('bookings.move_pick')),
    el(
      'div',
      { class: 'do', 'data-key': 'do' },
      key('move', say('bookings.move_yes'), { off: !to || same || !idle(view) }),
      key('back', say('bookings.back'), { quiet: true, kbd: 'Esc' }),
    ),
  ];
}

function cancel({ booking }, view) {
  return [
    el('h3', { 'data-key': 'head' }, say('bookings.cancel_title', when(booking))),
    el('p', { 'data-key': 'who' }, booking.holder ?? ''),
    el('p', { 'data-key': 'sub' }, say('bookings.cancel_sub')),
    el(
      'div',
      { class: 'do', 'data-key': 'do' },
      key('cancel', say('bookings.cancel_yes'), { off: !idle(view) }),
      key('back', say('bookings.cancel_no'), { quiet: true, kbd: 'Esc', first: true }),
    ),
  ];
}

// -- a new one

function make(page, view) {
  const { slot, day, days } = page;
  const chosen = days.find((each) => each.day === day)?.slots.find(({ begins }) => begins === slot);
  const text = chosen ? say('bookings.make_title', when({ day, ...chosen })) : say('bookings.slot_gone');
  return [
    el('h3', { 'data-key': 'head' }, text),
    el(
      'form',
      { class: 'make', novalidate: true, 'data-form': 'make', 'data-key': 'make' },
      el(
        'div',
        { class: 'pair', 'data-key': `pair-${page.form}` },
        field(page, 'name', say('bookings.name'), { maxlength: 60, 'data-first': true }),
        field(page, 'phone', say('bookings.phone'), { maxlength: 20, inputmode: 'tel' }),
      ),
      el(
        'div',
        { class: 'pair', 'data-key': `pair2-${page.form}` },
        field(page, 'id_number', say('bookings.id_number'), { maxlength: 24, sub: say('bookings.id_sub') }),
        field(page, 'matter', say('bookings.matter'), { maxlength: 40, sub: say('bookings.matter_sub') }),
      ),
      hitsOf(page, view),
      el(
        'div',
        { class: 'do', 'data-key': 'do' },
        key('submit', say('bookings.make_yes'), { type: 'submit', kbd: 'Enter', off: !chosen || !idle(view) }),
        key('back', say('bookings.make_no'), { quiet: true, kbd: 'Esc' }),
      ),
    ),
  ];
}

/** The chosen matters, and those that what is typed may mean. */
function hitsOf(page, view) {
  const asked = page.asked.trim().toLowerCase();
  const known = asked === '' ? [] : [...(view.catalogue?.values() ?? [])].filter((matter) => matches(matter, asked));
  return el(
    'div',
    { class: 'hits', 'data-key': 'hits' },
    page.matters.map((code) => pick('no-matter', code, matterLabels([code], view.catalogue), 'on')),
    known.filter(({ code }) => !page.matters.includes(code)).slice(0, HITS).map(({ code, public_label }) => pick('matter', code, public_label, '')),
    asked !== '' && known.length === 0 && el('small', { 'data-key': 'none' }, say('console.add_none')),
  );
}

const pick = (name, code, word, on) =>
  el(
    'button',
    { class: `hit ${on}`.trim(), type: 'button', 'data-do': name, 'data-arg': code, 'data-key': `${name}-${code}` },
    el('span', {}, word),
    icon(on ? 'close' : 'plus', 20),
  );
