// What is typed for a booking: read, put right where it is only a matter of writing, and every fault at once beside its
// field. Nothing here touches the page or the wire.
import { say } from '../words.js';

const CODE_DIGITS = 10;
const PHONE = /^[0-9+ -]+$/;
const PHONE_DIGITS = [7, 15];
const CARD = /^\d{17}[\dX]$/;
const PAPER = /^[0-9A-Z]{1,24}$/;
const WEIGHTS = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
const CHECKS = '10X98765432';
/** Field of the form by the wire's own path; another path is told below the form. */
const FIELDS = {
  'holder.name': 'name', 'holder.phone': 'phone', 'holder.id_number': 'id_number', matters: 'matter', day: 'slot', begins: 'slot',
};
/** Where a refusal is told. */
const PLACES = { slot_full: 'slot', slot_closed: 'slot', booking_limit: 'person', booking_barred: 'person' };

/** Half-width: an input method leaves ０ for 0 and Ｘ for X. */
const plain = (text) => text.normalize('NFKC').trim();

/** Ten digits, however they were grouped or scanned; null when they are not. */
export function parseCode(text) {
  const digits = plain(text).toUpperCase().replace(/^YY-/, '').replace(/[\s-]/g, '');
  return /^\d+$/.test(digits) && digits.length === CODE_DIGITS ? digits : null;
}

/** Ten digits as they are read out on the telephone: 123 456 7890. */
export const sayCode = (code) => code.replace(/^(\d{3})(\d{3})(\d{4})$/, '$1 $2 $3');

/**
 * `{ holder, faults }` from what stands in the fields; `faults` by field is empty when it can be sent.
 * `doubted`: the card number that was asked about already and is sent as it is.
 */
export function readHolder({ name, phone, id_number }, doubted) {
  const holder = {
    name: plain(name),
    phone: plain(phone),
    id_number: plain(id_number).toUpperCase().replace(/[\s-]/g, ''),
  };
  const faults = {};
  if (holder.name === '') faults.name = say('bookings.need_name');
  if (holder.phone === '' && holder.id_number === '') faults.phone = say('bookings.need_phone');
  else if (holder.phone !== '' && !isPhone(holder.phone)) faults.phone = say('bookings.bad_phone');
  if (holder.id_number !== '' && !PAPER.test(holder.id_number)) faults.id_number = say('bookings.bad_id');
  else if (isDoubtful(holder.id_number) && holder.id_number !== doubted) faults.id_number = say('bookings.doubt_id');
  return { holder, faults };
}

function isPhone(text) {
  const digits = text.replace(/\D/g, '').length;
  return PHONE.test(text) && digits >= PHONE_DIGITS[0] && digits <= PHONE_DIGITS[1];
}

/** A card's number whose check character does not fit: misheard, or an odd card. */
export function isDoubtful(number) {
  if (!CARD.test(number)) return false;
  const sum = WEIGHTS.reduce((total, weight, at) => total + weight * Number(number[at]), 0);
  return CHECKS[sum % CHECKS.length] !== number[17];
}

/** What a refusal says, by the field it belongs to; `all` where it belongs to none. */
export function faultsOf(problem, holder) {
  const field = FIELDS[problem.field];
  if (problem.code === 'bad_request' && field) return { [field]: say(`bookings.bad_${field === 'id_number' ? 'id' : field}`) };
  const place = PLACES[problem.code];
  const person = holder?.id_number ? 'id_number' : 'phone';
  return { [place === 'person' ? person : (place ?? 'all')]: problem.say || say('bookings.gave_up') };
}
