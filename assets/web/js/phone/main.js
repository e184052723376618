// The page behind a slip's code: where this number stands. No sign-in, no name; asked anew while somebody looks.
import { el, icon, morph } from '../dom.js';
import { hm } from '../hall_clock.js';
import { Refused, get, newKey, post } from '../wire.js';
import { say, settings } from '../words.js';

const AGAIN_MS = 10_000;
const SURE_MS = 6000;
const COME_BACK_AT = 3; // people before
const STEPS = ['taken', 'wait', 'call', 'do'];
const STEP_OF = { waiting: 1, missed: 2, called: 2, serving: 3, held: 3, done: 4 };
const code = location.pathname.split('/').pop().replace(/[^0-9A-Za-z]/g, '');
const track = document.getElementById('track');

let ticket = null;
let trouble = '';
let sure = 0;
let cancelKey = newKey();

async function look() {
  try {
    ticket = await get(`/track/${code}`);
    trouble = '';
  } catch (error) {
    if (error instanceof Refused && error.problem.code === 'not_found') [ticket, trouble] = [null, say('state.phone_unknown')];
    else if (error instanceof Refused) trouble = error.message;
    else trouble = ticket ? say('state.phone_stale', { t: hm(ticket.updated_at) }) : say('phone.no_network');
  }
  draw();
}

async function cancel() {
  if (!sure) {
    sure = setTimeout(() => { sure = 0; draw(); }, SURE_MS);
    draw();
    return;
  }
  clearTimeout(sure);
  sure = 0;
  try {
    await post(`/tickets/${encodeURIComponent(ticket.id)}/cancel`, { key: cancelKey, track: code });
  } catch (error) {
    trouble = error instanceof Refused ? error.message : say('phone.no_network');
    if (error instanceof Refused) cancelKey = newKey();
    draw();
    return;
  }
  await look();
}

function draw() {
  morph(track, [
    el('header', { class: 'top' }, icon('mark', 32), el('b', {}, settings.hall), el('span', { class: 'sp' }), languageLink()),
    trouble && el('p', { class: 'trouble', role: 'alert' }, trouble),
    ...(ticket ? parts() : []),
    el('p', { class: 'end' }, say('phone.watch')),
  ]);
}

function languageLink() {
  const other = settings.language === 'zh' ? 'en' : 'zh';
  return el('a', { href: `?lang=${other}`, lang: other === 'zh' ? 'zh-CN' : 'en' }, other === 'zh' ? '中文' : 'English');
}

function parts() {
  const { state } = ticket;
  if (state === 'called' || state === 'serving') return [called(), steps(), ...(state === 'called' ? [goNow()] : [])];
  if (state === 'missed') return [missed(), el('h2', {}, say('phone.do_title')), todo(), report(), left(), cancelRow()];
  if (state === 'waiting') return [slip(), steps(), come(), keep(), cancelRow()];
  return [slip(), ...(STEP_OF[state] ? [steps()] : []), row('info', say(`phone.${state}`), say(`phone.${state}_sub`))];
}

function slip() {
  const waiting = ticket.state === 'waiting';
  return el('section', { class: 'slip' },
    el('small', {}, say('phone.yours')),
    el('b', { class: 'no' }, ticket.number),
    waiting && el('div', { class: 'tear' }),
    waiting && el('div', { class: 'two' }, figure('phone.ahead', ticket.ahead, 'phone.people'), figure('phone.about', range(), 'phone.minutes')),
    el('p', { class: 'at' }, say('phone.updated', { t: hm(ticket.updated_at) })));
}

function range() {
  const { forecast } = ticket;
  return forecast ? `${forecast.low_min}–${forecast.high_min}` : null;
}

function figure(label, value, unit) {
  return el('div', {}, el('small', {}, say(label)), el('b', {}, value ?? '–'), value === null ? null : say(unit));
}

function steps() {
  const now = STEP_OF[ticket.state];
  return el('ol', { class: 'steps' }, STEPS.map((step, at) =>
    el('li', { class: at < now ? 'did' : at === now ? 'now' : null }, say(`phone.step_${step}`))));
}

function called() {
  const serving = ticket.state === 'serving';
  return el('section', { class: 'called' },
    el('b', { class: 'mine' }, ticket.number),
    el('p', {}, serving ? say('phone.serving') : say('phone.go')),
    el('p', { class: 'win' }, say('phone.window', { n: ticket.window })),
    el('small', {}, say('phone.updated', { t: hm(ticket.updated_at) })));
}

function missed() {
  return el('section', { class: 'miss' },
    el('b', { class: 'no' }, ticket.number), el('b', {}, say('phone.missed')), el('small', {}, say('phone.kept')));
}

function todo() {
  const lines = [say('phone.do1'), say('phone.do2_slip'), say('phone.do3', { n: settings.rejoin_after })];
  return el('ol', { class: 'todo' }, lines.map((line, at) => el('li', {}, el('i', {}, String(at + 1)), el('span', {}, line))));
}

const report = () => el('div', { class: 'code' }, el('b', { class: 'letters' }, code), el('b', {}, say('phone.report_code')));
const left = () => row('info', ticket.rejoins_left ? say('phone.left', { n: ticket.rejoins_left }) : say('phone.none_left'));
const goNow = () => row('arrowright', say('phone.go_now'), say('phone.three', { n: settings.calls_before_miss }));
const come = () => row('people', say('phone.come', { n: COME_BACK_AT }), say('phone.come_sub'));
const keep = () => row('recall', say('phone.look'), say('phone.look_sub'));

function row(name, text, more = null) {
  return el('div', { class: 'row' }, icon(name, 32), el('div', {}, el('b', {}, text), more && el('small', {}, more)));
}

function cancelRow() {
  const key = el('button', { class: sure ? 'key key-sure' : 'key key-quiet', type: 'button', 'data-act': 'cancel' },
    sure ? say('phone.cancel_sure') : say('phone.cancel'));
  return el('div', { class: 'keys' }, key);
}

track.addEventListener('click', (event) => { if (event.target.closest('[data-act="cancel"]')) cancel(); });
document.addEventListener('visibilitychange', () => { if (!document.hidden) look(); });
setInterval(() => { if (!document.hidden) look(); }, AGAIN_MS);
look();
