/** Whether the page is a picture in a page of somebody else's: `?embed=1`. */
export const isEmbedded = /[?&]embed=1(&|$)/.test(globalThis.location?.search ?? '');

/** The page at its full size. */
export function fullAddress(hash = location.hash): string {
  const url = new URL(location.href);
  url.searchParams.delete('embed');
  url.hash = hash;
  return url.href;
}
