import { accessSync, constants } from 'node:fs';
import path from 'node:path';

function isProgram(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** The program that the variable names, or the first of the names that is on PATH. */
export function findProgram(variable: string, names: string[]): string {
  const named = process.env[variable];
  if (named) return named;
  const folders = (process.env.PATH ?? '').split(path.delimiter);
  for (const name of names) {
    const found = folders.map((folder) => path.join(folder, name)).find(isProgram);
    if (found) return found;
  }
  throw new Error(`${names.join(' or ')} is not installed (or name it with ${variable})`);
}
