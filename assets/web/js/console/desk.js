// What the console shows and what each key does, from the last pushed state. Nothing here touches the page.
import { entries, label, say, settings } from '../words.js';

/** Meaning of the keys by phase: the one place where a key is bound to an act. */
export const KEYS = {
  free: { F4: 'call-booked', F8: 'call-collection', F9: 'pick', F10: 'resume' },
  called: { F4: 'recall', F8: 'miss', F10: 'transfer' },
  serving: { F4: 'recall', F8: 'miss', F9: 'hold', F10: 'transfer', l: 'left', n: 'could-not', a: 'add' },
  paused: { F10: 'resume' },
  closed: {},
};
/** The blue key's act by phase. */
export const MAIN = { closed: 'open', paused: 'open', free: 'call-next', called: 'start', serving: 'finish' };

/** `minute`-precise reading of the desk: everything that the views need, or null before the first state. */
export function readDesk(desk, now) {
  const window = desk.queue?.windows.find(({ number }) => number === desk.number);
  if (!window) return null;
  const ticket = window.ticket;
  const phase = ticket?.state ?? window.state;
  const next = desk.queue.next[String(window.number)] ?? null;
  return {
    ...desk,
    now,
    window,
    ticket,
    phase: { open: 'free' }[phase] ?? phase,
    next,
    nextRow: desk.queue.rows.find(({ number }) => number === next) ?? null,
    why: ticket ? (window.reason?.say ?? '') : (desk.queue.next_reason?.[String(window.number)] ?? ''),
    live: desk.link === 'live',
    undo_s: undoSeconds(window, now),
  };
}

const undoSeconds = (window, now) =>
  window.undo_until ? Math.max(0, Math.ceil((Date.parse(window.undo_until) - now) / 1000)) : 0;

/** Seconds until `at`, 0 when it has come, null when there is no such moment. */
const secondsTo = (at, now) => (at ? Math.max(0, Math.ceil((Date.parse(at) - now) / 1000)) : null);

/** The blue key: { word, sub, act, off }. `off` leaves it in its place, flat. */
export function mainKey(view) {
  const act = MAIN[view.phase];
  const off = !view.live || (view.pending !== null && !view.pending.failed);
  const word = {
    open: () => say(view.phase === 'paused' ? 'console.resume_window' : 'console.open_window'),
    'call-next': () => say(view.next ? 'desk.call_next' : 'state.desk_empty'),
    start: () => say('desk.start'),
    finish: () => say('desk.finish'),
  }[act]();
  return { act, word, check: act === 'finish', off: off || (act === 'call-next' && !view.next) };
}

/** The other keys of this phase in their order: { key, act, arg?, icon, word, sub, off, quiet }. */
export function sideKeys(view) {
  const keys = { free: freeKeys, called: calledKeys, serving: servingKeys, paused: pausedKeys }[view.phase]?.(view) ?? [];
  const stopped = !view.live || view.pending !== null;
  return keys.map((entry) => ({ ...entry, off: entry.off || (stopped && entry.act !== 'pick') }));
}

function firstOf(view, kind) {
  return view.queue.rows.find((row) => row.kind === kind && row.state === 'waiting') ?? null;
}

function freeKeys(view) {
  const booked = firstOf(view, 'booked');
  const collection = firstOf(view, 'collection');
  return [
    { key: 'F4', act: 'call-booked', icon: 'booking', word: say('desk.call_booked'), ...calling(booked) },
    { key: 'F8', act: 'call-collection', icon: 'collect', word: say('desk.call_collect'), ...calling(collection) },
    { key: 'F9', act: 'pick', icon: 'keyboard', word: say('desk.call_pick'), sub: '↑ ↓ Enter', quiet: true },
    ...pausedKeys(view),
  ];
}

const calling = (row) => (row ? { arg: row.id, sub: row.number } : { sub: say('state.desk_empty'), off: true });

function pausedKeys({ window }) {
  const held = window.held[0];
  if (!held) return [];
  return [{ key: 'F10', act: 'resume', arg: held.id, icon: 'hold', word: say('console.resume'), sub: held.number }];
}

function calledKeys(view) {
  const { window, now } = view;
  const recall_s = secondsTo(window.recall_from, now);
  const miss_s = secondsTo(window.miss_from, now);
  const supervisor = maySupervise(view);
  return [
    {
      key: 'F4', act: 'recall', icon: 'recall', word: say('desk.recall'),
      sub: recall_s ? say('desk.recall_in', { n: recall_s }) : '', off: recall_s !== 0,
    },
    {
      key: 'F8', act: 'miss', icon: 'missed', word: say('desk.missed'), off: miss_s !== 0 && !supervisor,
      sub: miss_s === 0 ? '' : missRule(miss_s),
    },
    { key: 'F10', act: 'transfer', icon: 'transfer', word: say('desk.transfer'), sub: say('desk.transfer_sub'), quiet: true },
  ];
}

