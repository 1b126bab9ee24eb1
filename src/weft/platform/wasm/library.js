// JavaScript that the core calls directly.
addToLibrary({
  // Each worker has a time origin of its own; it never changes.
  $weftTimeOrigin: 'performance.timeOrigin',
  weft_clock_now__deps: ['$weftTimeOrigin'],
  weft_clock_now: () => weftTimeOrigin + performance.now(),

  // Tells whoever hosts this instance (the machine's worker) that something happened.
  weft_host_event__deps: ['$UTF8ToString'],
  weft_host_event__proxy: 'async',
  weft_host_event__sig: 'vpii',
  weft_host_event: (name, slot, value) => globalThis.weftEvent?.(UTF8ToString(name), slot, value),
});
