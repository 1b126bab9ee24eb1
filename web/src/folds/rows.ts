import { Kind } from '../trace/kinds.ts';
import { Entities } from './entities.ts';
import type { Entity } from './entities.ts';
import { lightWeight } from './fold.ts';
import type { Fold, Records } from './fold.ts';
import { Log } from './log.ts';
import { NumberedNames } from './numbered_names.ts';

interface Table extends Entity {
  name: string;
  rows: Log<string[]>;
}

/** Rows of the tables that a demo filled, by the table's name. */
export class Rows implements Fold {
  readonly #names: NumberedNames;
  readonly #tables: Entities<Table>;

  constructor(from?: Rows) {
    this.#names = from ? from.#names : new NumberedNames();
    this.#tables = new Entities(from ? from.#tables : ((table) => ({ ...table, rows: new Log(table.rows) })));
  }

  get tables(): readonly Readonly<Table>[] {
    return this.#tables.list;
  }

  get weight(): number {
    return lightWeight + this.#tables.weight;
  }

  take(records: Records, from: number, to: number): void {
    for (let index = from; index < to; index += 1) {
      if (records.kind(index) !== Kind.row) continue;
      const [name, ...cells] = records.text(index).split('\t');
      const id = this.#names.numberOf(name!);
      const known = this.#tables.find(0, id);
      const table = known
        ? this.#tables.own(known)
        : this.#tables.add(0, id, { place: 0, stamp: 0, name: name!, rows: new Log() });
      table.rows.push(() => cells);
    }
  }

  fork(): Rows {
    return new Rows(this);
  }
}
