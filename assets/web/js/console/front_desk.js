// What the guide desk does beside calling: bookings and numbers on paper. Their keys stand beside the desk, and on the
// page before it for who sits at no window.
import { el } from '../dom.js';
import { say } from '../words.js';

const KEYS = [['bookings', 'Alt+B'], ['paper', 'Alt+J']];

/** A head and the keys. */
export const frontDesk = () => [
  el('h3', { 'data-key': 'front-head' }, say('front.title')),
  el(
    'div',
    { class: 'front', 'data-key': 'front' },
    KEYS.map(([act, shown]) =>
      el('button', { class: 'k mini', type: 'button', 'data-act': act, 'data-key': act }, el('b', {}, say(`front.${act}`)), el('kbd', {}, shown))),
  ),
];
