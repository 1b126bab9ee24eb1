// What a demo's text proposes to try: comments `<!-- try: capacity=1&items=40 -->` below the items of its last list, each with
// parameters as an address has them. The build makes buttons of them, in the text of either language.
// @ts-check

const comment = /\n? *<!-- try: (\S*) -->/g;

/**
 * The text without the comments, and what stands below each item of the last list that has any, by the item's place.
 * @param {string} text
 * @returns {{ text: string, tries: string[][] }}
 */
export function triesIn(text) {
  /** @type {string[][]} */
  const tries = [];
  for (const line of text.split('\n')) {
    if (/^1\. /.test(line)) tries.length = 0;
    if (/^\d+\. /.test(line)) tries.push([]);
    for (const [, query] of line.matchAll(comment)) {
      if (tries.length === 0) throw new Error(`the try ${query} stands below no item of a list`);
      tries.at(-1)?.push(query);
    }
  }
  return { text: text.replace(comment, ''), tries };
}

/**
 * The page's text with something at the end of each item of its last list.
 * @param {string} html @param {string[]} ends
 */
export function atEndsOfItems(html, ends) {
  const start = html.lastIndexOf('<ol>');
  const [before, list] = [html.slice(0, start), html.slice(start)];
  const items = list.split('</li>');
  if (start < 0 || items.length - 1 !== ends.length)
    throw new Error(`the last list of the text has ${start < 0 ? 0 : items.length - 1} items, not ${ends.length}`);
  return before + items.map((item, place) => (place < ends.length ? `${item}${ends[place]}</li>` : item)).join('');
}

/**
 * Names and values of a try. Throws where the demo does not accept them all.
 * @param {import('../src/app/catalogue.ts').Demo} demo @param {string} query
 * @param {typeof import('../src/app/parameters.ts').readAll} readAll
 */
export function valuesOf(demo, query, readAll) {
  const values = new Map(new URLSearchParams(query));
  const { values: accepted, problems } = readAll(demo, values);
  for (const [name, value] of values) {
    if (!demo.parameters.some((parameter) => parameter.name === name)) throw new Error(`${demo.id} has no parameter ${name}`);
    if (problems.has(name)) throw new Error(`${demo.id} does not accept ${value} for ${name}: ${problems.get(name)?.kind}`);
    if (!accepted.has(name)) throw new Error(`${name} of ${demo.id} means nothing in the try ${query}`);
  }
  if (values.size === 0) throw new Error(`a try of ${demo.id} sets no parameter`);
  return values;
}
