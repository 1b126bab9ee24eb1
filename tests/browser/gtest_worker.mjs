// The worker that hosts the instance; its threads are workers nested in this one.
addEventListener('unhandledrejection', (event) => {
  postMessage({ crash: String(event.reason?.message ?? event.reason) });
});

addEventListener('message', async ({ data }) => {
  // Only the first message is for us: Emscripten's runtime has messages of its own.
  if (data?.module === undefined) return;
  const { default: createCore } = await import(data.module);
  const line = (text) => postMessage({ line: text });
  await createCore({
    arguments: ['--gtest_color=no'],
    print: line,
    printErr: line,
    onExit: (status) => postMessage({ status }),
    onAbort: (what) => postMessage({ crash: String(what) }),
  });
});
