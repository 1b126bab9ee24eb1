import type { Scenario } from '../scenario.ts';
import { crashing } from './crashing.ts';
import { forms } from './form.ts';
import { hosting } from './hosting.ts';
import { processes } from './processes.ts';
import { producerConsumer } from './producer_consumer.ts';
import { stopping } from './stopping.ts';
import { threadPool } from './thread_pool.ts';

/** What is tested in every engine. */
export const common: readonly Scenario[] = [...threadPool, ...producerConsumer, ...forms, ...stopping, ...crashing, ...processes];

/** Everything that the driver can do. */
export const scenarios: readonly Scenario[] = [...common, ...hosting];
