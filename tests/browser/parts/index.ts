import type { Part } from '../kit/part.ts';
import { compare } from './compare.ts';
import { chromium, firefox, webkit } from './engines.ts';
import { gtest } from './gtest.ts';
import { noIsolation, staticHost } from './hosts.ts';
import { machine } from './machine.ts';
import { page } from './page.ts';
import { processes } from './processes.ts';
import { rewind } from './rewind.ts';
import { travel } from './travel.ts';
import { share } from './share.ts';
import { views } from './views.ts';

export const parts: Record<string, { run: Part; onlyIfAsked?: boolean }> = {
  chromium: { run: chromium },
  firefox: { run: firefox },
  webkit: { run: webkit },
  static: { run: staticHost },
  'no-isolation': { run: noIsolation },
  page: { run: page },
  views: { run: views },
  compare: { run: compare },
  rewind: { run: rewind },
  travel: { run: travel },
  share: { run: share },
  machine: { run: machine },
  processes: { run: processes },
  gtest: { run: gtest },
};
