// Beyond the keys: what else can be done with one number of the list, the proof of a priority, the hall of its manager.
import { get } from '../wire.js';
import { entries, say, settings } from '../words.js';
import { maySupervise } from './desk.js';
import { askText, choose, tellMore } from './dialogs.js';
import { showGrades } from './grades.js';

const VOID_MIN = [1, 2, 5, 10];
const SUSPEND_MIN = [30, 60, 120, 240];

/** The hall's ground by code; null when the list does not have it (any more). */
export const groundOf = (view, code) => view.hall?.grounds?.find((one) => one.code === code) ?? null;
const groundName = (view, code) => {
  const found = groundOf(view, code);
  return (settings.language === 'en' ? found?.name_en : found?.name) ?? code;
};

/** What stands below a number that goes before others: its ground, and the proof while it is only claimed. */
export function grantText(view, grant, proof) {
  if (!grant) return '';
  const name = groundName(view, grant);
  const asked = groundOf(view, grant)?.proof ?? '';
  return proof === 'claimed' ? say('more.claimed', { name, proof: asked }) : say('more.seen', { name });
}

/** The newest call of the hall, to explain: { id, number, window } or null. */
function newestCall({ queue }) {
  const calls = queue.windows.flatMap(({ announcements }) => announcements.filter(({ repeat }) => repeat === 0));
  calls.sort((one, other) => Date.parse(other.at) - Date.parse(one.at));
  return calls[0] ?? null;
}

/** `view`, `send`, `tell`, `hands` of the desk. */
export class More {
  constructor({ view, send, tell, hands }) {
    Object.assign(this, { view, send, tell, hands });
  }

  call = (row) => this.hands.call(row.id);
  transfer = (row) => this.hands.transfer(row);
  release = (row) => this.hands.release(row.id);

  /** The menu of one number of the list. */
  async row(id) {
    const view = this.view();
    const row = [...view.queue.rows, ...view.queue.missed].find((one) => one.id === id);
    if (!row) return null;
    const waits = row.state === 'waiting';
    const choices = [
      view.phase === 'free' && ['call', say('more.call')],
      waits && !row.grant && ['grant', say('more.grant')],
      waits && row.grant_proof === 'claimed' && ['seen', say('more.proof_seen')],
      waits && row.grant && ['withdraw', say('more.withdraw')],
      waits && ['why', say('more.why_not')],
      waits && ['transfer', say('more.transfer')],
      waits && row.tag?.startsWith('bound:') && ['release', say('more.release')],
      row.state === 'missed' && ['rejoin', say('more.rejoin')],
      waits && ['cancel', say('more.cancel')],
    ].filter(Boolean);
    const sub = grantText(view, row.grant, row.grant_proof);
    const what = await choose(say('more.title', { no: row.number }), choices, { sub });
    return what && this[what](row);
  }

  chooseGround(title) {
    const view = this.view();
    const grounds = view.hall?.grounds ?? [];
    return choose(title, grounds.map(({ code, proof }) => [code, `${groundName(view, code)}　${say('more.ask_for', { proof })}`]));
  }

  grant = async (row) => {
    const ground = await this.chooseGround(say('more.grant_title', { no: row.number }));
    return ground && this.priority(row.id, { ground, proof: 'seen' });
  };

  seen = (row) => this.priority(row.id, { ground: row.grant, proof: 'seen' });
  withdraw = (row) => this.priority(row.id, { ground: null });
  rejoin = (row) => this.send('rejoin', 'POST', `/tickets/${row.id}/rejoin`, {});

  cancel = async (row) => {
    const sure = await choose(say('more.cancel_title', { no: row.number }), [['yes', say('more.cancel_yes')]]);
    return sure && this.send('cancel', 'POST', `/tickets/${row.id}/cancel`, {});
  };

  priority = (id, body) => this.send('priority', 'POST', `/tickets/${id}/priority`, body);

