// Moving with the arrows, and the page that lists all keys.
import { say } from '../words.js';
import { TABS } from './desk.js';

/** Focus the row `step` away from the focused one; 0 goes to the chosen one, or the first. */
export function moveInList(queue, step) {
  const rows = [...queue.querySelectorAll('.rows .row')];
  if (rows.length === 0) return;
  const here = rows.indexOf(document.activeElement);
  const chosen = Math.max(0, rows.findIndex((row) => row.tabIndex === 0));
  const next = here === -1 || step === 0 ? chosen : Math.min(rows.length - 1, Math.max(0, here + step));
  rows[next].focus();
  rows[next].scrollIntoView({ block: 'nearest' });
}

/** The tab `step` to the right of `tab`, round and round. */
export const moveTab = (tab, step) => TABS[(TABS.indexOf(tab) + step + TABS.length) % TABS.length];

/** Every key with what it does. */
export const allKeys = () => [
  ['F2', say('console.key_main')],
  ['F4', say('console.key_recall')],
  ['F8', say('console.key_miss')],
  ['F9', say('console.key_hold')],
  ['F10', say('console.key_transfer')],
  ['L', say('console.key_left')],
  ['N', say('console.key_could_not')],
  ['A', say('console.key_add')],
  ['↑ ↓ Enter', say('console.key_list')],
  ['← →', say('console.key_tabs')],
  ['M', say('more.key')],
  ['G', say('more.key_proof')],
  ['Alt+F', say('more.key_find')],
  ['Alt+N', say('more.key_issue')],
  ['Alt+B', say('front.key_bookings')],
  ['Alt+J', say('front.key_paper')],
  ['Alt+G', say('more.key_hall')],
  ['Ctrl+Z', say('console.key_undo')],
  ['Alt+P', say('console.key_pause')],
  ['Alt+Q', say('console.sign_off')],
  ['Alt+1 2 3', say('console.key_alarm')],
  ['Alt+D', say('devices.key')],
  ['?', say('console.keys_title')],
];
