// Which lines of a demo's program matter: those of the functions and classes that the first line of about.en.md names,
//   <!-- code: produce, consume -->
// A name that one of the two programs does not have is looked for in the other only.
// @ts-check

/** @typedef {{ first: number, last: number }} Range lines from 0, the last included */

/** The names, and the text without them. @param {string} about @returns {{ names: string[], text: string }} */
export function namesIn(about) {
  const found = /^<!-- code: (.*?) -->\n+/.exec(about);
  return { names: found ? found[1].split(/,\s*/) : [], text: found ? about.slice(found[0].length) : about };
}

/** Code without what may hold brackets that are not brackets of the code. @param {string} line */
const bare = (line) =>
  line
    .replace(/"(?:[^"\\]|\\.)*"/g, '""')
    .replace(/'(?:[^'\\]|\\.)'/g, "''")
    .replace(/\/\/.*$/, '');

/** @param {string[]} lines @param {string} name @returns {Range | null} */
function inCpp(lines, name) {
  const starts = [
    new RegExp(`^ {0,2}(?!return |throw |else )(?:[\\w:<>,&*]+ )+[&*]?${name}\\(`), // a function, or a constant made of one
    new RegExp(`\\b${name} = \\[`),
    new RegExp(`^(?:struct|class) ${name}\\b[^;]*$`),
  ];
  for (let first = 0; first < lines.length; first += 1) {
    if (!starts.some((start) => start.test(lines[first]))) continue;
    let depth = 0;
    let hasBody = false;
    for (let last = first; last < lines.length; last += 1) {
      for (const sign of bare(lines[last])) {
        if ('({['.includes(sign)) depth += 1;
        else if (')}]'.includes(sign)) depth -= 1;
        hasBody ||= sign === '{';
      }
      const isEnd = depth === 0 && /[};]\s*$/.test(bare(lines[last]));
      if (isEnd && !hasBody) break; // declared only
      if (!isEnd) continue;
      while (/^\s*\/\/\//.test(lines[first - 1] ?? '')) first -= 1;
      return { first, last };
    }
  }
  return null;
}

/** @param {string[]} lines @param {string} name @returns {Range | null} */
function inPython(lines, name) {
  const first = lines.findIndex((line) => new RegExp(`^\\s*(?:def|class) ${name}\\b`).test(line));
  if (first < 0) return null;
  const indent = /^ */.exec(lines[first])?.[0].length ?? 0;
  let last = first;
  for (let line = first + 1; line < lines.length; line += 1) {
    if (lines[line].trim() === '') continue;
    if ((/^ */.exec(lines[line])?.[0].length ?? 0) <= indent) break;
    last = line;
  }
  return { first, last };
}

/**
 * The lines of these names, in the order of the program; those that follow each other, but for empty lines, as one range.
 * @param {string} code @param {'cpp' | 'python'} language @param {string[]} names
 * @returns {Range[]}
 */
export function linesThatMatter(code, language, names) {
  const lines = code.split('\n');
  const find = language === 'cpp' ? inCpp : inPython;
  const ranges = names.flatMap((name) => find(lines, name) ?? []).sort((a, b) => a.first - b.first);
  /** @type {Range[]} */
  const merged = [];
  for (const range of ranges) {
    const before = merged.at(-1);
    if (before && lines.slice(before.last + 1, range.first).every((line) => line.trim() === '')) {
      before.last = Math.max(before.last, range.last);
    } else {
      merged.push({ ...range });
    }
  }
  return merged;
}
