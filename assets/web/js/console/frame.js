// What stands around the desk: top line, alarms, other windows and own figures, foot.
import { el, icon, morph } from '../dom.js';
import { hm, span, span2 } from '../hall_clock.js';
import { label, say, settings } from '../words.js';
import { alarmsOf } from './desk.js';
import { devicesLine } from './devices.js';
import { frontDesk } from './front_desk.js';

const ALARMS_SHOWN = 3;
const ALARM_ICONS = {
  help: 'help', no_paper: 'printer', cover: 'printer', printer_down: 'printer', reader_down: 'idcard',
  paper_low: 'printer', printer_note: 'printer',
  display_lost: 'monitor', kiosk_lost: 'monitor', not_shown: 'monitor', two_speakers: 'speaker', muted: 'speakeroff',
  join_expired: 'ticket', join_twice: 'ticket', join_refused: 'ticket', outbox_disk: 'warning', pads_down: 'counter', strips_down: 'monitor', clock_doubt: 'clock', held: 'hold', many_numbers: 'people', held_alone: 'hold', nobody_able: 'counter', desk_alone: 'counter', no_calendar: 'booking', day_left_open: 'clock', disk: 'warning', four_digits: 'ticket',
};
const ALARM_GO = { join_expired: 'console.alarm_seen', join_twice: 'console.alarm_seen', join_refused: 'console.alarm_seen', outbox_disk: 'console.alarm_seen', many_numbers: 'more.void_go', nobody_able: 'console.alarm_seen', desk_alone: 'console.alarm_seen', held_alone: 'more.held_go', no_calendar: 'console.alarm_seen', day_left_open: 'console.alarm_seen', help: 'desk.alarm_go', no_paper: 'desk.alarm_paper_go', cover: 'desk.alarm_go', held: 'console.alarm_seen', not_shown: 'console.alarm_seen' };
const SCREEN_CODES = ['display_lost', 'not_shown'];
const VOICE_CODES = ['two_speakers', 'muted'];

export function drawHead(place, view) {
  const { hall, number, session, link, now, clockKnown } = view;
  const alarms = alarmsOf(view);
  const ok = (codes) => !alarms.some(({ code }) => codes.includes(code));
  morph(place, [
    icon('mark', 32),
    el('span', { class: 'hall' }, hall?.hall ?? ''),
    hall?.training && el('span', { class: 'tag tag-amber' }, say('hall_display.training')),
    hall?.day_open && !hall.issuing && el('span', { class: 'tag tag-amber', 'data-key': 'stopped' }, say('more.stopped')),
    number && el('span', { class: 'win' }, say('desk.window', { n: number })),
    el('span', { class: 'who' }, `${say('desk.type_general')}　${session?.name ?? ''}`),
    el('span', { class: 'sp' }),
    alarms.length > 0 && check(false, say('desk.alarm_n', { n: alarms.length })),
    check(link === 'live', say(link === 'live' ? 'desk.net_ok' : 'console.connecting')),
    check(link === 'live' && ok(SCREEN_CODES), say('desk.screen_ok')),
    check(link === 'live' && ok(VOICE_CODES), say('desk.voice_ok')),
    session?.roles.includes('manager') && headKey('hall', 'mark', say('more.hall_title'), null),
    number && view.phase && headKey('pause', 'hold', say('desk.pause'), 'Alt+P'),
    number && headKey('sign-off', 'lock', say('console.sign_off'), 'Alt+Q'),
    el('span', { class: 'time' }, clockKnown ? hm(now) : '–'),
  ]);
}

const check = (good, word) => el('span', { class: good ? 'chk' : 'chk bad' }, el('i'), el('span', {}, word));

const headKey = (act, name, word, key) =>
  el('button', { class: 'btn', type: 'button', 'data-act': act, 'data-key': act }, icon(name, 20), el('span', {}, word), key && el('kbd', {}, key));

export function drawAlarms(place, view) {
  const alarms = alarmsOf(view);
  place.hidden = alarms.length === 0 && view.link !== 'down';
  const lost = view.link === 'down' && el(
    'li',
    { class: 'al-amber', 'data-key': 'offline' },
    icon('offline', 32),
    el('div', {}, el('b', {}, say('state.desk_offline')), view.lostAt && el('small', {}, say('display.stale', { t: hm(view.lostAt) }))),
  );
  const shown = alarms.slice(0, ALARMS_SHOWN);
  const more = alarms.length - shown.length;
  morph(place, [
    lost,
    ...shown.map((alarm, index) => alarmOf(alarm, index, view)),
    more > 0 && el('li', { class: 'al-amber more', 'data-key': 'more' }, el('div', {}, say('console.alarm_more', { n: more }))),
  ]);
}

