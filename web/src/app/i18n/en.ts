import { plural } from './plural.ts';

export const en = {
  name: 'Weft',
  tagline: 'Concurrency you can watch: real threads and processes in your browser',
  skip: 'Skip to the run',
  demos: 'Demos',
  close: 'Close',

  header: {
    language: 'Language',
    theme: 'Theme',
    themes: { auto: 'Auto', light: 'Light', dark: 'Dark' },
    themeIs: (theme: string) => `Theme: ${theme}`,
    help: 'Keys and help',
  },

  mode: {
    preparing: 'Preparing…',
    preparingHint: 'Asking the browser for threads.',
    live: 'Live',
    liveHint: (cores: number) => `Runs on real threads. This computer has ${cores} logical ${cores === 1 ? 'core' : 'cores'}.`,
    recorded: 'Recorded only',
    recordedHint: 'This browser gives the page no threads. Choose for the reason.',
  },

  isolation: {
    details: 'What the browser said',
  },

  form: {
    title: 'Parameters',
    options: 'Run options',
    more: (count: number) => `More (${count})`,
    chip: 'Drag for another value, click for its field',
    all: 'All parameters',
    resetAll: 'Reset all',
    reset: (label: string) => `Reset ${label} to its default`,
    range: (least: string, most: string) => `${least} – ${most}`,
    on: 'On',
    off: 'Off',
    slider: (label: string) => `${label}, slider`,
    changed: (count: number) => plural(count, String(count), 'changed', 'changed'),
    toCorrect: (count: number) => `${count === 1 ? 'One parameter needs' : `${count} parameters need`} correcting before the run.`,
  },

  panes: {
    left: 'Parameters',
    right: 'Explanation and code',
    below: 'Output and figures',
    resize: 'Drag to resize, double-click to fold',
    unfold: 'Click to unfold',
  },

  link: {
    copy: 'Copy link',
    embed: 'Embed',
    failed: 'The browser did not allow copying.',
  },

  run: {
    stopNow: 'End now',
    blocked: 'Threads are not available here, so nothing can be run.',
    progress: 'Progress of the run',
    progressOf: (done: string, total: string) => `${done} of ${total}`,
    recorded: 'Recorded run',
    recordedOn: (date: string, machine: string) => (machine ? `Recorded on ${date} · ${machine}` : `Recorded on ${date}`),
    recordedWith: 'Press Run for one of your own.',
    loaded: 'Opened run',
    live: 'Live run',
    idle: 'Ready.',
    loading: 'Loading a recorded run…',
    none: 'Nothing has run yet. Press Run.',
    starting: 'Starting…',
    running: 'Running',
    stopping: 'Stopping…',
    finished: (time: string) => `Finished in ${time}.`,
    failedCheck: (time: string) => `Finished in ${time}, but not everything came out as it must.`,
    failed: (time: string) => `Failed after ${time}: an exception was not caught.`,
    refused: 'The parameters were refused. The console says which and why.',
    stopped: (time: string) => `Stopped after ${time}.`,
    deadlock: (time: string) => `Deadlock after ${time}: every thread waits for another.`,
    killed: (time: string) => `Ended by force after ${time}. Its threads did not react to Stop; what they had recorded is kept.`,
    crashed: (time: string) => `Crashed after ${time}. Everything recorded until then is below.`,
    notStarted: 'The run could not start.',
    save: 'Save run',
    saveHint: 'Save this run as a .weft file that can be opened here again',
    export: 'Export trace',
    exportHint: 'Save as Chrome trace JSON, for Perfetto, the Firefox Profiler or speedscope',
    open: 'Open run…',
    openHint: 'Open a run that was saved or exported here, or written by weft on the command line',
  },

  timeline: {
    title: 'Timeline',
    role: 'timeline',
    label: (lanes: number, processes: number) =>
      `Timeline with ${plural(lanes, String(lanes), 'thread', 'threads')}${processes > 1 ? ` in ${processes} processes` : ''}. Arrow keys move between spans and threads, W and S zoom, A and D pan.`,
    empty: 'No threads yet.',
    emptyHint: 'Press Run, and every thread gets a lane here: when it runs, and what it waits for.',
    legend: 'Legend',
    follow: 'Follow',
    hidden: (lanes: number, tracks: number) =>
      [
        lanes && plural(lanes, String(lanes), 'more thread', 'more threads'),
        tracks && plural(tracks, String(tracks), 'more track', 'more tracks'),
      ]
        .filter(Boolean)
        .join(', '),
    asTable: 'Show as table',
    asChart: 'Show as chart',
    hint: 'Drag to measure · Ctrl + wheel to zoom · Shift + drag to pan · ? for keys',
    hintTouch: 'Pinch to zoom · two fingers to pan · tap for details',
  },

  /** Categories of the lanes' colours. */
  states: {
    running: 'Running',
    runningOrReady: 'Running or ready',
    computing: 'Simulated computing',
    io: 'Simulated I/O',
    ready: 'Ready to run',
    unwinding: 'Unwinding after the deadlock',
    lock: 'Waiting for a lock',
    barrier: 'Waiting at a barrier',
    semaphore: 'Waiting for a semaphore',
    get: 'Waiting: queue empty',
    put: 'Waiting: queue full',
    join: 'Waiting for an end',
    other: 'Waiting for others',
    sleep: 'Sleeping',
    idle: 'Idle worker',
    absent: 'Not alive',
  },

  console: {
    title: 'Console',
    empty: 'Nothing printed yet.',
    emptyHint: 'Every line a thread prints appears here with the thread’s mark.',
    filter: 'Filter',
    filterLabel: 'Show only lines that contain',
    copy: 'Copy all',
    copied: (count: string) => `${count} lines copied`,
    follow: 'Follow the end',
    lines: (count: number, text: string) => plural(count, text, 'line', 'lines'),
    found: (found: string, all: string) => `${found} of ${all} lines`,
    none: 'No line contains that.',
    error: 'error stream',
    label: 'Lines printed by the run',
  },

  results: {
    title: 'Results',
    empty: 'No results yet.',
    emptyHint: 'What the run measures and checks appears here when it ends.',
    onCores: (cores: number) => `on ${plural(cores, String(cores), 'core', 'cores')}`,
    checks: 'Checks',
    holds: 'holds',
    fails: 'does not hold',
    pending: 'Results appear when the run ends.',
    noneStopped: 'The run ended before it had results.',
  },

  commands: {
    run: 'Run',
    stop: 'Stop',
    zoomIn: 'Zoom in',
    zoomOut: 'Zoom out',
    fit: 'Show the whole run',
    focus: 'Zoom to selection',
    clear: 'Clear selection',
  },

  failure: {
    catalogue: 'The list of demos could not be loaded. Check the connection and reload.',
    recorded: 'The recorded run could not be loaded. Check the connection and reload.',
  },
};

export type Messages = typeof en;
