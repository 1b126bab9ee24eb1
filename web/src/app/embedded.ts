/** Whether the page is a picture in a page of somebody else's: `?embed=1`. */
export const isEmbedded = /[?&]embed=1(&|$)/.test(globalThis.location?.search ?? '');
