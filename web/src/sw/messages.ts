/** From the page; answered with an empty message on the port that comes along. */
export type ToServiceWorker =
  /** Send the other set of headers from now on: with these the page did not become isolated. */
  | { readonly type: 'switch-headers' }
  /** Store every file of the page. */
  | { readonly type: 'keep-files' };
