// The clerk console: state in one place, drawn after every change and four times a second, keys and presses into acts.
import { el } from '../dom.js';
import { HallClock } from '../hall_clock.js';
import { HallStream } from '../stream.js';
import { forgetSession, keepSession, readSession } from '../session.js';
import { Refused, get, request } from '../wire.js';
import { say } from '../words.js';
import { Acts } from './acts.js';
import { Bookings } from './bookings.js';
import { drawChooser } from './chooser.js';
import { KEYS, alarmsOf, mainKey, readDesk, sideKeys, smallKeys } from './desk.js';
import { followDevices, showDevices } from './devices.js';
import { asking, showKeys, stopAsking } from './dialogs.js';
import { drawAlarms, drawAside, drawFoot, drawHead } from './frame.js';
import { Hands, loadCatalogue } from './hands.js';
import { allKeys, moveInList, moveTab } from './keyboard.js';
import { Lock } from './lock.js';
import { More } from './more.js';
import { Paper } from './paper.js';
import { drawQueue } from './queue_list.js';
import { drawStage, previousText } from './stage.js';

const AGAIN_MS = 1500; // the blue key is refused this soon after its last press
const NOTE_MS = 8000;
const STAFF = ['clerk', 'manager'];
const QUESTIONS = ['pause', 'sign-off', 'call']; // nothing is asked that could not be sent
const WINDOW_PLACE = 'hall.window';

const clock = new HallClock();
const desk = {
  session: readSession(),
  number: Number(sessionStorage.getItem(WINDOW_PLACE)) || null,
  hall: null, queue: null, forecasts: null, catalogue: null, catalogueTag: null,
  link: 'connecting', lostAt: null, tab: 'all', selected: null, note: null, lastActed: null,
  freeSince: null, previous: null, awaited: null, going: new Set(),
};
const places = {};
let pressedMain = -Infinity;

const acts = new Acts({ changed: draw, signedOut: () => lock.lock() });
const lock = new Lock({ session: () => desk.session, unlocked });
const hands = new Hands({ view, send, tell, leave });
const more = new More({ view, send, tell, hands });
const bookings = new Bookings({ view, ask: quietly, tell });
const paper = new Paper({ view, ask: quietly, tell });
const stream = new HallStream(['queue', 'hall', 'forecasts'], {
  state: received,
  beat({ at, seq }) {
    clock.set(at);
    bookings.heard(seq);
  },
  up(snapshot) {
    clock.set(snapshot.at);
    desk.link = 'live';
    draw();
  },
  down() {
    desk.link = 'down';
    desk.lostAt = clock.now();
    draw();
  },
  failed: probe,
});

function view() {
  const now = clock.now();
  const common = { ...desk, pending: acts.pending, clockKnown: clock.known, now };
  return readDesk(common, now) ?? common;
}

// -- what comes from the server

function received(topic, value) {
  desk[topic] = value;
  if (topic === 'hall') void refreshCatalogue(value.catalogue);
  if (topic === 'queue') followQueue();
  draw();
}

async function refreshCatalogue(tag) {
  if (desk.catalogueTag === tag) return;
  desk.catalogueTag = tag;
  desk.catalogue = (await loadCatalogue()) ?? desk.catalogue;
  draw();
}

/** Things that only the difference between two states tells: since when free, and who was called away from under us. */
function followQueue() {
  const seen = view();
  if (!seen.window) return;
  if (seen.window.shift === null || seen.window.clerk !== desk.session.name) return letGo();
  if (seen.phase !== 'free') desk.freeSince = null;
  if (desk.awaited && seen.next !== desk.awaited) {
    const other = seen.queue.windows.find(({ number, ticket }) => number !== desk.number && ticket?.number === desk.awaited);
    if (other) tell(say('state.desk_taken', { no: desk.awaited, n: other.number }), 'amber');
  }
  desk.awaited = seen.phase === 'free' ? seen.next : null;
}

/** The shift ended elsewhere (another clerk took over): back to choosing. */
function letGo() {
  stopAsking();
  desk.number = null;
  sessionStorage.removeItem(WINDOW_PLACE);
}

/** The stream does not open: is it us (signed out) or the server? */
async function probe() {
  try {
    await get('/session');
  } catch (error) {
    if (error instanceof Refused && error.problem.status === 401) await lock.lock();
  }
}

function unlocked(session) {
  const other = desk.session && desk.session.account !== session.account;
  desk.session = session;
  if (other) {
    letGo();
    location.reload();
    return;
  }
  if (desk.link !== 'live') stream.connect();
  draw();
}

// -- what goes to the server

async function send(name, method, path, body) {
  const before = view().ticket;
  const outcome = await acts.run(name, method, path, body);
  if (outcome.busy) tell(say('state.desk_sending'));
  else if (outcome.dropped) tell(say('console.gave_up'), 'amber');
  else if (outcome.problem) await refused(outcome.problem);
  else answered(name, outcome.reply, before);
  draw();
  return outcome;
}

