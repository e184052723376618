// The voice of the hall: announcements one after another, each only while it is fresh, and only on the one display that
// the server chose. What could not be spoken in time is never spoken later.
import { settings } from '../words.js';

const BETWEEN_MS = 600;
const FETCH_LIMIT_MS = 5000;
const REMEMBERED = 500;
const PLAY_LIMIT_MS = 30_000; // no call lasts longer: a player that never says "ended" does not block the next one

const languagesOf = (call) => call.languages ?? ['zh'];
const addressOf = (call, language) => (language === 'zh' ? call.audio : `${call.audio}?language=${language}`);

export class Speech {
  /** `now()` server time in ms; `played(call)` after the first full saying; `changed()` when `blocked` changes. */
  constructor({ now, played, changed }) {
    Object.assign(this, { now, played, changed });
    this.context = null;
    this.chime = null;
    this.speaks = false;
    this.zone = null;
    this.wanted = [];
    this.begun = new Set();
    this.current = null;
    this.source = null;
  }

  /** True while the browser refuses sound until somebody touches the page. */
  get blocked() {
    return this.context !== null && this.context.state === 'suspended';
  }

  /** 'ok', 'down' or 'unknown' for the health report. */
  get state() {
    if (this.context === null) return 'unknown';
    return this.context.state === 'running' ? 'ok' : 'down';
  }

  start() {
    this.context = new AudioContext();
    this.context.addEventListener('statechange', () => this.changed());
    this.chime = this.load(`/static/${settings.version}/chime.wav`);
  }

  /** Called from a touch: the browser allows sound from then on. */
  async unblock() {
    await this.context?.resume();
    this.changed();
  }

  /** The announcements to be spoken, oldest first, as the server has them now. */
  follow(calls) {
    this.wanted = calls;
    const gone = this.current && calls.find(({ id }) => id === this.current.id)?.withdrawn;
    if (gone) this.stop();
    void this.next();
  }

  stop() {
    this.source?.stop();
  }

  /** Speak the oldest that is still fresh; nothing when silent, blocked or busy. */
  async next() {
    if (this.current || !this.speaks || this.blocked || this.context === null) return;
    const call = this.wanted.find((one) => this.may(one));
    if (!call) return;
    this.current = call;
    this.remember(call.id);
    try {
      await this.speak(call);
    } finally {
      this.current = null;
    }
    void this.next();
  }

  may(call) {
    if (call.withdrawn || this.begun.has(call.id)) return false;
    if (this.zone !== null && call.zone !== this.zone) return false;
    return this.now() <= Date.parse(call.speak_until);
  }

  remember(id) {
    this.begun.add(id);
    if (this.begun.size > REMEMBERED) this.begun.delete(this.begun.values().next().value);
  }

  async speak(call) {
    const sayings = call.audio ? (await Promise.all(languagesOf(call).map((language) => this.load(addressOf(call, language))))) : [];
    const [first, second] = sayings;
    if (this.now() > Date.parse(call.speak_until)) return;
    const chimed = call.chime || !first ? await this.play(await this.chime) : false;
    if (!first) {
      if (chimed) this.played(call);
      return;
    }
    for (const [time, sound] of [...Array(call.times).fill(first), ...(second ? [second] : [])].entries()) {
      const latest = this.wanted.find(({ id }) => id === call.id);
      if (!this.speaks || latest?.withdrawn) return;
      if (time > 0) await new Promise((resolve) => setTimeout(resolve, BETWEEN_MS));
      const ended = await this.play(sound);
      if (ended && time === 0) this.played(call);
    }
  }

  /** Play to the end. False when it was stopped or made no sound. */
  play(sound) {
    if (!sound) return Promise.resolve(false);
    return new Promise((resolve) => {
      const source = this.context.createBufferSource();
      this.source = source;
      const begun = this.context.currentTime;
      const timer = setTimeout(() => source.stop(), PLAY_LIMIT_MS);
      source.buffer = sound;
      source.connect(this.context.destination);
      source.addEventListener('ended', () => {
        clearTimeout(timer);
        this.source = null;
        resolve(this.context.currentTime - begun >= sound.duration * 0.95);
      });
      source.start();
    });
  }

  /** Decoded sound of `address`, or null when it cannot be had: then chime and text remain. */
  async load(address) {
    const abort = new AbortController();
    const timer = setTimeout(() => abort.abort(), FETCH_LIMIT_MS);
    try {
      const response = await fetch(address, { credentials: 'same-origin', signal: abort.signal });
      if (!response.ok) return null;
      return await this.context.decodeAudioData(await response.arrayBuffer());
    } catch {
      return null;
    } finally {
      clearTimeout(timer);
    }
  }
}
