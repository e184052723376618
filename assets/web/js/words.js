// Words and settings that the server put into the page. Each word stands in one place, in assets/.
const page = JSON.parse(document.getElementById('page').textContent);

export const settings = page;

/** The word `section.name` with its {placeholders} filled in. Throws when there is no such word. */
export function say(key, data = {}) {
  const [section, name] = key.split('.');
  const text = page.words[section]?.[name];
  if (text === undefined) throw new Error(`no word ${key}`);
  return text.replace(/\{(\w+)\}/g, (whole, placeholder) => (placeholder in data ? String(data[placeholder]) : whole));
}

/** A section's entries as [code, label] pairs, in the order of the file: grounds are offered from it. */
export const entries = (section) => Object.entries(page.words[section] ?? {});

/** The word if there is one, else the code itself: codes may come from a newer server. */
export const label = (section, code) => page.words[section]?.[code] ?? code;
