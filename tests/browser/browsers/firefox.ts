import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { OpenBrowser } from '../kit/drive_session.ts';
import { ProcessGroup } from '../kit/process_group.ts';
import { findProgram } from './find_program.ts';

/** Quiet, and telling on its standard output what goes wrong in pages. */
const preferences: Record<string, string | number | boolean> = {
  'app.normandy.enabled': false,
  'app.update.enabled': false,
  'browser.aboutwelcome.enabled': false,
  'browser.dom.window.dump.enabled': true,
  'browser.shell.checkDefaultBrowser': false,
  'browser.startup.homepage_override.mstone': 'ignore',
  'browser.startup.page': 0,
  'browser.tabs.remote.warmup.enabled': false,
  'browser.topsites.contile.enabled': false,
  'datareporting.policy.dataSubmissionEnabled': false,
  'dom.disable_beforeunload': true,
  'extensions.getAddons.cache.enabled': false,
  'extensions.update.enabled': false,
  'network.captive-portal-service.enabled': false,
  'network.connectivity-service.enabled': false,
  // A host name that is not a secure context, for the page without a right to threads.
  'network.dns.localDomains': 'weft.test',
  'network.prefetch-next': false,
  'toolkit.telemetry.enabled': false,
  'toolkit.telemetry.reportingpolicy.firstRun': false,
  'toolkit.startup.max_resumed_crashes': -1,
  'trailhead.firstrun.didSeeAboutWelcome': true,
};

/** What Firefox writes when a page, or a worker of it, has an error; it writes more of errors in its own parts. */
const faulty = /^JavaScript error: https?:/;

/**
 * Starts Firefox without a driver: under one, workers that start workers were seen to hang. So nothing can be asked of
 * the browser; all that is known is what the page tells the server.
 */
export async function openFirefox(address: string): Promise<OpenBrowser> {
  const home = await mkdtemp(path.join(tmpdir(), 'weft-firefox-'));
  const lines = Object.entries(preferences).map(([name, value]) => `user_pref(${JSON.stringify(name)}, ${JSON.stringify(value)});\n`);
  await writeFile(path.join(home, 'user.js'), lines.join(''));
  const faults: string[] = [];
  const program = findProgram('FIREFOX', ['firefox-esr', 'firefox']);
  const group = new ProcessGroup(program, ['--headless', '--no-remote', '-profile', home, address], {
    env: {
      ...process.env,
      HOME: home,
      MOZ_HEADLESS_WIDTH: '1440',
      MOZ_HEADLESS_HEIGHT: '900',
      MOZ_CRASHREPORTER_DISABLE: '1',
      MOZ_DATA_REPORTING: '0',
    },
    onLine: (line) => {
      if (faulty.test(line)) faults.push(line);
    },
  });
  return {
    gone: group.ended,
    takeFaults: () => faults.splice(0),
    lastLines: () => group.lastLines,
    async close() {
      await group.kill();
      await rm(home, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}
