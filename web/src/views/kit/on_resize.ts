/**
 * Calls `changed` at the beginning and whenever the element's size has changed, in the frame after: a change of the
 * layout within an observer's own callback is an error in WebKit ("undelivered notifications").
 */
export function onResize(element: Element, changed: (entry: ResizeObserverEntry) => void): void {
  new ResizeObserver(([entry]) => requestAnimationFrame(() => changed(entry!))).observe(element);
}
