/** Whether all cells of a column are numbers: then they stand right-aligned, and can be compared as bars. */
export function isNumeric(cells: readonly string[]): boolean {
  return cells.length > 0 && cells.every((cell) => cell.trim() !== '' && Number.isFinite(Number(cell)));
}

/** A number as a share of the column's largest; null where bars make no sense. */
export function shareOf(cell: number, column: readonly number[]): number | null {
  const most = Math.max(...column);
  if (column.length < 2 || most <= 0 || Math.min(...column) < 0) return null;
  return cell / most;
}
