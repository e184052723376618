// Questions over the page. Each choice has its digit; Esc gives up; the page below keeps its state.
import { el } from '../dom.js';
import { entries, say } from '../words.js';

const TYPING = 'input:not([type=checkbox])';
let ending = null; // ends what is asked now
const box = () => document.getElementById('dialog');

export const asking = () => box().open;

/** Close whatever is asked: the question answers null. */
export function stopAsking() {
  if (box().open) box().close();
  ending?.();
}

/**
 * Ask for one of `choices` ([value, word] each). Resolves with the value, or null when given up.
 * `extra`: an element shown between question and choices.
 */
export function choose(title, choices, { sub = '', extra = null } = {}) {
  return show((done) => [
    el('h2', {}, title),
    sub && el('p', {}, sub),
    extra,
    el('div', { class: 'choices' }, choices.map(([value, word], index) => choice(value, word, index, done))),
    giveUp(done),
  ]);
}

/** Ask for a ground of `section`; resolves with its code. */
export const ground = (title, section, codes = entries(section)) => choose(title, codes);

/** The page of all keys. */
export function showKeys(rows) {
  return show((done) => [
    el('h2', {}, say('console.keys_title')),
    el('dl', { class: 'all-keys' }, rows.map(([key, word]) => el('div', {}, el('dt', {}, el('kbd', {}, key)), el('dd', {}, word)))),
    giveUp(done, say('console.key_close')),
  ], { wide: true });
}

/**
 * A page to look at or work on; `body` may change while it is open. `back()` takes Esc one step back within the page and
 * is false when there is none.
 */
export const showPage = (title, body, options = {}) =>
  show((done) => [el('h2', {}, title), body, giveUp(done, say('console.key_close'))], options);

/** Ask for a text of the person's own (a password to take over); resolves with it, or null. */
export function askSecret(title, sub, word) {
  return show((done) => {
    const input = el('input', { type: 'password', autocomplete: 'current-password', maxlength: 200, name: 'password' });
    const form = el('form', { class: 'form' }, el('h1', {}, title), el('p', {}, sub), el('label', {}, say('sign_in.password'), input), el('button', { class: 'go', type: 'submit' }, word));
    form.addEventListener('submit', (event) => {
      event.preventDefault();
      if (input.value !== '') done(input.value);
    });
    return [form, giveUp(done)];
  });
}

/** Ask for one line of text that starts as `text`; resolves with it, or null. */
export function askText(title, sub, text) {
  return show((done) => {
    const input = el('input', { type: 'text', maxlength: 100, name: 'text', value: text, 'aria-label': title });
    const form = el('form', { class: 'form' }, el('h2', {}, title), el('p', {}, sub), input, el('button', { class: 'go', type: 'submit' }, say('more.go_on')));
    form.addEventListener('submit', (event) => {
      event.preventDefault();
      if (input.value.trim() !== '') done(input.value.trim());
    });
    return [form, giveUp(done)];
  });
}

/** Tell some sentences until they are put away. */
export const tellMore = (title, sentences) =>
  show((done) => [el('h2', {}, title), ...sentences.map((sentence) => el('p', {}, sentence)), giveUp(done, say('console.key_close'))]);

/** Find one of `matters` by name or pinyin initials; resolves with its code, or null. */
export function findMatter(title, matters) {
  return show((done) => {
    const field = el('input', { type: 'search', maxlength: 40, placeholder: say('console.add_field'), 'aria-label': say('console.add_field') });
    const list = el('div', { class: 'choices found' });
    const draw = () => {
      const asked = field.value.trim().toLowerCase();
      const hits = matters.filter((matter) => matches(matter, asked)).slice(0, 8);
      list.replaceChildren(...hits.map(({ code, public_label }) => choice(code, public_label, null, done)));
      if (hits.length === 0) list.replaceChildren(el('p', {}, say('console.add_none')));
    };
    field.addEventListener('input', draw);
    field.addEventListener('keydown', (event) => {
      if (event.key === 'Enter') list.querySelector('button')?.click();
    });
    draw();
    return [el('h2', {}, title), el('div', { class: 'form' }, field), list, giveUp(done)];
  });
}

export const matches = (matter, asked) =>
  asked === '' || matter.initials.some((initials) => initials.startsWith(asked)) || `${matter.name}${matter.public_label}`.toLowerCase().includes(asked);

function choice(value, word, index, done) {
  const button = el('button', { class: 'k', type: 'button', 'data-digit': index === null ? null : index + 1 }, index !== null && el('kbd', {}, String(index + 1)), el('b', {}, word));
  button.addEventListener('click', () => done(value));
  return button;
}

function giveUp(done, word = say('console.cancel')) {
  const button = el('button', { class: 'k k-quiet give-up', type: 'button' }, el('b', {}, word), el('kbd', {}, say('console.esc')));
  button.addEventListener('click', () => done(null));
  return button;
}

function show(build, { wide = false, back = () => false } = {}) {
  const dialog = box();
  stopAsking();
  dialog.classList.toggle('wide', wide);
  return new Promise((resolve) => {
    let answer = null;
    const done = (value) => {
      answer = value;
      dialog.close();
    };
    const keys = (event) => {
      if (event.key === 'Escape' && back()) return event.preventDefault();
      if (event.target.matches(TYPING) || event.ctrlKey || event.altKey) return;
      const button = dialog.querySelector(`[data-digit="${CSS.escape(event.key)}"]`);
      if (button) button.click();
      return button && event.preventDefault();
    };
    dialog.replaceChildren(...build(done).flat().filter(Boolean));
    const closed = () => !dialog.open && ending?.(); // the event of the one before comes late, when this one is open
    ending = () => {
      ending = null;
      dialog.removeEventListener('keydown', keys);
      dialog.removeEventListener('close', closed);
      dialog.replaceChildren();
      resolve(answer);
    };
    dialog.addEventListener('keydown', keys);
    dialog.addEventListener('close', closed);
    dialog.showModal();
    (dialog.querySelector(TYPING) ?? dialog.querySelector('.choices button'))?.focus();
  });
}
