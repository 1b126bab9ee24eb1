const signs: Record<string, string> = { '&': '&amp;', '"': '&quot;', '<': '&lt;', '>': '&gt;' };

const escaped = (text: string) => text.replace(/[&"<>]/g, (sign) => signs[sign]!);

/** What somebody puts into a page to have ours in it. The link is that of the page at its full size. */
export function snippetOf(link: string, title: string): string {
  const url = new URL(link);
  url.searchParams.set('embed', '1');
  // A frame of another site gets threads and the clipboard only if it is allowed them.
  return `<iframe src="${escaped(url.href)}" title="${escaped(title)}" width="420" height="360" loading="lazy" allow="cross-origin-isolated; clipboard-write" style="border: 0"></iframe>`;
}
