/** Live regions for screen readers: progress through #status, failures through #alert. */

let toast: ReturnType<typeof setTimeout> | undefined;

/** Announces a text, and shows it for a moment. */
export function say(text: string): void {
  const region = document.getElementById('status');
  if (!region) return;
  region.textContent = text;
  region.classList.add('shown');
  clearTimeout(toast);
  toast = setTimeout(() => region.classList.remove('shown'), 4000);
}

/** As `say`, for a text that the page shows anyway. */
export function sayQuietly(text: string): void {
  const region = document.getElementById('status');
  if (!region) return;
  clearTimeout(toast);
  region.classList.remove('shown');
  region.textContent = text;
}

export function warn(text: string): void {
  const region = document.getElementById('alert');
  if (!region) return;
  region.textContent = '';
  region.textContent = text;
}
