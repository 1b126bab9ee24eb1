/** The page at its full size. */
export function fullAddress(hash = location.hash): string {
  const url = new URL(location.href);
  url.searchParams.delete('embed');
  url.hash = hash;
  return url.href;
}