  /** Of the ticket at the window, when its proof was only claimed. */
  proofSeen() {
    const { ticket } = this.view();
    return ticket?.grant && this.priority(ticket.id, { ground: ticket.grant, proof: 'seen' });
  }

  /** Why the newest call took another number. */
  why = async (row) => {
    const call = newestCall(this.view());
    if (!call) return this.tell(say('more.no_call'));
    try {
      const found = await get(`/why/${call.id}?ticket=${row.id}`);
      await tellMore(say('more.why_title', { no: found.number, n: found.window }), [found.reason.say, found.other?.say ?? ''].filter(Boolean));
    } catch (error) {
      this.tell(error.problem?.say ?? say('console.gave_up'), 'amber');
    }
    return null;
  };

  /** Children pressed at a kiosk: cancel what it gave out in the last minutes and what still waits. */
  async voidRun(alarm) {
    const source = alarm.id.slice(alarm.id.indexOf(':') + 1);
    const title = say('more.void_title', { place: alarm.place });
    const minutes = await choose(title, VOID_MIN.map((n) => [n, say('more.void_min', { n })]), { sub: say('more.void_sub') });
    if (minutes === null) return null;
    const until_ms = this.view().now + 1000;
    const body = { source, since: moment(until_ms - minutes * 60_000), until: moment(until_ms) };
    const outcome = await this.send('void', 'POST', '/tickets/void', body);
    if (outcome.reply) this.tell(say('more.voided', { n: outcome.reply.numbers.length, list: outcome.reply.numbers.join('、') }));
    return outcome;
  }

  /** Held where nobody is: its resident waits for nothing. */
  async freeHeld(alarm) {
    const sure = await choose(alarm.say, [['yes', say('more.held_release')]]);
    return sure && this.hands.release(alarm.id.slice(alarm.id.indexOf(':') + 1));
  }

  /** A number for somebody who does not use the kiosk: given here, written down by hand. */
  async issue() {
    const view = this.view();
    if (!view.hall?.issuing) return this.tell(say('more.stopped'), 'amber');
    const kinds = ['general', 'collection'].map((kind) => [kind, say(`more.issue_${kind}`)]);
    const what = await choose(say('more.issue_title'), [...kinds, ['grant', say('more.issue_grant')]]);
    if (!what) return null;
    const grant = what === 'grant' ? await this.chooseGround(say('more.grant_title', { no: say('more.this_one') })) : null;
    if (what === 'grant' && !grant) return null;
    const outcome = await this.send('issue', 'POST', '/tickets', { kind: what === 'grant' ? 'general' : what, grant });
    if (outcome.reply) this.tell(say('more.issued', { no: outcome.reply.ticket.number, n: outcome.reply.ahead }));
    return outcome;
  }

  /** A number that stands on no list any more: bring it back. */
  async find() {
    const number = (await askText(say('more.find_title'), say('more.find_sub'), ''))?.toUpperCase();
    if (!number) return null;
    let tickets;
    try {
      ({ tickets } = await get(`/tickets?number=${encodeURIComponent(number)}`));
    } catch (error) {
      return this.tell(error.problem?.say ?? say('console.gave_up'), 'amber');
    }
    const choices = tickets.flatMap((ticket) => this.waysBack(ticket));
    if (choices.length === 0) return this.tell(say(tickets.length === 0 ? 'more.find_none' : 'more.find_nothing', { no: number }));
    const way = await choose(say('more.title', { no: number }), choices);
    const [name, id] = way?.split(' ') ?? [];
    if (name === 'menu') return this.row(id);
    return name && this.send(name, 'POST', `/tickets/${id}/${name}`, name === 'reopen' ? { window: this.view().window.number } : {});
  }

  waysBack({ id, state }) {
    const listed = [...this.view().queue.rows, ...this.view().queue.missed].some((row) => row.id === id);
    if (listed) return [[`menu ${id}`, say('more.find_listed')]];
    if (['cancelled', 'expired'].includes(state)) return [[`reinstate ${id}`, say('more.reinstate')]];
    return state === 'done' && this.view().phase === 'free' ? [[`reopen ${id}`, say('more.reopen')]] : [];
  }

