import type { Reason } from '../../isolation/isolation.ts';
import type { StartFailure } from '../../machine/failure.ts';
import type { TraceFileProblem } from '../../trace/file.ts';
import type { Text } from '../catalogue.ts';

/*
 * Texts for what hardly ever goes wrong, in all languages: fetched when it does.
 */

interface Trouble {
  why: Text;
  whatToDo: Text;
}

/** Why threads can't be had, by the reason's name; the last one is for a reason that is not listed. */
export const isolationTroubles: Partial<Record<string, Trouble>> & Record<Reason | 'unknown', Trouble> = {
  'insecure-context': {
    why: {
      en: 'The page came over an unprotected connection; browsers lend threads with shared memory to secure pages only.',
      zh: '页面是通过不安全的连接打开的，而浏览器只把带共享内存的线程交给安全页面。',
    },
    whatToDo: {
      en: 'Open it over https, or from localhost.',
      zh: '请改用 https 打开，或从 localhost 打开。',
    },
  },
  'no-service-worker': {
    why: {
      en: 'This browser window does not allow service workers, and the server does not send the headers that threads need.',
      zh: '当前窗口不允许 Service Worker，服务器也没有发送线程所需的响应头。',
    },
    whatToDo: {
      en: 'Leave private browsing, allow site data for this page, or use a server that sends Cross-Origin-Opener-Policy and Cross-Origin-Embedder-Policy.',
      zh: '请退出无痕模式、允许本站存储数据，或换用会发送 Cross-Origin-Opener-Policy 和 Cross-Origin-Embedder-Policy 的服务器。',
    },
  },
  'service-worker-failed': {
    why: {
      en: 'The service worker that sets the isolation headers could not be installed.',
      zh: '负责设置隔离响应头的 Service Worker 安装失败。',
    },
    whatToDo: {
      en: 'Reload the page. If that does not help, clear this site’s data and try again.',
      zh: '请刷新页面；若仍不行，请清除本站数据后重试。',
    },
  },
  framed: {
    why: {
      en: 'The page sits in a frame of another site, and this browser lends threads to top-level pages only.',
      zh: '页面嵌在别的网站的框架里，而这个浏览器只给顶层页面线程。',
    },
    whatToDo: {
      en: 'Open the page in a tab of its own.',
      zh: '请在单独的标签页中打开。',
    },
  },
  'host-headers': {
    why: {
      en: 'The server that the page comes from sends isolation headers of its own, which do not isolate it here, and the page does not overrule them.',
      zh: '提供本页的服务器自己发送了隔离响应头，但它们在这里不足以隔离本页，而页面不会擅自改动它们。',
    },
    whatToDo: {
      en: 'Have the server send Cross-Origin-Opener-Policy: same-origin together with Cross-Origin-Embedder-Policy: require-corp; in a frame of another site, Document-Isolation-Policy: isolate-and-credentialless; or none of them, and the page sets them itself.',
      zh: '请让服务器同时发送 Cross-Origin-Opener-Policy: same-origin 和 Cross-Origin-Embedder-Policy: require-corp；若嵌在别的网站的框架里，则发送 Document-Isolation-Policy: isolate-and-credentialless；或者一个也不发，由页面自行设置。',
    },
  },
  'needs-reload': {
    why: {
      en: 'The service worker is in place but this page was loaded without it (reloading with Shift held does that).',
      zh: 'Service Worker 已就绪，但这次加载绕过了它（按住 Shift 刷新就会这样）。',
    },
    whatToDo: {
      en: 'Reload the page once, without Shift.',
      zh: '请不按 Shift，再刷新一次。',
    },
  },
  refused: {
    why: {
      en: 'The isolation headers arrived, but the browser still did not isolate the page.',
      zh: '隔离响应头已送达，但浏览器仍未隔离本页。',
    },
    whatToDo: {
      en: 'Close other tabs of this site and reload, or try an up-to-date Chrome, Edge, Firefox or Safari.',
      zh: '请关闭本站的其他标签页后刷新，或换用最新版的 Chrome、Edge、Firefox 或 Safari。',
    },
  },
  'no-shared-memory': {
    why: {
      en: 'This browser has no SharedArrayBuffer.',
      zh: '这个浏览器没有 SharedArrayBuffer。',
    },
    whatToDo: {
      en: 'Use an up-to-date Chrome, Edge, Firefox or Safari.',
      zh: '请换用最新版的 Chrome、Edge、Firefox 或 Safari。',
    },
  },
  'no-workers': {
    why: {
      en: 'This browser has no Web Workers, or an extension blocks them.',
      zh: '这个浏览器没有 Web Worker，或者被扩展拦截了。',
    },
    whatToDo: {
      en: 'Allow workers for this page, or use another browser.',
      zh: '请为本页放行 Worker，或换一个浏览器。',
    },
  },
  'no-webassembly': {
    why: {
      en: 'WebAssembly is missing or switched off (a “lockdown” or “enhanced security” mode does that).',
      zh: '没有 WebAssembly，或者它被关掉了（“锁定模式”或“增强安全”会这样做）。',
    },
    whatToDo: {
      en: 'Allow WebAssembly for this page, or use another browser.',
      zh: '请为本页放行 WebAssembly，或换一个浏览器。',
    },
  },
  unknown: {
    why: {
      en: 'The browser gave the page no threads.',
      zh: '浏览器没有给本页线程。',
    },
    whatToDo: {
      en: 'Reload the page, or use an up-to-date Chrome, Edge, Firefox or Safari.',
      zh: '请刷新页面，或换用最新版的 Chrome、Edge、Firefox 或 Safari。',
    },
  },
};

