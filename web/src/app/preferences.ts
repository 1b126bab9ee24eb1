/** The reader's preferences, in the browser's storage. */

const prefix = 'weft.';

export function readPreference(name: string): string | null {
  try {
    return localStorage.getItem(prefix + name);
  } catch {
    return null;
  }
}

export function writePreference(name: string, value: string): void {
  try {
    localStorage.setItem(prefix + name, value);
  } catch {
    // Storage is switched off or full: the choice holds for this visit.
  }
}
