import path from 'node:path';
import { fileURLToPath } from 'node:url';

/** Where things are. */
export const root = fileURLToPath(new URL('../../../', import.meta.url));
/** The page under test: WEFT_PAGE, or the one the build makes. */
export const builtPage = process.env.WEFT_PAGE ?? path.join(root, 'web', 'dist');
export const nativeProgram = path.join(root, 'build', 'native', 'weft');
