/** What few readers ask for, who want to have something of the page: a run as a file, or what the browser is like. */
export { diagnostics } from '../isolation/isolation.ts';
export { offerRun } from './offer_run.ts';