function alarmOf(alarm, index, view) {
  const waited = say('console.alarm_since', { t: span(view.now - Date.parse(alarm.since)) });
  const mine = view.going.has(alarm.id);
  const who = alarm.taken_by ? say('console.alarm_taken', { name: alarm.taken_by }) : say(mine ? 'console.alarm_mine' : 'console.alarm_nobody');
  const red = alarm.code === 'help' || alarm.urgent;
  const word = alarm.taken_by ? say('console.alarm_done') : say(ALARM_GO[alarm.code] ?? 'desk.alarm_screen_go');
  return el(
    'li',
    { class: red ? 'al-red' : 'al-amber', 'data-key': alarm.id },
    icon(ALARM_ICONS[alarm.code] ?? 'warning', 32),
    el('div', {}, el('b', {}, alarm.say), el('small', {}, `${waited}，${who}`)),
    !mine && el('button', { class: 'k', type: 'button', 'data-act': 'alarm', 'data-arg': alarm.id, 'data-key': `alarm-${alarm.id}` }, el('span', {}, word), el('kbd', {}, `Alt+${index + 1}`)),
  );
}

export function drawAside(place, view) {
  const { window, queue, hall, now } = view;
  const mean_min = window.mean_service_s === null || window.mean_service_s === undefined ? '–' : Math.round(window.mean_service_s / 60);
  morph(place, [
    el('h3', {}, say('desk.mine_today')),
    el('div', { class: 'figs' }, figure(window.done_today ?? 0, say('desk.done_n')), figure(mean_min, `${say('desk.avg')} ${say('desk.unit_min')}`)),
    window.held.length > 0 && el('h3', { 'data-key': 'held-head' }, say('console.held')),
    window.held.length > 0 && el('ul', { class: 'wl held', 'data-key': 'held' }, window.held.map((ticket) => heldOf(ticket, view))),
    el('h3', { 'data-key': 'hall-head' }, say('desk.hall_now')),
    el('ul', { class: 'wl', 'data-key': 'hall' }, queue.windows.filter(({ number }) => number !== window.number).map((other) => otherOf(other, now))),
    ...frontDesk(),
    ...devicesLine(view),
    hall?.notice && el('h3', { 'data-key': 'notice-head' }, say('desk.notice')),
    hall?.notice && el('div', { class: 'msg', 'data-key': 'notice' }, hall.notice),
  ]);
}

const figure = (value, word) => el('div', {}, el('b', {}, String(value)), el('small', {}, word));

function heldOf(ticket, view) {
  const due = ticket.remind_at && Date.parse(ticket.remind_at) <= view.now;
  const remind = due ? say('console.remind_now') : ticket.remind_at ? say('console.remind_at', { t: hm(ticket.remind_at) }) : say('desk.hold');
  const off = !view.live || view.pending !== null;
  const resumable = ['free', 'paused'].includes(view.phase) && !off;
  return el(
    'li',
    { 'data-key': ticket.id },
    el('b', {}, ticket.number),
    el('span', { class: due ? 't late' : 't' }, remind),
    act('resume', ticket.id, say('console.resume'), !resumable),
    act('release', ticket.id, say('console.release'), off),
  );
}

const act = (name, arg, word, off) =>
  el('button', { class: off ? 'k mini k-off' : 'k mini', type: 'button', 'data-act': name, 'data-arg': arg, 'data-key': `${name}-${arg}`, 'aria-disabled': off ? 'true' : null }, word);

function otherOf(other, now) {
  const name = el('span', {}, say('desk.window', { n: other.number }));
  const since = other.ticket && (other.ticket.started_at ?? other.ticket.called_at);
  if (other.ticket) {
    return el('li', { 'data-key': `w${other.number}` }, name, el('b', {}, other.ticket.number), el('span', { class: 't' }, since ? span2(now - Date.parse(since)) : ''));
  }
  const word = { paused: say('desk.paused'), closed: say('boss.closed'), open: say('strip.free') }[other.state];
  return el('li', { 'data-key': `w${other.number}` }, name, el('span', { class: 't' }, other.ground ? `${word} · ${label('pause_ground', other.ground)}` : word));
}

export function drawFoot(place, view) {
  const undo = view.undo_s > 0 && view.live;
  morph(place, [
    el('span', {}, el('kbd', {}, 'F2'), el('span', {}, say('desk.f2_rule', { n: settings.undo_s }))),
    el('span', { class: 'sp' }),
    el(
      'button',
      { class: undo ? 'undo on' : 'undo', type: 'button', 'data-act': 'undo', 'data-key': 'undo', 'aria-disabled': undo ? null : 'true' },
      el('kbd', {}, 'Ctrl+Z'),
      el('span', {}, undo ? say('console.undo_in', { n: view.undo_s }) : say('desk.undo')),
    ),
    el('button', { class: 'undo', type: 'button', 'data-act': 'keys', 'data-key': 'keys' }, el('kbd', {}, '?'), el('span', {}, say('desk.keys_all'))),
  ]);
}
