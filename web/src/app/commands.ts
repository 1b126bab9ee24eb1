export type CommandId =
  | 'run'
  | 'stop'
  | 'demos'
  | 'help'
  | 'zoomIn'
  | 'zoomOut'
  | 'panLeft'
  | 'panRight'
  | 'fit'
  | 'focus'
  | 'previous'
  | 'next'
  | 'laneUp'
  | 'laneDown'
  | 'clear';

export interface Key {
  /** `KeyboardEvent.code`, the place on the keyboard, so that W A S D stay together on every layout. */
  code?: string;
  /** `KeyboardEvent.key`, for characters without a fixed place. */
  key?: string;
  /** Ctrl, or ⌘ on a Mac. */
  control?: boolean;
}

export interface Command {
  id: CommandId;
  /** Keys of the timeline act only while it has the focus: a letter must not act on a page being read or typed into. */
  scope: 'page' | 'timeline';
  /** A character key without a modifier that acts on the whole page; the reader may switch these off (WCAG 2.1.4). */
  single?: boolean;
  keys: Key[];
}

/** One table makes the keys and the help. */
export const commands: Command[] = [
  { id: 'run', scope: 'page', keys: [{ code: 'Enter', control: true }] },
  { id: 'stop', scope: 'page', keys: [{ code: 'Escape' }] },
  { id: 'demos', scope: 'page', single: true, keys: [{ key: '/' }] },
  { id: 'help', scope: 'page', single: true, keys: [{ key: '?' }] },
  {
    id: 'zoomIn',
    scope: 'timeline',
    keys: [{ code: 'KeyW' }, { key: '+' }, { key: '=' }],
  },
  {
    id: 'zoomOut',
    scope: 'timeline',
    keys: [{ code: 'KeyS' }, { key: '-' }],
  },
  { id: 'panLeft', scope: 'timeline', keys: [{ code: 'KeyA' }] },
  { id: 'panRight', scope: 'timeline', keys: [{ code: 'KeyD' }] },
  { id: 'fit', scope: 'timeline', keys: [{ key: '0' }] },
  { id: 'focus', scope: 'timeline', keys: [{ code: 'KeyF' }] },
  {
    id: 'previous',
    scope: 'timeline',
    keys: [{ code: 'ArrowLeft' }],
  },
  {
    id: 'next',
    scope: 'timeline',
    keys: [{ code: 'ArrowRight' }],
  },
  { id: 'laneUp', scope: 'timeline', keys: [{ code: 'ArrowUp' }] },
  { id: 'laneDown', scope: 'timeline', keys: [{ code: 'ArrowDown' }] },
  { id: 'clear', scope: 'timeline', keys: [{ code: 'Escape' }] },
];

/** Whether the key may be one of those that go back and forth in a run: the script that is loaded then knows them. */
export const mayTravel = ({ key, ctrlKey, metaKey, altKey }: Pressed) =>
  !(ctrlKey || metaKey || altKey) && /^([,.<>;:[\] mr]|Home|End)$/i.test(key);

type Pressed = Pick<KeyboardEvent, 'code' | 'key' | 'ctrlKey' | 'metaKey' | 'altKey'>;

export function matches(key: Key, event: Pressed): boolean {
  if (event.altKey || (event.ctrlKey || event.metaKey) !== (key.control ?? false)) return false;
  return key.code !== undefined ? event.code === key.code : event.key === key.key;
}

/** The command of this scope for the key press; character keys only if they are on. */
export function commandFor(event: Pressed, scope: Command['scope'], singles = true): CommandId | null {
  const found = commands.find(
    (command) => command.scope === scope && (singles || !command.single) && command.keys.some((key) => matches(key, event)),
  );
  return found?.id ?? null;
}
