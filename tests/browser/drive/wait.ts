/** Longer than anything the page may take, on the slowest machine: what is not there then will not come. */
const usualLimit = 60_000;

export const pause = (milliseconds: number) => new Promise<void>((resolve) => setTimeout(resolve, milliseconds));

export const frame = () => new Promise<number>((resolve) => requestAnimationFrame(resolve));

/** Waits until the page has drawn what it knows: a change is drawn in the frame after the next. */
export async function drawn(): Promise<void> {
  for (let frames = 0; frames < 3; frames += 1) await frame();
}

/** Waits until the condition holds; what it waits for is named for those who read that it did not. */
export async function until(what: string, holds: () => boolean, limit = usualLimit): Promise<void> {
  const end = performance.now() + limit;
  while (!holds()) {
    if (performance.now() > end) {
      throw new Error(
        `waited ${limit / 1000} s until ${what}; the page is at ${location.hash}: ${JSON.stringify(document.documentElement.dataset)}`,
      );
    }
    await pause(5);
  }
}
