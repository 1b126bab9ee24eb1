/**
 * Counts, beyond reloads, how often this tab has reloaded itself to become isolated.
 *
 * An isolated page may live in another process than the page before it, and what it deletes from
 * the tab's storage is still there when the tab returns to the old process. So success is noted
 * in the storage that tabs share, and what was counted before that does not count.
 */

/** All project pages of one account on a static host share their storage. */
const countKey = () => `weft reloads ${location.pathname}`;
const successKey = () => `weft isolated ${location.pathname}`;

/** Null where nothing can be remembered: such a page must not reload itself. */
export function countReloads(): number | null {
  try {
    const [reloads, time] = (sessionStorage.getItem(countKey()) ?? '0 0').split(' ').map(Number);
    return time! > Number(localStorage.getItem(successKey()) ?? 0) ? reloads! : 0;
  } catch {
    return null;
  }
}

/** Returns false if that could not be remembered. */
export function rememberReload(reloads: number): boolean {
  try {
    sessionStorage.setItem(countKey(), `${reloads} ${Date.now()}`);
    return countReloads() === reloads;
  } catch {
    return false;
  }
}

export function forgetReloads(): void {
  try {
    if (sessionStorage.getItem(countKey()) === null) return;
    sessionStorage.removeItem(countKey());
    localStorage.setItem(successKey(), String(Date.now()));
  } catch {
    // Then there was nothing to forget either.
  }
}
