import { Kind } from '../trace/kinds.ts';
import { Entities } from './entities.ts';
import type { Entity } from './entities.ts';
import { Fold } from './fold.ts';
import type { Records } from './fold.ts';
import { Log } from './log.ts';
import { NumberedNames } from './numbered_names.ts';

interface Table extends Entity {
  name: string;
  rows: Log<string[]>;
  /** Places of the rows in the trace. */
  records: Log<number>;
}

/** Rows of the tables that a demo filled, by the table's name. */
export class Rows extends Fold {
  private readonly names = new NumberedNames();
  private readonly entities = new Entities<Table>();

  get tables(): readonly Table[] {
    return this.entities.list;
  }

  take(records: Records, from: number, to: number): void {
    for (let index = from; index < to; index += 1) {
      if (records.kind(index) !== Kind.row) continue;
      const [name, ...cells] = records.text(index).split('\t');
      const table = this.entities.get(0, this.names.numberOf(name!), () => ({ name: name!, rows: new Log(), records: new Log() }));
      table.records.push(() => index);
      table.rows.push(() => cells);
    }
  }
}
