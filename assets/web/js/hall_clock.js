// The server's time, kept by the browser's steady clock between heartbeats: the machine's own date may be wrong.
import { settings } from './words.js';

const FORMATS = {
  minute: { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' },
  second: { hour: '2-digit', minute: '2-digit', second: '2-digit', hourCycle: 'h23' },
};

export class HallClock {
  constructor() {
    this.offset_ms = 0;
    this.known = false;
  }

  /** Take the server's `at` (ISO text) as now. */
  set(at) {
    this.offset_ms = Date.parse(at) - Date.now();
    this.known = true;
  }

  /** Milliseconds since 1970 by the server. */
  now() {
    return Date.now() + this.offset_ms;
  }
}

const format = (style) => new Intl.DateTimeFormat('zh-CN', { timeZone: settings.zone, ...FORMATS[style] });
const minute = format('minute');
const second = format('second');
const day = new Intl.DateTimeFormat(settings.language === 'zh' ? 'zh-CN' : 'en-GB', {
  timeZone: settings.zone,
  month: settings.language === 'zh' ? 'numeric' : 'short',
  day: 'numeric',
  weekday: settings.language === 'zh' ? 'long' : 'short',
});

const wall = new Intl.DateTimeFormat('en-US', {
  timeZone: settings.zone, year: 'numeric', month: '2-digit', day: '2-digit', hour: '2-digit', minute: '2-digit', hourCycle: 'h23',
});
const wallParts = (at) => Object.fromEntries(wall.formatToParts(new Date(at)).map(({ type, value }) => [type, value]));

/** 2026-01-14, the date in the hall's zone. */
export function dayOf(at) {
  const { year, month, day: number } = wallParts(at);
  return `${year}-${month}-${number}`;
}

/** Milliseconds since 1970 of a date and a time (`10:36`) on the hall's wall. */
export function momentOf(date, time) {
  const asUtc = Date.parse(`${date}T${time.padStart(5, '0')}:00Z`);
  const seen = wallParts(asUtc);
  return 2 * asUtc - Date.parse(`${dayOf(asUtc)}T${seen.hour}:${seen.minute}:00Z`);
}

/** 10:36 in the hall's zone; `at` is ISO text or milliseconds. */
export const hm = (at) => minute.format(new Date(at));
/** 10:36:02 in the hall's zone. */
export const hms = (at) => second.format(new Date(at));

/** 1月14日 星期三 in the hall's zone. */
export function date(at) {
  const part = Object.fromEntries(day.formatToParts(new Date(at)).map(({ type, value }) => [type, value]));
  if (settings.language !== 'zh') return day.format(new Date(at));
  return `${part.month}月${part.day}日 ${part.weekday}`;
}

/** 0:18 or 12:05 from milliseconds; never negative. */
export function span(ms) {
  const seconds = Math.max(0, Math.floor(ms / 1000));
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
}

/** 00:42 from milliseconds. */
export const span2 = (ms) => span(ms).padStart(5, '0');
