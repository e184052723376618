// The picture: newest call, one row for each window, who waits, missed numbers, notice. Drawn from the last state, again
// and again; nothing here is remembered.
import { el, icon, morph } from '../dom.js';
import { date, hm } from '../hall_clock.js';
import { label, say } from '../words.js';
import { fitLine, fitNewest, fitNumbers } from './fit.js';

const ROWS_A_PAGE = 8;
const TALL_UP_TO = 3;
const KINDS = [['general', 'general'], ['booked', 'booked'], ['collection', 'collect']];
const KIND_OF_LETTER = { A: 'general', Y: 'booked', C: 'collect' };

/** Number of pages that so many windows take. */
const pagesOf = (windows) => Math.max(1, Math.ceil(windows.length / ROWS_A_PAGE));

/**
 * Draw `board`. `screen`: { now, clockKnown, turn, flash, live, since, muted }: `turn` counts the pages; `since` is the time of the picture when
 * cut off, `flash` the id of the call that is fresh.
 */
export function drawPicture(place, board, screen) {
  morph(place, [
    topLine(board, screen),
    el('div', { class: 'board', 'data-key': 'board' }, calls(board, screen), side(board)),
    missed(board),
    foot(board, screen),
  ]);
  place.classList.toggle('stale', !screen.live);
  fitNewest(place.querySelector('.newest'));
  fitLine(place.querySelector('.top .name'), 48);
  fitLine(place.querySelector('.foot .text'), 48);
  for (const line of place.querySelectorAll('.win .line')) fitLine(line, 40);
  for (const number of place.querySelectorAll('.win .n')) fitLine(number, 72);
  fitNumbers(place.querySelector('.missed .nos'), (n) => say('hall_display.missed_more', { n }), screen.turn);
}

function topLine(board, { now, clockKnown, muted }) {
  return el(
    'header',
    { class: 'top', 'data-key': 'top' },
    icon('mark', 72),
    el('span', { class: 'name' }, board.hall),
    board.training && el('span', { class: 'training' }, say('hall_display.training')),
    el('span', { class: 'date' }, clockKnown ? date(now) : ''),
    muted && el('button', { class: 'muted', type: 'button', 'data-act': 'sound', 'data-key': 'muted', 'aria-label': say('hall_display.sound_blocked'), title: say('hall_display.sound_blocked') }, icon('speakeroff', 72)),
    el('span', { class: 'time' }, clockKnown ? hm(now) : '–'),
  );
}

function calls(board, screen) {
  const tall = board.windows.length <= TALL_UP_TO;
  const from = tall ? 0 : (screen.turn % pagesOf(board.windows)) * ROWS_A_PAGE;
  const windows = board.windows.slice(from, from + ROWS_A_PAGE);
  const rows = Math.min(4, Math.max(2, Math.ceil(Math.min(board.windows.length, ROWS_A_PAGE) / 2)));
  const layout = tall ? `tall tall${windows.length}` : `rows${rows}`;
  return el(
    'section',
    { class: 'calls', 'data-key': 'calls' },
    newest(board, screen, tall),
    el('div', { class: `wins ${layout}`, 'data-key': 'wins' }, windows.map((window) => row(window, board.newest, tall))),
  );
}

function newest({ newest: call, hall }, screen, tall) {
  const size = tall ? ' big' : '';
  if (!call || call.withdrawn) {
    return el('div', { class: `newest${size}`, 'data-key': 'newest' }, el('span', { class: 'quiet' }, hall));
  }
  const flash = screen.flash === call.id && screen.live ? ' flash' : '';
  return el(
    'div',
    // A key of its own for each announcement: the flash begins anew with each.
    { class: `newest${size}${flash}`, 'data-key': `newest-${call.id}`, 'data-call': call.id },
    el('span', { class: 'n' }, call.number),
    icon('arrowright', 120),
    el('span', { class: 'w' }, say('display.window', { n: call.window })),
  );
}

function row(window, call, tall) {
  const now = call && !call.withdrawn && call.window === window.number && call.number === window.ticket && window.calling;
  const shut = window.state !== 'open' && !window.ticket;
  const name = say(tall ? 'display.window' : 'display.window_short', { n: window.number });
  return el(
    'div',
    { class: `win${now ? ' now' : ''}${shut ? ' shut' : ''}${window.line ? ' said' : ''}`, 'data-key': `win-${window.number}`, 'data-number': window.ticket },
    el('span', { class: 'w' }, name),
    window.line ? el('span', { class: 'line' }, lineOf(window.line)) : numberOf(window),
    tall && window.ticket && !window.line && KIND_OF_LETTER[window.ticket[0]] && el('small', {}, say(`display.${KIND_OF_LETTER[window.ticket[0]]}`)),
  );
}

function numberOf({ ticket, state }) {
  if (ticket) return el('span', { class: 'n' }, ticket);
  const word = { paused: say('display.paused'), closed: say('boss.closed'), open: '' }[state];
  return el('span', { class: 'no' }, word);
}

function lineOf(line) {
  const [code, number] = line.split(':');
  return label('hall_display', code).replace('{no}', number ?? '');
}

function side(board) {
  const range = board.forecast && `${board.forecast.low_min}–${board.forecast.high_min}`;
  const counts = KINDS.map(([kind, word]) => [word, board.waiting_by_kind[kind] ?? 0]);
  return el(
    'section',
    { class: 'side', 'data-key': 'side' },
    el(
      'div',
      { class: 'panel wait' },
      el('h2', {}, say('display.waiting')),
      el(
        'ul',
        {},
        [...counts, ['priority', board.granted_waiting]].map(([word, count], index) => [
          el('li', { 'data-key': word }, el('span', {}, say(`display.${word}`)), el('b', {}, String(count))),
          index === 0 && range && el('li', { class: 'est', 'data-key': 'est' }, say('display.about', { range })),
        ]).flat(),
      ),
    ),
  );
}

function missed(board) {
  return el(
    'section',
    { class: 'missed', 'data-key': 'missed' },
    icon('missed', 72),
    el('b', { class: 't' }, say('display.missed')),
    el('div', { class: 'nos' }, board.missed.map((number) => el('b', { class: 'no' }, number))),
    el('p', {}, say('display.missed_rule', { n: board.missed_after })),
  );
}

function foot(board, { live, since }) {
  if (!live) {
    return el(
      'footer',
      { class: 'alert', 'data-key': 'alert', role: 'alert' },
      icon('offline', 72),
      el('b', {}, say('display.stale', { t: hm(since) })),
      el('span', {}, say('display.stale_do')),
    );
  }
  return el('footer', { class: board.notice ? 'foot' : 'foot bare', 'data-key': 'foot' }, icon('note', 56), el('span', { class: 'text' }, board.notice));
}
