// The queue at the left: tabs, rows with tags and waits, a hint.
import { el, morph } from '../dom.js';
import { say, settings } from '../words.js';
import { TABS, tabCount, tabRows, tags } from './desk.js';

const TAGS_SHOWN = settings.language === 'zh' ? 2 : 1; // more would push the number or the wait out of the row
const TAB_WORDS = { all: 'tab_all', general: 'tab_general', booked: 'tab_booked', collection: 'tab_collect', missed: 'tab_missed' };

export function drawQueue(place, view) {
  const { rows, hidden } = tabRows(view);
  const waited_ms = view.now - Date.parse(view.queue.at);
  const list = el(
    'ul',
    { class: 'rows', role: 'listbox', 'aria-label': say('desk.queue'), 'data-key': 'rows' },
    rows.map((row, index) => rowOf(row, index, view, waited_ms)),
    rows.length === 0 && el('li', { class: 'none', 'data-key': 'none' }, say('console.none_in_tab')),
    hidden > 0 && el('li', { class: 'none', 'data-key': 'more' }, say('console.more_rows', { n: hidden })),
  );
  morph(place, [
    el('h2', {}, say('desk.queue')),
    el('div', { class: 'tabs', role: 'tablist' }, TABS.map((tab) => tabOf(tab, view))),
    list,
    el(
      'div',
      { class: 'hint' },
      el('span', {}, say('desk.pick_hint')),
      el('button', { class: 'btn', type: 'button', 'data-act': 'find', 'data-key': 'find' }, el('span', {}, say('more.find')), el('kbd', {}, 'Alt+F')),
      view.selected && el('button', { class: 'btn', type: 'button', 'data-act': 'more', 'data-arg': view.selected, 'data-key': 'more-of' }, el('span', {}, say('more.open')), el('kbd', {}, 'M')),
    ),
  ]);
}

const tabOf = (tab, view) =>
  el(
    'button',
    {
      class: tab === view.tab ? 'tab on' : 'tab', role: 'tab', type: 'button', 'aria-selected': tab === view.tab,
      tabindex: tab === view.tab ? 0 : -1, 'data-act': 'tab', 'data-arg': tab,
    },
    el('span', {}, say(`desk.${TAB_WORDS[tab]}`)),
    el('b', {}, String(tabCount(view, tab))),
  );

/** What is left for one that waits, as on the slip and the board; nothing while the forecast has nothing for it. */
function aboutOf({ id, state }, { forecasts }) {
  const range = state === 'waiting' && forecasts?.waiting[id];
  return range && el('small', {}, say('display.about', { range: range.join('–') }));
}

function rowOf(row, index, view, waited_ms) {
  const wait_min = Math.max(0, Math.floor((row.waited_s * 1000 + Math.max(0, waited_ms)) / 60_000));
  const next = row.number === view.next && view.phase !== 'called';
  return el(
    'li',
    { 'data-key': row.id },
    el(
      'button',
      {
        class: next ? 'row next' : 'row', type: 'button', role: 'option', 'aria-selected': row.id === view.selected,
        tabindex: row.id === view.selected || (view.selected === null && index === 0) ? 0 : -1,
        'data-act': 'call', 'data-arg': row.id,
      },
      el('b', {}, row.number),
      el(
        'span',
        { class: 'm' },
        el(
          'span',
          { class: 'l' },
          el('span', {}, row.matters.length === 0 ? say('desk.unknown_matter') : row.matters.join('、')),
          tags(row, view).slice(0, TAGS_SHOWN).map(([text, tone]) => el('span', { class: tone ? `tag tag-${tone}` : 'tag' }, text)),
        ),
        aboutOf(row, view),
      ),
      el('span', { class: wait_min >= settings.late_after_min ? 't late' : 't' }, say('desk.waited', { n: wait_min })),
    ),
  );
}
