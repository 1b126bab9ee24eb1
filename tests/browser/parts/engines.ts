import { openChromium } from '../browsers/chromium.ts';
import { openFirefox } from '../browsers/firefox.ts';
import { openWebKit } from '../browsers/webkit.ts';
import { common } from '../drive/scenarios/index.ts';
import { drive } from '../kit/drive_session.ts';
import type { Opener } from '../kit/drive_session.ts';
import { expectedOfNative } from '../kit/native.ts';
import type { Part } from '../kit/part.ts';
import { TestServer } from '../kit/test_server.ts';

const engine =
  (label: string, open: Opener): Part =>
  async ({ report, isWanted }) => {
    const tests = common.filter(({ name, engines }) => isWanted(`${label}: ${name}`) && engines?.includes(label) !== false);
    if (tests.length === 0) return;
    const server = await new TestServer().listen();
    try {
      server.expected = await expectedOfNative();
      await drive({ label, server, tests, open, report });
    } finally {
      await server.close();
    }
  };

/** The same tests in each engine. */
export const chromium = engine('chromium', openChromium);
export const firefox = engine('firefox', openFirefox);
export const webkit = engine('webkit', openWebKit);
