// The sign-on page: on success to the console, or to the page of ours that asked.
import { keepSession } from './session.js';
import { signInForm } from './sign_in_form.js';
import { say } from './words.js';

const asked = new URLSearchParams(location.search).get('next') ?? '';
const next = /^\/[a-z-]+(\?[a-z=&]*)?$/.test(asked) ? asked : '/console';

document.getElementById('entry').append(
  signInForm({
    title: say('sign_in.title'),
    done(session) {
      keepSession(session);
      location.replace(next);
    },
  }),
);
