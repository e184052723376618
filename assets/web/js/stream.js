// One server-sent stream per page (a browser allows six connections to a server, all tabs together).
//
// The first message is a snapshot; a heartbeat comes each second; silence of HEARD_LIMIT_MS means cut off, whatever the
// socket says. A push whose `seq` is older than what the page already knows from its own acts is dropped.
import { API } from './wire.js';

export const HEARD_LIMIT_MS = 3500;
const BACK_OFF_MS = [300, 700, 1500, 3000, 5000];
const TOPICS = ['board', 'queue', 'hall', 'forecasts'];

export class HallStream {
  /** `listen`: { state(topic, value), beat(heartbeat), up(snapshot), down(), failed() }; `failed` at each lost try. */
  constructor(topics, listen) {
    this.url = `${API}/stream?topics=${topics.join(',')}`;
    this.listen = listen;
    this.source = null;
    this.live = false;
    this.epoch = null;
    this.floor = 0;
    this.failures = 0;
    this.heard = performance.now();
    this.reopen = null;
  }

  start() {
    this.connect();
    this.watch = setInterval(() => this.check(), 250);
  }

  stop() {
    clearInterval(this.watch);
    clearTimeout(this.reopen);
    this.source?.close();
    this.lost();
  }

  /** Pushes older than `seq` are stale from now on: the page has seen its own act's outcome. */
  own(seq) {
    this.floor = Math.max(this.floor, seq);
  }

  connect() {
    clearTimeout(this.reopen);
    this.reopen = null;
    this.source?.close();
    this.heard = performance.now();
    const source = new EventSource(this.url);
    this.source = source;
    source.addEventListener('snapshot', (event) => this.snapshot(JSON.parse(event.data)));
    for (const topic of TOPICS) source.addEventListener(topic, (event) => this.push(topic, JSON.parse(event.data)));
    source.addEventListener('heartbeat', (event) => this.beat(JSON.parse(event.data)));
    source.addEventListener('bye', () => this.again());
    source.addEventListener('error', () => this.again());
  }

  snapshot(snapshot) {
    this.heard = performance.now();
    this.failures = 0;
    if (snapshot.epoch !== this.epoch) this.floor = 0;
    this.epoch = snapshot.epoch;
    this.live = true;
    this.listen.up(snapshot);
    for (const topic of TOPICS) if (snapshot[topic]) this.push(topic, snapshot[topic]);
  }

  push(topic, value) {
    this.heard = performance.now();
    if (!this.live || value.seq < this.floor) return;
    this.listen.state(topic, value);
  }

  beat(beat) {
    this.heard = performance.now();
    if (this.live) this.listen.beat(beat);
  }

  check() {
    if (this.reopen === null && performance.now() - this.heard > HEARD_LIMIT_MS) this.again();
  }

  again() {
    this.source?.close();
    this.lost();
    if (this.reopen !== null) return;
    const wait = BACK_OFF_MS[Math.min(this.failures, BACK_OFF_MS.length - 1)];
    this.failures += 1;
    // A little chance, so that forty consoles do not come back in the same moment.
    void this.listen.failed();
    this.reopen = setTimeout(() => this.connect(), wait * (0.8 + 0.4 * Math.random()));
  }

  lost() {
    if (!this.live) return;
    this.live = false;
    this.listen.down();
  }
}
