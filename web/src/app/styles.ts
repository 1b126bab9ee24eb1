declare const __LATER_STYLE__: string;
declare const __SELDOM_STYLE__: string;

/** Where the build put them; read when they are needed, as tests of the views in Node have no build. */
const files = { later: () => __LATER_STYLE__, seldom: () => __SELDOM_STYLE__ };

export type LaterStyle = keyof typeof files;

const loaded = new Map<LaterStyle, Promise<void>>();

function link(name: LaterStyle): Promise<void> {
  return new Promise((resolve, reject) => {
    const element = document.createElement('link');
    element.rel = 'stylesheet';
    element.href = files[name]();
    element.onload = () => resolve();
    element.onerror = () => {
      loaded.delete(name);
      element.remove();
      reject(new Error('no style sheet'));
    };
    document.head.append(element);
  });
}

/** Loads a style sheet that the first screen does without, once. The seldom one stands after the later one. */
export async function loadStyle(name: LaterStyle): Promise<void> {
  const before = name === 'seldom' ? loadStyle('later') : null;
  if (!loaded.has(name)) loaded.set(name, link(name));
  await Promise.all([before, loaded.get(name)]);
}

/** A script together with the style sheet of what few visits show. */
export async function withSeldomStyle<M>(script: Promise<M>): Promise<M> {
  const [found] = await Promise.all([script, loadStyle('seldom')]);
  return found;
}
