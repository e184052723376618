// How the hall's devices are: one line beside the desk, and a page of all of them that follows while it is open.
import { el, icon, morph } from '../dom.js';
import { hm } from '../hall_clock.js';
import { say } from '../words.js';
import { showPage } from './dialogs.js';

const ICONS = { kiosk: 'ticket', display: 'monitor', pad: 'counter', pads: 'counter', strips: 'monitor' };
const TONES = { ok: 'tag-green', degraded: 'tag-amber', down: 'tag-amber', unknown: '' };
const LINES = ['pads', 'strips']; // their place is a port, which the technician looks for
let place = null; // the open page's list

const isBad = ({ state }) => state === 'down' || state === 'degraded';

/** The head and the line for the column beside the desk; nothing in a hall without devices. */
export function devicesLine({ queue }) {
  const devices = queue?.devices ?? [];
  if (devices.length === 0) return [];
  const bad = devices.filter(isBad).length;
  return [
    el('h3', { 'data-key': 'devices-head' }, say('boss.devices')),
    el(
      'ul',
      { class: 'wl', 'data-key': 'devices' },
      el(
        'li',
        { 'data-key': 'devices-line' },
        el('b', { class: bad ? 'late' : null }, bad ? say('devices.bad', { n: bad }) : say('devices.all_ok')),
        el('button', { class: 'k mini', type: 'button', 'data-act': 'devices', 'data-key': 'devices-key' }, say('devices.see'), el('kbd', {}, 'Alt+D')),
      ),
    ),
  ];
}

/** Open the page of all devices. */
export function showDevices(view) {
  place = el('ul', { class: 'devices' }, rows(view));
  return showPage(say('boss.devices'), place);
}

/** Bring the open page up to date. */
export function followDevices(view) {
  if (place?.isConnected) morph(place, rows(view));
}

const rows = ({ queue }) => (queue?.devices ?? []).map(deviceOf);

function deviceOf(device) {
  const shown = toldApart(device);
  const said = shown.some((part) => part.say === device.say);
  return el(
    'li',
    { class: isBad(device) ? 'bad' : null, 'data-key': device.device },
    icon(ICONS[device.kind] ?? 'monitor', 32),
    el('div', {}, el('b', {}, device.name), LINES.includes(device.kind) && el('small', {}, device.place)),
    mark(device),
    device.say && !said && el('p', {}, device.say),
    shown.length > 0 && el('ul', {}, shown.map(partOf)),
    detailsOf(device),
  );
}

/** Which modules and models a device has, for the technician. */
function detailsOf(device) {
  const told = device.parts.filter(({ detail }) => detail);
  return told.length > 0 && el('p', { class: 'detail' }, told.map(({ name, detail }) => `${name}　${detail}`).join('；'));
}

/** Parts that are not well; when all of them say what the device says, one sentence is enough. */
function toldApart(device) {
  const bad = device.parts.filter(({ state }) => state !== 'ok');
  return bad.length > 1 && bad.every(({ say: sentence }) => sentence === device.say) ? [] : bad;
}

const partOf = (part) =>
  el('li', { 'data-key': part.part }, el('div', {}, el('b', {}, part.name), part.say && el('small', {}, part.say)), mark(part));

const mark = ({ state, since }) =>
  el('span', { class: 'mark' }, el('span', { class: `tag ${TONES[state]}`.trim() }, say(`devices.${state}`)), since && el('small', {}, say('devices.since', { t: hm(since) })));
