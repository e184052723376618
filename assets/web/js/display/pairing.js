// A display that nobody approved yet shows its pairing code, large, and waits. The cookie comes with the approval.
import { el } from '../dom.js';
import { hm } from '../hall_clock.js';
import { Refused, newKey, post } from '../wire.js';
import { say } from '../words.js';

const ASK_MS = 2000;
const RETRY_MS = 3000;

const pause = (wait_ms) => new Promise((resolve) => setTimeout(resolve, wait_ms));

/** Show codes until one is approved. `name` and `zone` are what the manager sees. */
export async function pair(place, { name, zone }) {
  for (;;) {
    const started = await untilAnswered(place, () => post('/devices/pair/start', { key: newKey(), kind: 'display', name, zone }));
    draw(place, started, say('hall_display.pair_wait'));
    const state = await approval(place, started);
    if (state === 'approved') return;
    draw(place, started, say('hall_display.pair_refused'));
    await pause(RETRY_MS);
  }
}

async function approval(place, started) {
  for (;;) {
    await pause(ASK_MS);
    const { state } = await untilAnswered(place, () => post('/devices/pair', { code: started.code }), started);
    if (state !== 'waiting') return state;
    draw(place, started, say('hall_display.pair_wait'));
  }
}

async function untilAnswered(place, ask, started = null) {
  for (;;) {
    try {
      return await ask();
    } catch (error) {
      // The server does not know the code any more (too old, or it was started anew): a new one is needed.
      if (error instanceof Refused && started !== null && error.problem.status !== 429) return { state: 'refused' };
      draw(place, started, say('hall_display.pair_lost'));
      await pause(RETRY_MS);
    }
  }
}

function draw(place, started, text) {
  const until = started && say('hall_display.pair_until', { t: hm(started.expires_at) });
  place.replaceChildren(
    el('section', { class: 'pairing' }, el('p', {}, say('hall_display.pair_title')), el('b', { class: 'code' }, started?.code ?? '–'), el('p', { role: 'status' }, text), until && el('small', {}, until)),
  );
}
