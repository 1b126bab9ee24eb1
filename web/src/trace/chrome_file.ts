/**
 * A run within Chrome's trace events: the packed trace file in base64, before the events, so that the page opens what it
 * exported without a loss. Viewers of such events skip it.
 */

const key = '"weft":"';
/** Bytes at the file's begin among which the key is looked for. */
const prologue = 256;

/** What stands before the events. */
export async function metadataWith(packedRun: Blob): Promise<BlobPart[]> {
  const bytes = new Uint8Array(await packedRun.arrayBuffer());
  return ['"otherData":{', key, ...base64(bytes), '"},'];
}

/** Bytes at once: a multiple of 3, so that only the end is padded. */
const pieceBytes = 3 * 2 ** 13;

function* base64(bytes: Uint8Array): Generator<string> {
  for (let from = 0; from < bytes.length; from += pieceBytes) {
    yield btoa(String.fromCharCode(...bytes.subarray(from, from + pieceBytes)));
  }
}

const isSpace = (byte: number | undefined) => byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09;

/** The packed trace file in Chrome JSON; 'none' if it has none; null if the bytes are no JSON. */
export function packedRunIn(json: Uint8Array): { bytes: Uint8Array<ArrayBuffer>; isCutOff: boolean } | 'none' | null {
  let begin = 0;
  while (begin < prologue && isSpace(json[begin])) begin += 1;
  const first = String.fromCharCode(json[begin] ?? 0);
  if (first !== '{' && first !== '[') return null;
  const place = String.fromCharCode(...json.subarray(0, prologue)).indexOf(key);
  if (place < 0) return 'none';
  const from = place + key.length;
  const quote = json.indexOf(0x22, from);
  const to = quote < 0 ? json.length : quote;
  const bytes = fromBase64(json.subarray(from, to));
  return bytes ? { bytes, isCutOff: quote < 0 } : 'none';
}

/** Whole groups of four signs; null if there is a sign that is none of base64's. */
function fromBase64(signs: Uint8Array): Uint8Array<ArrayBuffer> | null {
  const whole = signs.length - (signs.length % 4);
  const bytes = new Uint8Array((whole / 4) * 3);
  const step = (pieceBytes / 3) * 4;
  let length = 0;
  for (let from = 0; from < whole; from += step) {
    let text: string;
    try {
      text = atob(String.fromCharCode(...signs.subarray(from, Math.min(whole, from + step))));
    } catch {
      return null;
    }
    for (let place = 0; place < text.length; place += 1) bytes[length + place] = text.charCodeAt(place);
    length += text.length;
  }
  return bytes.subarray(0, length);
}
