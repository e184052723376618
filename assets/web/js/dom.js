// Building and updating what is on the page. Updating keeps the elements that stay: a key under a finger or a row that
// has the focus must survive the next push.
const SVG = 'http://www.w3.org/2000/svg';

/** An element with attributes and children; null, undefined and false are left out, true is an empty attribute. */
export function el(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    element.setAttribute(name, value === true ? '' : String(value));
  }
  element.append(...children.flat().filter((child) => child !== null && child !== undefined && child !== false));
  return element;
}

/** An icon of the page's sprite, `size` in px of the plan. */
export function icon(name, size = 24) {
  const svg = document.createElementNS(SVG, 'svg');
  svg.setAttribute('class', 'icon');
  svg.setAttribute('aria-hidden', 'true');
  svg.setAttribute('viewBox', '0 0 48 48');
  svg.setAttribute('width', size);
  svg.setAttribute('height', size);
  const use = document.createElementNS(SVG, 'use');
  use.setAttribute('href', `#i-${name}`);
  svg.append(use);
  return svg;
}

/** A bar filled to `share` (0 to 1) with a mark at `mark`; drawn, so that no inline style is needed. */
export function bar(share, mark) {
  const svg = document.createElementNS(SVG, 'svg');
  svg.setAttribute('class', 'bar');
  svg.setAttribute('viewBox', '0 0 240 20');
  const parts = [
    ['ground', 0, 4, 240, 12, 6],
    ['fill', 0, 4, Math.max(12, 240 * Math.min(1, share)), 12, 6],
    ['mark', 240 * mark - 1, 0, 2, 20, 0],
  ];
  for (const [kind, x, y, width, height, radius] of parts) {
    const rect = document.createElementNS(SVG, 'rect');
    for (const [name, value] of Object.entries({ class: kind, x, y, width, height, rx: radius })) {
      rect.setAttribute(name, value);
    }
    svg.append(rect);
  }
  return svg;
}

/** Make the children of `parent` look like `wanted`, re-using what is there (by `data-key`, else by place and tag). */
export function morph(parent, wanted) {
  const coming = wanted.flat().filter(Boolean);
  const keys = new Set(coming.map((next) => next.dataset?.key).filter(Boolean));
  const keyed = new Map();
  for (const child of [...parent.children]) {
    const key = child.dataset.key;
    // What goes is taken out first, so that what stays need not be moved: a moved element loses the focus.
    if (key && !keys.has(key)) child.remove();
    else if (key) keyed.set(key, child);
  }
  let at = parent.firstChild;
  for (const next of coming) {
    const key = next.dataset?.key;
    let old = key ? keyed.get(key) : at;
    if (old && !alike(old, next)) old = null;
    if (!old) {
      parent.insertBefore(next, at);
      continue;
    }
    if (old === at) at = at.nextSibling;
    else parent.insertBefore(old, at);
    update(old, next);
  }
  while (at) {
    const gone = at;
    at = at.nextSibling;
    gone.remove();
  }
}

function alike(old, next) {
  if (old.nodeType !== next.nodeType || old.nodeName !== next.nodeName) return false;
  return (old.dataset?.key ?? '') === (next.dataset?.key ?? '');
}

function update(old, next) {
  if (old.nodeType !== Node.ELEMENT_NODE) {
    if (old.nodeValue !== next.nodeValue) old.nodeValue = next.nodeValue;
    return;
  }
  if (old.isEqualNode(next)) return;
  for (const { name } of [...old.attributes]) if (!next.hasAttribute(name)) old.removeAttribute(name);
  for (const { name, value } of next.attributes) if (old.getAttribute(name) !== value) old.setAttribute(name, value);
  morph(old, [...next.childNodes]);
}
