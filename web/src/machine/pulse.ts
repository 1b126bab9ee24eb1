/** Ticks while the page's own timers and frames are throttled, as in a hidden tab. */

const period = 50;

let timer: ReturnType<typeof setInterval> | undefined;

addEventListener('message', (event: MessageEvent<'start' | 'stop'>) => {
  clearInterval(timer);
  if (event.data === 'start') timer = setInterval(() => globalThis.postMessage(null), period);
});
