import { signal } from '@preact/signals-core';
import type { Signal } from '@preact/signals-core';

/**
 * How much room there is: all panes beside each other; the picture above tabs; or that on a phone. The style sheet has the
 * same widths.
 */
export type Layout = 'wide' | 'medium' | 'narrow';

export const layout = signal<Layout>('wide');

/** The tab that the reader has chosen, by the id of its view. */
export const tab = signal<string | null>(null);

/** The parameter that is being edited where there is no room for all of them; '' = all of them, null = none. */
export const sheet = signal<string | null>(null);

/** Panes that the reader resizes and folds, in the order in which links name them: left, below, right. */
export const panes: { name: string; size: Signal<number>; isFolded: Signal<boolean>; least: number }[] = [];
