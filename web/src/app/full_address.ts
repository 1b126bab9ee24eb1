/** The page at its full size. */
export function fullAddress(hash = location.hash): string {
  const url = new URL(location.href);
  // Without need the rest of it is left as it was written.
  if (url.searchParams.has('embed')) url.searchParams.delete('embed');
  url.hash = hash;
  return url.href;
}
