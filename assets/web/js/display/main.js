// The hall display: state in, picture and voice out. It heals by itself and never replays what it missed.
import { HallClock } from '../hall_clock.js';
import { HallStream } from '../stream.js';
import { Refused, get, post } from '../wire.js';
import { settings } from '../words.js';
import { Acks, afterPaint, visibleCalls } from './acks.js';
import { pair } from './pairing.js';
import { drawPicture } from './picture.js';
import { Speech } from './speech.js';

const PAGE_MS = 8000;
const FLASH_MS = 8000;
const FRESH_MS = 20_000; // older calls are shown without flashing: a display that comes back shouts at nobody
const HEALTH_MS = 3000;
const PLAN = { width: 1920, height: 1080 };

const place = document.getElementById('plan');
const asked = new URLSearchParams(location.search);
const clock = new HallClock();
const acks = new Acks();
const speech = new Speech({ now: () => clock.now(), played: acks.played, changed: draw });
const screen = { board: null, live: false, since: null, flash: null, flashUntil: 0, lastShown: null, pairing: false };

const stream = new HallStream(['board'], {
  state(_topic, board) {
    screen.board = board;
    flashOnce(board.newest);
    hearSpeaker(board);
    draw();
    speech.follow(board.speaking);
  },
  beat(beat) {
    clock.set(beat.at);
    screen.since = clock.now();
    hearSpeaker(beat);
  },
  up(snapshot) {
    clock.set(snapshot.at);
    acks.again();
    screen.live = true;
    screen.since = clock.now();
    speech.zone = snapshot.zone ?? null;
    hearSpeaker(snapshot);
  },
  down() {
    screen.live = false;
    speech.follow([]);
    draw();
  },
  failed: pairIfUnknown,
});

/** Who speaks is the server's choice; it may change at any moment. */
function hearSpeaker(message) {
  if (message.speaker === undefined) return;
  speech.speaks = message.speaker;
  void speech.next();
}

function flashOnce(call) {
  if (!call || call.id === screen.flash || call.withdrawn) return;
  screen.flash = call.id;
  screen.flashUntil = clock.now() - Date.parse(call.at) < FRESH_MS ? performance.now() + FLASH_MS : 0;
}

function draw() {
  if (screen.board === null || screen.pairing) return;
  drawPicture(place, screen.board, {
    now: clock.now(),
    clockKnown: clock.known,
    turn: Math.floor(performance.now() / PAGE_MS),
    flash: performance.now() < screen.flashUntil ? screen.flash : null,
    live: screen.live,
    since: screen.since,
    muted: speech.blocked,
  });
  if (screen.live) afterPaint(painted);
}

function painted() {
  if (screen.board === null || !screen.live) return;
  for (const call of visibleCalls(place, screen.board)) void acks.shown(call);
  if (screen.board.newest) screen.lastShown = screen.board.newest.id;
}

/** A refused stream means that nobody approved this display (or took it back): show the pairing code. */
async function pairIfUnknown() {
  if (screen.pairing) return;
  try {
    await get('/board');
  } catch (error) {
    if (!(error instanceof Refused) || ![401, 403].includes(error.problem.status)) return;
    screen.pairing = true;
    await pair(place, { name: asked.get('name') ?? 'display', zone: asked.get('zone') ?? 'hall' });
    screen.pairing = false;
    place.replaceChildren();
    stream.connect();
  }
}

async function reportHealth() {
  if (!screen.live) return;
  const parts = [
    { part: 'screen', state: document.hidden ? 'degraded' : 'ok', code: document.hidden ? 'hidden' : '' },
    { part: 'sound', state: speech.state, code: speech.blocked ? 'blocked' : '' },
  ];
  try {
    await post('/devices/self/health', { parts, version: settings.version, clock_offset_ms: Math.round(clock.offset_ms), last_shown: screen.lastShown });
  } catch {
    // The server finds a silent display by itself; there is nothing to do here.
  }
}

/** The plan of 1920 × 1080, as large as the screen allows, in its middle. */
function scale() {
  const share = Math.min(innerWidth / PLAN.width, innerHeight / PLAN.height);
  place.style.transform = `translate(-50%, -50%) scale(${share})`;
}

addEventListener('resize', scale);
document.addEventListener('pointerdown', () => void speech.unblock());
document.addEventListener('keydown', () => void speech.unblock());
scale();
speech.start();
stream.start();
setInterval(draw, 500);
setInterval(() => void reportHealth(), HEALTH_MS);