  // -- the hall, for its manager

  async hall() {
    const view = this.view();
    if (!maySupervise(view)) return null;
    const { day_open, issuing, business_day } = view.hall ?? {};
    const choices = [
      !day_open && ['open', say('more.day_open')],
      day_open && issuing && ['stop', say('more.day_stop')],
      day_open && !issuing && ['resume', say('more.day_resume')],
      business_day && ['suspend', say('more.suspend')],
      ...(view.queue?.suspensions ?? []).map(({ code, text }) => [`lift ${code}`, say('more.lift', { text: text || code })]),
      day_open && ['close', say('more.day_close')],
      ['grades', say('grades.key')],
    ].filter(Boolean);
    const what = await choose(say('more.hall_title'), choices, { sub: calledByHand(view.queue?.windows ?? []) });
    if (what?.startsWith('lift ')) return this.lift(what.slice(5));
    return what && { open: this.openDay, stop: this.stopIssuing, resume: this.resumeIssuing, suspend: this.suspend, close: this.closeDay, grades: this.grades }[what]();
  }

  grades = async () => {
    try {
      const { days } = await get('/forecast/grades');
      return showGrades(days, this.view().hall?.business_day);
    } catch (error) {
      return this.tell(error.problem?.say ?? say('console.gave_up'), 'amber');
    }
  };

  openDay = async () => {
    const outcome = await this.day('open', {});
    if (outcome.problem?.code === 'clock_doubt') return this.openDated(outcome.problem);
    if (outcome.problem?.code !== 'confirm_needed') return outcome;
    const sure = await choose(outcome.problem.say, [['yes', say('more.confirm')]]);
    return sure && this.day('open', { confirmed: true });
  };

  /** No clock can say what day it is: a person does. */
  async openDated({ say: question, facts }) {
    const business_day = await askText(question, say('more.day_date'), facts.business_day ?? '');
    return business_day && this.day('open', { business_day, confirmed: true });
  }

  closeDay = async () => {
    const sure = await choose(say('more.close_title'), [['close', say('more.close_yes')], ['force', say('more.close_force')]], { sub: say('more.close_sub') });
    return sure && this.day('close', { force: sure === 'force' });
  };

  stopIssuing = () => this.day('stop-issuing', {});
  resumeIssuing = () => this.day('resume-issuing', {});
  day = (name, body) => this.send(`day-${name}`, 'POST', `/day/${name}`, body);

  suspend = async () => {
    const code = await choose(say('more.suspend_title'), entries('suspension'));
    if (!code) return null;
    const text = await askText(say('more.suspend_text_title'), say('more.suspend_text_sub'), say('more.suspend_default', { what: say(`suspension.${code}`) }));
    if (!text) return null;
    const choices = [...SUSPEND_MIN.map((n) => [n, say('more.suspend_min', { n })]), [0, say('more.suspend_until_lifted')]];
    const minutes = await choose(say('more.suspend_until_title'), choices);
    if (minutes === null) return null;
    const until = minutes === 0 ? null : moment(this.view().now + minutes * 60_000);
    return this.send('suspend', 'POST', '/suspensions', { code, text, until });
  };

  lift = (code) => this.send('lift', 'POST', '/suspensions', { code, text: '', until: moment(this.view().now - 1000) });
}

/** Calls out of order are refused to nobody; the manager sees who made how many. */
function calledByHand(windows) {
  const some = windows.filter((window) => window.by_hand_today > 0);
  if (some.length === 0) return '';
  return say('more.by_hand', { list: some.map(({ number, by_hand_today }) => say('more.by_hand_at', { n: number, k: by_hand_today })).join('、') });
}

const moment = (at_ms) => new Date(at_ms).toISOString();
