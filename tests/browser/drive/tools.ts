/** For tests that Node drives: what the scenarios use, at hand in the page. */
export * as sight from './sight.ts';
export * as user from './user.ts';
export * as runs from './run.ts';
export * as wait from './wait.ts';