/** Why a file could not be opened, by the problem's name; the last one is for what the browser says itself. */
export const fileTroubles: Partial<Record<string, Text>> & Record<TraceFileProblem | 'unreadable', Text> = {
  'not-a-trace': {
    en: 'The file is no run: what can be opened are .weft files, and Chrome trace JSON that was exported here.',
    zh: '这个文件不是一次运行：能打开的是 .weft 文件，以及在这里导出的 Chrome trace JSON。',
  },
  version: {
    en: 'The file was written by a newer version of Weft. Reload the page, and open it again.',
    zh: '这个文件由更新版本的 Weft 写出。请刷新页面后再打开。',
  },
  truncated: {
    en: 'The file is cut off before its first record.',
    zh: '文件不完整：还没到第一条记录就断了。',
  },
  damaged: {
    en: 'The file is damaged: what it says of itself does not fit what it holds.',
    zh: '文件已损坏：其中的说明与内容对不上。',
  },
  'too-large': {
    en: 'The file has more than 512 MB when it is unpacked, which is more than the page can hold.',
    zh: '文件解压后超过 512 MB，页面容纳不下。',
  },
  foreign: {
    en: 'The file has trace events of another program, or was exported by an older version of Weft: it has no records of a run.',
    zh: '文件里是其他程序的跟踪事件，或由旧版 Weft 导出，其中没有运行的记录。',
  },
  unreadable: {
    en: 'The browser could not read the file. Check that it is still there, and that it may be read.',
    zh: '浏览器读不了这个文件。请确认它还在原处，而且允许读取。',
  },
};

/** Why a run could not start, by the failure's name. */
export const startTroubles: Partial<Record<string, Text>> & Record<StartFailure, Text> = {
  parameters: {
    en: 'The parameters could not be handed to the program.',
    zh: '参数没能交给程序。',
  },
  'out-of-memory': {
    en: 'The browser had no memory left for another run. Close other tabs or reload the page.',
    zh: '浏览器没有内存再跑一次了。请关闭其他标签页，或刷新页面。',
  },
  'not-found': {
    en: 'A file of the program is missing on the server. Reload the page.',
    zh: '服务器上缺少程序文件。请刷新页面。',
  },
  'wrong-type': {
    en: 'The server sends the program with a wrong content type. It must serve .wasm as application/wasm and .mjs as text/javascript.',
    zh: '服务器返回的程序文件类型不对：.wasm 应为 application/wasm，.mjs 应为 text/javascript。',
  },
  network: {
    en: 'The program could not be loaded. Check the connection and try again.',
    zh: '程序加载失败。请检查网络后重试。',
  },
  abi: {
    en: 'The page and the program are from different builds. Reload the page.',
    zh: '页面与程序不是同一次构建的。请刷新页面。',
  },
  timeout: {
    en: 'The program took too long to start. Try again.',
    zh: '程序启动超时。请重试。',
  },
  'too-many': {
    en: 'Too many runs are still being cleaned up. Wait a moment and try again.',
    zh: '之前的运行还在清理。请稍候再试。',
  },
  worker: {
    en: 'The browser refused to start a worker. Reload the page.',
    zh: '浏览器拒绝启动 Worker。请刷新页面。',
  },
  compile: {
    en: 'The browser could not compile the program. Update the browser or try another one.',
    zh: '浏览器无法编译程序。请升级浏览器，或换一个试试。',
  },
  boot: {
    en: 'The program stopped while it was starting.',
    zh: '程序在启动过程中停止了。',
  },
};