/** One command of a page, which tells itself what it came to. */
async function quietly(name, method, path, body) {
  const outcome = await acts.run(name, method, path, body);
  if (outcome.reply?.seq) stream.own(outcome.reply.seq);
  return outcome;
}

function answered(name, reply, before) {
  if (reply?.seq) stream.own(reply.seq);
  desk.note = null;
  desk.awaited = null;
  if (reply?.window) adopt(reply.window);
  if (!reply?.window || name === 'shift') return;
  desk.lastActed = reply.acted ?? reply.ticket?.id ?? null;
  if (name === 'finish' && before) desk.previous = previousText(before, clock.now(), desk.catalogue);
  if (name === 'undo') tell(say('console.undone'));
  if (!reply.window.ticket && reply.window.state === 'open') desk.freeSince = clock.now();
}

/** The window as the server has it now, until the next push says the rest. */
function adopt(window) {
  if (!desk.queue) return;
  const windows = desk.queue.windows.map((one) => (one.number === window.number ? window : one));
  const at = window.ticket?.id;
  const rows = at ? desk.queue.rows.filter(({ id }) => id !== at) : desk.queue.rows;
  desk.queue = { ...desk.queue, windows, rows };
}

async function refused(problem) {
  tell(problem.say || problem.title, 'red');
  if (problem.window) adopt(problem.window);
  draw();
  if (problem.code === 'say_which') await hands.sayWhich();
  if (problem.code === 'not_signed_on') letGo();
}

function tell(text, tone = '') {
  desk.note = { text, tone, until: performance.now() + NOTE_MS };
  draw();
}

async function leave() {
  try {
    await request('DELETE', '/session');
  } finally {
    forgetSession();
    sessionStorage.removeItem(WINDOW_PLACE);
    stream.stop();
    location.replace('/sign-in');
  }
}

async function signOn(number) {
  const outcome = await hands.signOn(number);
  if (!outcome || !(outcome.reply || outcome.adopted)) return;
  desk.number = number;
  sessionStorage.setItem(WINDOW_PLACE, String(number));
  draw();
}

// -- presses

const PRESSES = {
  main: pressMain,
  recall: () => hands.recall(),
  miss: () => hands.miss(),
  hold: () => hands.hold(),
  transfer: () => hands.transfer(),
  resume: (id) => hands.resume(id),
  release: (id) => hands.release(id),
  left: () => hands.finish('left'),
  'could-not': () => hands.finish('could_not'),
  add: () => hands.add(),
  'call-booked': (id) => hands.byHand(id, 'booked_first'),
  'call-collection': (id) => hands.byHand(id, 'collection_first'),
  call: (id) => hands.call(id),
  more: (id) => more.row(id),
  'proof-seen': () => more.proofSeen(),
  hall: () => more.hall(),
  find: () => more.find(),
  issue: () => more.issue(),
  pick: () => moveInList(places.queue, 0),
  undo: () => hands.undo(),
  pause: () => hands.pause(),
  'sign-off': signOff,
  'sign-on': (number) => signOn(Number(number)),
  keys: () => showKeys(allKeys()),
  devices: () => showDevices(view()),
  bookings: () => bookings.open(),
  paper: () => paper.open(),
  tab(tab) {
    desk.tab = tab;
    desk.selected = null;
  },
  alarm(id) {
    const alarm = desk.queue.alarms.find((one) => one.id === id);
    if (alarm?.code === 'help') return hands.alarm(alarm);
    if (alarm?.code === 'many_numbers') return more.voidRun(alarm);
    if (alarm?.code === 'held_alone') return more.freeHeld(alarm);
    // The wire knows only who goes to a call for help; for a device this desk remembers that its clerk went.
    return alarm && desk.going.add(id);
  },
};

/** Alt and a letter: what it does, of whatever has to be there. */
const ALT = {
  p: { act: 'pause', of: 'number' }, q: { act: 'sign-off', of: 'number' }, f: { act: 'find', of: 'window' }, n: { act: 'issue', of: 'window' },
  d: { act: 'devices', of: 'session' }, b: { act: 'bookings', of: 'session' }, j: { act: 'paper', of: 'session' }, g: { act: 'hall', of: 'session' },
};

async function signOff() {
  const outcome = await hands.signOff();
  if (outcome?.lock) await lock.lock();
}

function pressMain() {
  const seen = view();
  if (!seen.window) return null;
  if (acts.pending?.failed) return acts.retryNow();
  if (performance.now() - pressedMain < AGAIN_MS) return tell(say('console.wait_press'));
  const { act, off } = mainKey(seen);
  if (off) return null;
  pressedMain = performance.now();
  return { open: hands.open, 'call-next': () => hands.callNext(), start: hands.start, finish: () => hands.finish() }[act]();
}

function press(name, arg) {
  if (lock.locked) return;
  if (acts.busy && QUESTIONS.includes(name)) {
    tell(say('state.desk_sending'));
    return;
  }
  desk.note = desk.note?.until > performance.now() ? desk.note : null;
  void PRESSES[name]?.(arg);
  draw();
}

