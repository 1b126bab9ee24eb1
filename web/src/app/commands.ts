export type CommandId = 'run' | 'stop' | 'demos' | 'help';

export interface Key {
  /** `KeyboardEvent.code`, the place on the keyboard, so that W A S D stay together on every layout. */
  code?: string;
  /** `KeyboardEvent.key`, for characters without a fixed place. */
  key?: string;
  /** Ctrl, or ⌘ on a Mac. */
  control?: boolean;
}

/** One table makes the keys and the help; those of the timeline are in `timeline_commands.ts` and `travel.ts`. */
export interface Command<Id = CommandId> {
  id: Id;
  keys: readonly Key[];
  /** A character key without a modifier that acts on the whole page; the reader may switch these off (WCAG 2.1.4). */
  single?: boolean;
}

export const commands: readonly Command[] = [
  { id: 'run', keys: [{ code: 'Enter', control: true }] },
  { id: 'stop', keys: [{ code: 'Escape' }] },
  { id: 'demos', single: true, keys: [{ key: '/' }] },
  { id: 'help', single: true, keys: [{ key: '?' }] },
];

export type Pressed = Pick<KeyboardEvent, 'code' | 'key' | 'ctrlKey' | 'metaKey' | 'altKey'>;

/** Whether the key may be one of the timeline's, by its place or its sign: what knows them is loaded then. */
export const isForTimeline = ({ code, key, ctrlKey, metaKey, altKey }: Pressed) =>
  !(ctrlKey || metaKey || altKey) && /^(Key[WSADFMR]|Arrow\w+|Home|End|Space|Escape)\b|[-+=0,.<>;:[\]]$/.test(`${code} ${key}`);

export function matches(key: Key, event: Pressed): boolean {
  if (event.altKey || (event.ctrlKey || event.metaKey) !== (key.control ?? false)) return false;
  return key.code !== undefined ? event.code === key.code : event.key === key.key;
}

/** The command for the key press; character keys only if they are on. */
export function commandFor(event: Pressed, singles = true): CommandId | null {
  const found = commands.find(({ keys, single }) => (singles || !single) && keys.some((key) => matches(key, event)));
  return found?.id ?? null;
}
