/** Rarely used: a run as a file, and the browser's diagnostics. */
export { diagnostics } from '../../isolation/isolation.ts';
export { offerRun } from './offer_run.ts';