document.addEventListener('click', (event) => {
  const target = event.target.closest('[data-act]');
  if (!target || target.closest('dialog')) return;
  if (target.getAttribute('aria-disabled') === 'true' && target.dataset.act !== 'main') return;
  press(target.dataset.act, target.dataset.arg);
});

document.addEventListener('contextmenu', (event) => {
  const row = event.target.closest?.('.rows .row');
  if (!row || lock.locked || asking()) return;
  event.preventDefault();
  press('more', row.dataset.arg);
});

document.addEventListener('focusin', (event) => {
  const row = event.target.closest?.('.rows .row');
  if (row && row.dataset.arg !== desk.selected) desk.selected = row.dataset.arg;
});

document.addEventListener('keydown', (event) => {
  if (lock.locked || asking()) return;
  if (event.altKey && /^[1-3]$/.test(event.key)) return handled(event, () => pressAlarm(Number(event.key)));
  const letter = event.altKey && ALT[event.key.toLowerCase()];
  if (letter) return handled(event, () => view()[letter.of] && press(letter.act));
  if (event.ctrlKey && event.key.toLowerCase() === 'z') return handled(event, () => view().window && press('undo'));
  if (event.ctrlKey || event.altKey || event.metaKey) return;
  if (event.key === '?') return handled(event, () => press('keys'));
  if (event.key.toLowerCase() === 'm' && desk.selected) return handled(event, () => press('more', desk.selected));
  if (event.key.toLowerCase() === 'g' && view().ticket?.grant_proof === 'claimed') return handled(event, () => press('proof-seen'));
  if (event.key === 'F2') return handled(event, () => !event.repeat && press('main'));
  if (['ArrowUp', 'ArrowDown'].includes(event.key)) return handled(event, () => moveInList(places.queue, event.key === 'ArrowDown' ? 1 : -1));
  if (['ArrowLeft', 'ArrowRight'].includes(event.key)) return handled(event, () => press('tab', moveTab(desk.tab, event.key === 'ArrowRight' ? 1 : -1)));
  pressBound(event);
});

function handled(event, act) {
  event.preventDefault();
  act();
}

function pressAlarm(n) {
  const alarm = alarmsOf(desk)[n - 1];
  if (alarm) press('alarm', alarm.id);
}

/** F4 … F10 and the letters: what they mean now, and only while their key is not flat. */
function pressBound(event) {
  const seen = view();
  const name = KEYS[seen.phase]?.[event.key.length === 1 ? event.key.toLowerCase() : event.key];
  if (!name) {
    if (/^F(2|4|8|9|10)$/.test(event.key)) event.preventDefault();
    return;
  }
  event.preventDefault();
  const entry = [...sideKeys(seen), ...(seen.phase === 'serving' ? smallKeys(seen) : [])].find(({ act }) => act === name);
  if (entry && !entry.off && !event.repeat) press(name, entry.arg);
}

// -- drawing

function build() {
  const root = document.getElementById('console');
  places.head = el('header', { class: 'head' });
  places.alarms = el('ul', { class: 'alarms', hidden: true });
  places.queue = el('section', { class: 'queue' });
  places.stage = el('section', { class: 'stage' });
  places.aside = el('aside', { class: 'aside' });
  places.foot = el('footer', { class: 'foot' });
  places.cols = el('div', { class: 'cols' }, places.queue, places.stage, places.aside);
  places.chooser = el('main', { class: 'chooser', hidden: true });
  root.append(places.head, places.alarms, places.chooser, places.cols, places.foot);
}

function draw() {
  if (!places.head) return;
  if (desk.note && desk.note.until < performance.now()) desk.note = null;
  const seen = view();
  const ready = Boolean(seen.window);
  drawHead(places.head, seen);
  drawAlarms(places.alarms, seen);
  followDevices(seen);
  bookings.follow();
  paper.follow();
  places.chooser.hidden = ready;
  places.cols.hidden = places.foot.hidden = !ready;
  if (!ready) return drawChooser(places.chooser, seen);
  drawQueue(places.queue, seen);
  drawStage(places.stage, seen);
  drawAside(places.aside, seen);
  drawFoot(places.foot, seen);
}

async function start() {
  desk.session ??= await whoami();
  if (!desk.session) {
    location.replace('/sign-in?next=/console');
    return;
  }
  keepSession(desk.session);
  build();
  for (const type of ['keydown', 'pointerdown', 'pointermove']) document.addEventListener(type, () => lock.touch(), { passive: true });
  draw();
  stream.start();
  setInterval(() => {
    lock.check();
    draw();
  }, 250);
}

/** Who is signed in on this browser, when this tab does not know it yet; null for nobody and for devices. */
async function whoami() {
  try {
    const session = await get('/session');
    return session.roles.some((role) => STAFF.includes(role)) ? session : null;
  } catch {
    return null;
  }
}

void start();
