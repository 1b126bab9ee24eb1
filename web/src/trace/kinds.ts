import { firstKindWithPayload, Kind, Reason } from './format.generated.ts';

export { firstSharedObject, GilRelease, Kind, ObjectType, Reason, ThreadEnd, Unblocked } from './format.generated.ts';

export function hasPayload(kind: number): boolean {
  return kind >= firstKindWithPayload;
}

function namesOf(what: string, numbers: Record<string, number>): (number: number) => string {
  const names = new Map(Object.entries(numbers).map(([name, number]) => [number, name]));
  return (number) => names.get(number) ?? `${what} ${number}`;
}

export const kindName = /* @__PURE__ */ namesOf('kind', Kind);
export const reasonName = /* @__PURE__ */ namesOf('reason', Reason);
