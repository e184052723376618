// The middle: whom it is about, what is known, and the keys. The blue key is always the last and never moves.
import { bar, el, icon, morph } from '../dom.js';
import { hm, hms, span, span2 } from '../hall_clock.js';
import { say, settings } from '../words.js';
import { mainKey, matterLabels, sideKeys, smallKeys } from './desk.js';
import { grantText } from './more.js';

export function drawStage(place, view) {
  place.dataset.phase = view.phase;
  place.dataset.sending = view.pending ? 'yes' : 'no';
  const story = { free, called, serving, paused, closed }[view.phase]?.(view) ?? [];
  morph(place, [
    el('div', { class: 'story', 'data-key': 'story' }, story),
    noteOf(view),
    keysOf(view),
    blueKey(view),
  ]);
}

/** Its proof is to be seen now; then it stands where 为什么 does, whose answer it is. */
const claimed = ({ grant, grant_proof }) => Boolean(grant) && grant_proof === 'claimed';

/** The ground of a priority; while it is only claimed, with the key for having seen the proof. */
function grantLine(view, grant, proof, atWindow) {
  if (!grant) return null;
  const key = atWindow && proof === 'claimed';
  return el(
    'div',
    { class: proof === 'claimed' ? 'grant claimed' : 'grant', 'data-key': 'grant' },
    el('span', {}, grantText(view, grant, proof)),
    key && el('button', { class: view.live ? 'k mini' : 'k mini k-off', type: 'button', 'data-act': 'proof-seen', 'aria-disabled': view.live ? null : 'true' }, el('b', {}, say('more.proof_seen')), el('kbd', {}, 'G')),
  );
}

const why = (view) =>
  view.why && el('div', { class: 'why' }, el('b', {}, say('desk.why')), el('span', {}, view.why));

function free(view) {
  const { now, next, nextRow, freeSince } = view;
  const idle = freeSince && el('span', { class: 'end' }, say('desk.idle_for', { t: span2(now - freeSince) }));
  if (!next) {
    return [
      el('p', { class: 'cap' }, el('span', {}, say('desk.next_is')), idle),
      el('p', { class: 'no none' }, say('state.desk_empty')),
      facts(view),
    ];
  }
  const waited_ms = nextRow ? nextRow.waited_s * 1000 + Math.max(0, now - Date.parse(view.queue.at)) : null;
  return [
    el(
      'p',
      { class: 'cap' },
      el('span', {}, say('desk.next_is')),
      nextRow && el('span', {}, say('desk.waited_long', { n: Math.floor(waited_ms / 60_000) })),
      idle,
    ),
    el('p', { class: 'no', 'data-number': next }, next),
    nextRow && el('p', { class: 'mat' }, nextRow.matters.join('、') || say('desk.unknown_matter')),
    nextRow && grantLine(view, nextRow.grant, nextRow.grant_proof, false),
    why(view),
    facts(view),
  ];
}

/** 此事项 and 上一件: what the next one will ask for, and what was just finished. */
function facts(view) {
  const matter = firstMatter(view);
  const rows = [];
  if (matter) {
    const text = say('desk.prepare_text', { n: matter.average_service_min, m: matter.materials.length });
    rows.push([say('desk.prepare'), `${text}　${matter.materials.map(({ name }) => name).join('、')}`]);
  }
  if (view.previous) rows.push([say('desk.previous'), view.previous]);
  if (rows.length === 0) return null;
  return el('section', { class: 'box' }, rows.map(([name, text]) => el('div', { class: 'row' }, el('b', { class: 'short' }, name), el('span', {}, text))));
}

function firstMatter({ ticket, nextRow, catalogue }) {
  if (!catalogue) return null;
  if (ticket) return ticket.matters.length > 0 ? (catalogue.get(ticket.matters[0]) ?? null) : null;
  if (!nextRow || nextRow.matters.length === 0) return null;
  return [...catalogue.values()].find(({ public_label }) => public_label === nextRow.matters[0]) ?? null;
}

function called(view) {
  const { ticket, window, now } = view;
  const times = Math.max(1, window.announcements.length);
  return [
    el('p', { class: 'cap' }, el('b', { class: 'calling' }, say('desk.calling')), el('span', {}, say('desk.called_times', { n: times }))),
    el(
      'div',
      { class: 'split' },
      el('div', { class: 'grow' }, el('p', { class: 'no', 'data-number': ticket.number }, ticket.number), el('p', { class: 'mat' }, matterLabels(ticket.matters, view.catalogue))),
      el('div', { class: 'clock2' }, el('small', {}, say('desk.since_call')), el('b', {}, ticket.called_at ? span(now - Date.parse(ticket.called_at)) : '')),
    ),
    claimed(ticket) ? grantLine(view, ticket.grant, ticket.grant_proof, true) : why(view),
    log(window),
  ];
}

function log({ announcements }) {
  const rows = announcements.map((call, index) =>
    el(
      'div',
      { class: 'row', 'data-key': call.id },
      el('b', {}, say('desk.log_n', { n: index + 1 })),
      el('span', { class: 't' }, hms(call.at)),
      call.unconfirmed && !call.shown ? el('span', { class: 'need' }, say('state.desk_not_shown')) : marks(call),
    ),
  );
  for (let index = announcements.length; index < settings.calls_before_miss; index += 1) {
    rows.push(el('div', { class: 'row' }, el('b', {}, say('desk.log_n', { n: index + 1 })), el('span', {}, say('desk.log_none'))));
  }
  return el('section', { class: 'box log' }, el('h2', {}, say('desk.log')), rows.slice(-Math.max(3, announcements.length)));
}

