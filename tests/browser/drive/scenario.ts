import type { DriveTest } from '../kit/drive_session.ts';

/** What a scenario gets from the driver. */
export interface Stage {
  /** How often the page was loaded in this scenario before. */
  readonly load: number;
  /** Kept over the loads. */
  readonly kept: Record<string, unknown>;
  /** Says what is being done, for those who read of a scenario that hangs. */
  note(text: string): void;
  /** Values that the native program has computed. */
  expected<T>(name: string): Promise<T>;
  /** Loads the page again, or goes elsewhere in it; does not return. */
  reload(): Promise<never>;
  goTo(hash: string): Promise<never>;
  /** Sends something to the test server and returns its answer. */
  ask<T>(route: string, body?: string): Promise<T>;
}

export interface Scenario extends DriveTest {
  act(stage: Stage): Promise<void>;
}

const usualLimit = 180_000;

export function scenario(name: string, hash: string, act: Scenario['act'], more: Partial<Scenario> = {}): Scenario {
  return { name, hash, act, limit: usualLimit, ...more };
}
