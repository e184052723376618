// Before the desk: at which window are you? One press signs on; another clerk's shift is taken over with a password.
import { el, icon, morph } from '../dom.js';
import { devicesLine } from './devices.js';
import { frontDesk } from './front_desk.js';
import { say } from '../words.js';

export function drawChooser(place, { queue, session, note }) {
  const devices = devicesLine({ queue });
  morph(place, [
    el('h1', { 'data-key': 'title' }, say('console.choose_title')),
    el('div', { class: 'windows', 'data-key': 'windows' }, (queue?.windows ?? []).map((window) => windowOf(window, session))),
    el('p', { class: `note ${note?.tone ?? ''}`.trim(), role: 'status', 'data-key': 'note' }, note?.text ?? waiting(queue)),
    el('section', { class: 'below', 'data-key': 'below' }, frontDesk(), devices),
  ]);
}

function waiting(queue) {
  if (!queue) return say('state.loading');
  return queue.windows.length === 0 ? say('console.day_closed') : '';
}

function windowOf(window, session) {
  const mine = window.shift && window.clerk === session.name;
  const who = !window.shift ? say('console.choose_free') : mine ? say('console.choose_mine') : say('console.choose_other', { name: window.clerk ?? '' });
  const busy = window.shift && !mine;
  return el(
    'button',
    { class: busy ? 'k k-quiet' : 'k', type: 'button', 'data-act': 'sign-on', 'data-arg': window.number, 'data-key': `window-${window.number}` },
    icon(busy ? 'person' : 'counter', 40),
    el('span', { class: 'words' }, el('b', {}, say('desk.window', { n: window.number })), el('small', {}, who)),
    busy && el('span', { class: 'tag' }, say('console.take_over')),
  );
}