const marks = (call) =>
  el('ul', { class: 'marks' }, mark(call.shown, say('desk.shown')), mark(call.played, say('desk.spoken')));

const mark = (done, word) =>
  done
    ? el('li', {}, icon('checkcircle', 24), el('span', {}, word))
    : el('li', { class: 'open', 'aria-label': `${word}: ${say('console.mark_none')}` }, el('span', {}, say('console.mark_none')));

function serving(view) {
  const { ticket, window, now } = view;
  const elapsed_ms = ticket.started_at ? now - Date.parse(ticket.started_at) : 0;
  const matter = firstMatter(view);
  const usual_min = matter?.average_service_min ?? (window.mean_service_s ? Math.round(window.mean_service_s / 60) : null);
  const usual = matter ? say('desk.usual', { n: usual_min }) : usual_min && say('console.mean', { n: usual_min });
  const longest = usual_min ? Math.max(usual_min * 60_000 * 1.22, elapsed_ms) : 0;
  return [
    el(
      'div',
      { class: 'split' },
      el('div', { class: 'strip' }, el('b', { class: 'no', 'data-number': ticket.number }, ticket.number), el('span', { class: 'mat' }, matterLabels(ticket.matters, view.catalogue))),
      el('div', { class: 'clock2' }, el('small', {}, say('desk.elapsed'), usual ? `　${usual}` : ''), el('b', {}, span(elapsed_ms)), usual_min && bar(elapsed_ms / longest, (usual_min * 60_000) / longest)),
    ),
    claimed(ticket) ? grantLine(view, ticket.grant, ticket.grant_proof, true) : why(view),
    matter && matter.materials.length > 0 && needed(matter),
    el('div', { class: 'minis' }, smallKeys(view).map(keyOf)),
  ];
}

const needed = ({ materials }) =>
  el('section', { class: 'box' }, el('h2', {}, say('console.needed')), materials.map(({ name, form, copies }) =>
    el('div', { class: 'row' }, el('b', {}, name), el('span', {}, copies > 0 ? `${form} × ${copies}` : form))));

function paused({ window }) {
  const ground = window.ground ? groundWord(window.ground) : '';
  return [el('p', { class: 'cap' }, el('span', {}, ground)), el('p', { class: 'no none' }, say('console.paused_now'))];
}

const groundWord = (code) => settings.words.pause_ground[code] ?? code;

const closed = () => [
  el('p', { class: 'cap' }, el('span', {}, say('console.closed_sub'))),
  el('p', { class: 'no none' }, say('console.closed_now')),
];

function keysOf(view) {
  const keys = sideKeys(view);
  const tall = view.phase === 'serving';
  return el('div', { class: `keys n${keys.length}${tall ? ' acts' : ''}`, 'data-key': 'keys' }, keys.map(tall ? tallKeyOf : keyOf));
}

const classOf = ({ off, quiet }) => `k${off ? ' k-off' : ''}${quiet ? ' k-quiet' : ''}`;
const attributesOf = (entry) => ({
  class: classOf(entry), type: 'button', 'data-key': `key-${entry.act}`, 'data-act': entry.act,
  'data-arg': entry.arg, 'aria-disabled': entry.off ? 'true' : null,
});

const keyOf = (entry) =>
  el('button', attributesOf(entry), icon(entry.icon, 24), el('span', { class: 'words' }, el('b', {}, entry.word), entry.sub ? el('small', {}, entry.sub) : null), el('kbd', {}, entry.key));

const tallKeyOf = (entry) =>
  el('button', attributesOf(entry), el('span', { class: 'h' }, icon(entry.icon, 24), el('b', {}, entry.word), el('kbd', {}, entry.key)), el('small', {}, entry.sub ?? ''));

/** One line over the blue key: what the last press came to. */
function noteOf(view) {
  const { pending, note } = view;
  const sending = pending && (pending.failed || performance.now() - pending.since > 250);
  const text = sending ? say(pending.failed ? 'state.desk_failed' : 'state.desk_sending') : (note?.text ?? '');
  const tone = pending?.failed ? 'amber' : sending ? '' : (note?.tone ?? '');
  return el('p', { class: `note ${tone}`.trim(), role: 'status', 'data-key': 'note' }, text);
}

function blueKey(view) {
  const { act, word, check, off } = mainKey(view);
  return el(
    'button',
    { class: off ? 'main-key off' : 'main-key', type: 'button', 'data-key': 'main', 'data-act': 'main', 'data-does': act, 'aria-disabled': off ? 'true' : null },
    check && icon('check', 40),
    el('span', {}, word),
    el('kbd', {}, 'F2'),
  );
}

/** Sentence for 上一件 once the ticket is finished. */
export function previousText(ticket, finished_ms, catalogue) {
  const minutes = ticket.started_at ? Math.max(1, Math.round((finished_ms - Date.parse(ticket.started_at)) / 60_000)) : 1;
  return `${ticket.number} ${matterLabels(ticket.matters, catalogue)}　${hm(finished_ms)} · ${minutes} ${say('desk.unit_min')}`;
}
