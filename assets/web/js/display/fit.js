// Nothing is cut off: a line that is too long gets smaller down to its floor, numbers that do not fit are counted.
const STEP = 4;

const tooWide = (element) => element.scrollWidth > element.clientWidth;

/** Make `element`'s text smaller until it fits its box; `floor_px` is the smallest size that is read from afar. */
export function fitLine(element, floor_px) {
  if (!element) return;
  element.classList.remove('wrapped');
  element.style.fontSize = '';
  let size = parseFloat(getComputedStyle(element).fontSize);
  while (tooWide(element) && size - STEP >= floor_px) {
    size -= STEP;
    element.style.fontSize = `${size}px`;
  }
  // Longer than its floor allows (a notice of a hundred characters): two lines of what is there.
  element.classList.toggle('wrapped', tooWide(element));
}

/** Number and window of the newest call, smaller together until they stand beside each other. */
export function fitNewest(block) {
  if (!block) return;
  const parts = [...block.querySelectorAll('.n, .w, .quiet')];
  for (const part of parts) part.style.fontSize = '';
  for (let share = 1; (tooWide(block) || parts.some(tooWide)) && share > 0.5; share -= 0.05) {
    for (const part of parts) {
      part.style.fontSize = '';
      part.style.fontSize = `${Math.floor(parseFloat(getComputedStyle(part).fontSize) * share)}px`;
    }
  }
}

/** Show as many numbers as fit, the next ones at each `turn`, and say how many are not shown. */
export function fitNumbers(box, more, turn) {
  if (!box) return;
  const numbers = [...box.querySelectorAll('.no')];
  for (const number of numbers) number.hidden = false;
  let tail = box.querySelector('.more');
  if (tail) tail.remove();
  if (!tooWide(box)) return;
  tail = document.createElement('span');
  tail.className = 'more';
  box.append(tail);
  let shown = numbers.length;
  tail.textContent = more(shown);
  while (tooWide(box) && shown > 1) {
    shown -= 1;
    numbers[shown].hidden = true;
  }
  const from = (turn % Math.ceil(numbers.length / shown)) * shown;
  for (const [at, number] of numbers.entries()) number.hidden = at < from || at >= from + shown;
  tail.textContent = more(numbers.length - Math.min(shown, numbers.length - from));
}
