import { firstKindWithPayload, Kind, kindsWithWhere, Reason, Unblocked, Work } from './format.generated.ts';

export { firstSharedObject, GilRelease, Kind, ObjectType, Reason, ThreadEnd, Unblocked, Work } from './format.generated.ts';

export function hasPayload(kind: number): boolean {
  return kind >= firstKindWithPayload;
}

const saysWhere = /* @__PURE__ */ new Set<number>(kindsWithWhere);

/** True if the upper half of the argument is the string id of a place in the source. */
export function hasWhere(kind: number): boolean {
  return saysWhere.has(kind);
}

function namesOf(what: string, numbers: Record<string, number>): (number: number) => string {
  const names = new Map(Object.entries(numbers).map(([name, number]) => [number, name]));
  return (number) => names.get(number) ?? `${what} ${number}`;
}

export const kindName = /* @__PURE__ */ namesOf('kind', Kind);
export const reasonName = /* @__PURE__ */ namesOf('reason', Reason);
export const unblockedName = /* @__PURE__ */ namesOf('outcome', Unblocked);
export const workName = /* @__PURE__ */ namesOf('work', Work);
