import { Kind } from '../trace/kinds.ts';
import type { Fold, Records } from './fold.ts';

/** Rows of the tables that a demo filled, by the table's name. */
export class Rows implements Fold {
  readonly byTable = new Map<string, string[][]>();

  take(records: Records, from: number, to: number): void {
    for (let index = from; index < to; index += 1) {
      if (records.kind(index) !== Kind.row) continue;
      const [table, ...cells] = records.text(index).split('\t');
      const rows = this.byTable.get(table!);
      if (rows) rows.push(cells);
      else this.byTable.set(table!, [cells]);
    }
  }
}
