// Runs a benchmark module in a browser's worker and sends back what it prints.
onmessage = async ({data: module}) => {
  const {default: create} = await import(module);
  const lines = [];
  await create({print: (line) => lines.push(line), onExit: () => postMessage(lines.join('\n'))});
};
