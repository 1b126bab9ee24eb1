import { readdirSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { within } from '../kit/deadline.ts';
import type { OpenBrowser } from '../kit/drive_session.ts';
import { ProcessGroup } from '../kit/process_group.ts';
import { startDisplay } from './display.ts';
import { findProgram } from './find_program.ts';
import { WebDriver } from './webdriver.ts';

/** The small browser that comes with WebKitGTK, in a folder named after the architecture and the version. */
function findMiniBrowser(): string {
  const named = process.env.WEBKIT_MINIBROWSER;
  if (named) return named;
  for (const library of ['/usr/lib', '/usr/libexec']) {
    const found = readdirSync(library, { recursive: false })
      .map(String)
      .flatMap((name) => {
        const folder = path.join(library, name);
        if (/^webkit2?gtk-/.test(name)) return [path.join(folder, 'MiniBrowser')];
        if (!/-linux-gnu/.test(name)) return [];
        return readdirSync(folder)
          .filter((each) => /^webkit2?gtk-/.test(each))
          .map((each) => path.join(folder, each, 'MiniBrowser'));
      })
      .filter((file) => readdirSync(path.dirname(file)).includes('MiniBrowser'))
      .sort();
    if (found.length > 0) return found.at(-1)!;
  }
  throw new Error('MiniBrowser of WebKitGTK is not installed (or name it with WEBKIT_MINIBROWSER)');
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => resolve(port));
    });
  });
}

async function startDriver(env: NodeJS.ProcessEnv): Promise<{ group: ProcessGroup; driver: WebDriver }> {
  const port = await freePort();
  const group = new ProcessGroup(findProgram('WEBKIT_DRIVER', ['WebKitWebDriver']), [`--port=${port}`], { env });
  const driver = new WebDriver(`http://127.0.0.1:${port}`);
  await within(20_000, 'WebKitWebDriver starts', driver.untilReady(group.ended));
  return { group, driver };
}

/** Opens the address in WebKitGTK; the driver is used for nothing else. */
export async function openWebKit(address: string): Promise<OpenBrowser> {
  const home = await mkdtemp(path.join(tmpdir(), 'weft-webkit-'));
  const display = await startDisplay();
  const groups = [display.group];
  const close = async () => {
    for (const group of groups.reverse()) await group.kill();
    await rm(home, { recursive: true, force: true, maxRetries: 5 });
  };
  try {
    const { group, driver } = await startDriver({
      ...process.env,
      DISPLAY: display.display,
      HOME: home,
      XDG_RUNTIME_DIR: home,
      GDK_BACKEND: 'x11',
      LIBGL_ALWAYS_SOFTWARE: '1',
      // Off by default in WebKitGTK even where a page is isolated.
      JSC_useSharedArrayBuffer: '1',
      NO_AT_BRIDGE: '1',
      // The sandbox of its processes needs what containers and root do not have.
      WEBKIT_DISABLE_SANDBOX_THIS_IS_DANGEROUS: '1',
    });
    groups.push(group);
    await driver.newSession({
      browserName: 'MiniBrowser',
      'webkitgtk:browserOptions': { binary: findMiniBrowser(), args: ['--automation'] },
    });
    await driver.resize(1440, 1000);
    await driver.open(address);
    return { gone: group.ended, takeFaults: () => [], lastLines: () => group.lastLines, close };
  } catch (error) {
    await close();
    throw error;
  }
}
