// What this display really did with a call: painted it, spoke it. Each is said once, again only when nobody answered.
import { Refused, newKey, post } from '../wire.js';

const TRIES = 3;
const REMEMBERED = 500;

export class Acks {
  constructor() {
    this.said = new Set();
  }

  /** The server may be a new one that knows nothing of what was painted: say again what stands here. */
  again() {
    for (const mark of this.said) if (mark.startsWith('shown ')) this.said.delete(mark);
  }

  shown = (call) => this.once(`shown ${call.id}`, call.id, { shown: true });
  played = (call) => this.once(`played ${call.id}`, call.id, { played: true });

  async once(mark, id, body) {
    if (this.said.has(mark)) return;
    this.said.add(mark);
    if (this.said.size > REMEMBERED) this.said.delete(this.said.values().next().value);
    const key = newKey();
    for (let attempt = 0; attempt < TRIES; attempt += 1) {
      try {
        await post(`/announcements/${id}/ack`, { ...body, key }, 1500);
        return;
      } catch (error) {
        if (error instanceof Refused) return; // long gone, or not ours: nothing to say about it
      }
    }
  }
}

/** After the browser has really painted what was drawn: two frames later. Never while the page is hidden. */
export function afterPaint(act) {
  requestAnimationFrame(() => requestAnimationFrame(act));
}

/** Calls of `board` that a person can now see in `place`: the newest, and those in a window's row. */
export function visibleCalls(place, board) {
  const rows = new Set([...place.querySelectorAll('.win[data-number]')].map((row) => `${row.dataset.key} ${row.dataset.number}`));
  const calls = [...board.speaking, ...(board.newest ? [board.newest] : [])].filter(({ withdrawn }) => !withdrawn);
  return calls.filter((call) => call.id === board.newest?.id || rows.has(`win-${call.window} ${call.number}`));
}
