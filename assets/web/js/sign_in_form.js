// The form for account and password: on its own page, and over a console that locked itself.
import { el } from './dom.js';
import { Refused, post } from './wire.js';
import { say } from './words.js';

/** A form that resolves `done` with the session once the server agrees. `account` fills the first field. */
export function signInForm({ title, sub = '', account = '', done }) {
  const fault = el('p', { class: 'fault', role: 'alert', hidden: true });
  const name = el('input', { name: 'account', autocomplete: 'username', maxlength: 40, value: account, required: true });
  const secret = el('input', { name: 'password', type: 'password', autocomplete: 'current-password', maxlength: 200 });
  const go = el('button', { class: 'go', type: 'submit' }, say('sign_in.go'));
  const form = el(
    'form',
    { class: 'form', novalidate: true },
    el('h1', {}, title),
    sub && el('p', {}, sub),
    el('label', {}, say('sign_in.account'), name),
    el('label', {}, say('sign_in.password'), secret),
    fault,
    go,
  );
  const tell = (text) => {
    fault.textContent = text;
    fault.hidden = text === '';
  };
  form.addEventListener('submit', async (event) => {
    event.preventDefault();
    if (name.value.trim() === '' || secret.value === '') return tell(say('sign_in.empty'));
    go.disabled = true;
    try {
      const session = await post('/session', { account: name.value.trim(), password: secret.value });
      tell('');
      done(session);
    } catch (error) {
      tell(error instanceof Refused ? error.message : say('sign_in.unreachable'));
      secret.select();
    } finally {
      go.disabled = false;
    }
  });
  queueMicrotask(() => (account === '' ? name : secret).focus());
  return form;
}