const missRule = (miss_s) =>
  miss_s === null ? say('desk.missed_rule', { n: settings.calls_before_miss }) : say('desk.recall_in', { n: miss_s });

function servingKeys() {
  const started = say('desk.started');
  return [
    { key: 'F4', act: 'recall', icon: 'recall', word: say('desk.recall'), sub: started, off: true },
    { key: 'F8', act: 'miss', icon: 'missed', word: say('desk.missed'), sub: started, off: true },
    { key: 'F9', act: 'hold', icon: 'hold', word: say('desk.hold'), sub: say('desk.hold_sub') },
    { key: 'F10', act: 'transfer', icon: 'transfer', word: say('desk.transfer'), sub: say('desk.transfer_sub') },
  ];
}

/** Small keys while serving. */
export const smallKeys = (view) =>
  [
    { key: 'L', act: 'left', icon: 'person', word: say('console.left') },
    { key: 'N', act: 'could-not', icon: 'close', word: say('console.could_not') },
    { key: 'A', act: 'add', icon: 'plus', word: say('desk.add_matter'), off: view.catalogue === null },
  ].map((entry) => ({ ...entry, off: entry.off || !view.live || view.pending !== null }));

/** Minimums bind clerks, not the manager. */
export const maySupervise = ({ session }) => session.roles.includes('manager');

/** True when a clerk could not miss the ticket yet, so that a supervisor has to give a ground. */
export const missNeedsGround = ({ window, now }) => secondsTo(window.miss_from, now) !== 0;

/** Public labels of a ticket's matters; tickets carry codes, rows of the queue carry labels. */
export function matterLabels(matters, catalogue) {
  const names = matters.map((code) => catalogue?.get(code)?.public_label ?? code);
  return names.length === 0 ? say('desk.unknown_matter') : names.join('、');
}

/** Tags of a queue row: [text, tone]. */
export function tags(row, view) {
  const shown = [];
  if (row.number === view.next && view.phase !== 'called') shown.push([say('desk.tag_next'), 'blue']);
  if (row.printed === 'not_printed') shown.push([say('desk.tag_nopaper'), 'amber']);
  if (row.grant) shown.push([say(row.grant_proof === 'claimed' ? 'console.tag_claimed' : 'console.tag_grant'), 'green']);
  if (row.printed === 'unknown') shown.push([say('console.tag_unknown_slip'), 'amber']);
  const [kind, ...rest] = (row.tag ?? '').split(':');
  const place = rest.join(':');
  if (kind === 'bound') shown.push([say('console.tag_bound', { n: place }), '']);
  else if (kind === 'booked') shown.push([say('desk.tag_booked', { t: place }), '']);
  else if (kind) shown.push([label('console', `tag_${kind}`), '']);
  return shown;
}

/** Rows of the chosen tab: { rows, hidden }: what is listed, and how many more the hall has. */
export function tabRows(view) {
  if (view.tab === 'missed') return { rows: view.queue.missed, hidden: 0 };
  const rows = view.queue.rows.filter((row) => view.tab === 'all' || row.kind === view.tab);
  return { rows, hidden: Math.max(0, tabCount(view, view.tab) - rows.length) };
}

/** How many wait in a tab, whole even where rows are cut. */
export function tabCount({ queue, hall }, tab) {
  if (tab === 'missed') return queue.counts.missed ?? queue.missed.length;
  if (tab === 'all') return queue.counts.waiting ?? queue.rows.length;
  const listed = queue.rows.filter((row) => row.kind === tab).length;
  const cut = (queue.counts.waiting ?? 0) > queue.rows.length;
  return cut ? Math.max(listed, hall?.waiting_by_kind[tab] ?? 0) : listed;
}

/** The alarms that concern this desk: the hall's, and those of its own window. */
export const alarmsOf = ({ queue, number }) =>
  (queue?.alarms ?? []).filter(({ place }) => !place.startsWith('window:') || place === `window:${number}`);

export const TABS = ['all', 'general', 'booked', 'collection', 'missed'];

/** Grounds for calling by hand that a person chooses from; the others are sent by keys that say them already. */
export const callGrounds = () =>
  entries('call_ground').filter(([code]) => !['at_desk', 'booked_first', 'collection_first'].includes(code));
