import type { Kind } from '../trace/kinds.ts';
import type { Text } from './catalogue.ts';
import type { CommandId } from './commands.ts';

/**
 * Panes of the page: the strip with Run, what there is to say, the parameters on the left, the picture of the run, what lies
 * below it, and what there is to read on the right.
 */
export type Region = 'strip' | 'notices' | 'left' | 'picture' | 'below' | 'right';

type Mount = (root: HTMLElement) => void;

interface Common {
  /** The name of the view's folder, and the id of its element. */
  readonly id: string;
  /**
   * Where the build puts its element; within a region in ascending order. A view without a place is mounted in an
   * element of `index.html`.
   */
  readonly place?: readonly [region: Region, order: number];
  /**
   * Its name as a tab: those of the pane below the picture always are tabs, and those that have a pane of their own are where
   * there is no room for it.
   */
  readonly tab?: Text;
  /** Whose tab is shown first where the reader has not chosen one: the lower the sooner. */
  readonly lead?: number;
  /** Commands of the page that the view carries out. */
  readonly commands?: Partial<Record<CommandId, () => void>>;
}

/** A view that is part of the first script. */
export interface EagerView extends Common {
  readonly mount: Mount;
}

/** A view whose script and style are loaded when they are needed. */
export interface LazyView extends Common {
  /** The run has records of one of these kinds, the reader scrolls near, or a condition on signals holds. */
  readonly when: readonly Kind[] | 'near' | (() => boolean);
  readonly load: () => Promise<{ mount: Mount }>;
  /** The style sheet that it waits for: that of what most runs show, or none. Without it: that of what few visits show, too. */
  readonly style?: 'later' | 'none';
}

/** What a view's folder exports from its `view.ts`. The build collects all of them. */
export type View = EagerView | LazyView;
