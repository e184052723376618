// How well the waiting times printed on slips were kept, day by day: for the manager, who may want to trust them.
import { bar, el } from '../dom.js';
import { date, momentOf } from '../hall_clock.js';
import { say } from '../words.js';
import { showPage } from './dialogs.js';

const AT_LEAST = 0.75; // share of waits inside the printed range that the forecast is held to

/** Open the page of `days` ({ business_day, count, inside, width_min }), the newest first. */
export function showGrades(days, today) {
  const list = el('ul', { class: 'grades' }, days.map((day) => dayOf(day, today)));
  return showPage(say('grades.title'), el('div', {}, el('p', {}, days.length > 0 ? say('grades.sub', { n: 100 * AT_LEAST }) : say('grades.none')), list));
}

const dayOf = ({ business_day, count, inside, width_min }, today) =>
  el(
    'li',
    {},
    el('b', {}, business_day === today ? say('grades.today') : date(momentOf(business_day, '12:00'))),
    bar(inside, AT_LEAST),
    el('b', { class: inside < AT_LEAST ? 'late' : null }, say('grades.inside', { n: Math.round(inside * 100) })),
    el('small', {}, say('grades.count', { n: count })),
    el('small', {}, say('grades.width', { n: Math.round(width_min) })),
  );
