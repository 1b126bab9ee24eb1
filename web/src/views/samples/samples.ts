import { html, nothing, render, svg } from 'lit-html';
import { formatInteger, formatNumber, formatWithUnit } from '../../app/format.ts';
import { inLanguage, language, localised } from '../../app/i18n/index.ts';
import { drawWhenChanged } from '../../app/scheduler.ts';
import { moment, slowFrame } from '../../app/state.ts';
import type { Demo } from '../../app/catalogue.ts';
import { Samples } from '../../folds/samples.ts';
import type { Distribution } from '../../folds/samples.ts';
import { figures } from '../kit/figures.ts';
import { table } from '../kit/table.ts';
import { binsOf } from './bins.ts';
import type { Bin } from './bins.ts';
import { samplesTexts } from './texts.ts';

const width = 640;
const height = 150;

const number = (value: number) => formatNumber(value, language.value);
const count = (value: number) => formatInteger(value, language.value);
const nameOf = ({ from, to }: Bin) => (from === to ? number(from) : `${number(from)} – ${number(to)}`);

function histogram(distribution: Distribution, label: string, bins: Bin[]) {
  const t = inLanguage(samplesTexts);
  const tallest = bins.reduce((best, bin) => (bin.count > best.count ? bin : best));
  const each = width / (bins.length === 1 ? 3 : bins.length); // a single one is a bar, too
  const start = (width - each * bins.length) / 2;
  const gap = each > 6 ? 2 : 0.5;
  const end = bins.at(-1)!;
  const description = `${t.least} ${number(distribution.least)}, ${t.median} ${number(distribution.median)}, ${t.most} ${number(distribution.most)}; ${t.tallest(nameOf(tallest), count(tallest.count))}`;
  return html`
    <svg class="histogram" viewBox=${`0 0 ${width} ${height}`} preserveAspectRatio="none" role="img" aria-label=${t.label(label, description)}>
      ${bins.map((bin, place) => {
        // What came once is seen beside what came a thousand times.
        const tall = bin.count === 0 ? 0 : Math.max(2, (bin.count / tallest.count) * height);
        return svg`<rect x=${start + place * each + gap / 2} y=${height - tall} width=${each - gap} height=${tall}><title>${`${nameOf(bin)}: ${count(bin.count)}`}</title></rect>`;
      })}
    </svg>
    <p class="histogram-axis"><span>${bins.length > 1 ? number(bins[0]!.from) : nothing}</span><span>${end.isTail ? `≥ ${number(end.from)}` : number(end.to)}</span>${bins.length > 1 ? nothing : html`<span></span>`}</p>
  `;
}

function distribution(shown: Demo, each: Distribution) {
  const t = inLanguage(samplesTexts);
  const declared = shown.samples?.find(({ name }) => name === each.name);
  const label = declared ? localised(declared.label) : each.name;
  const unit = localised(declared?.unit);
  const bins = binsOf(each);
  const single = bins.every(({ from, to }) => from === to);
  return html`
    <div data-sample=${each.name}>
      <h3>${label}${unit ? ` (${unit})` : nothing}</h3>
      ${histogram(each, label, bins)}
      ${figures([
        ['count', t.count, count(each.count)],
        ['least', t.least, formatWithUnit(each.least, unit, language.value).text],
        ['median', t.median, formatWithUnit(each.median, unit, language.value).text],
        ['most', t.most, formatWithUnit(each.most, unit, language.value).text],
        ['distinct', t.distinct, count(each.distinct)],
      ])}
      <details class="as-table tall">
        <summary>${t.table}</summary>
        ${table(
          [...(single ? [t.value] : [t.from, t.to]), t.times].map((head) => ({ head, figure: true })),
          bins.filter((bin) => bin.count > 0).map((bin) => [...(single ? [bin.from] : [bin.from, bin.to]).map(number), count(bin.count)]),
          label,
        )}
      </details>
    </div>
  `;
}

/** Distributions of samples, as histograms. */
export function mount(root: HTMLElement): void {
  drawWhenChanged(() => {
    void slowFrame.value;
    const current = moment();
    const all = current ? current.fold(Samples).distributions : [];
    root.hidden = all.length === 0;
    render(
      current && all.length > 0
        ? html`<section class="panel samples" aria-labelledby="samples-title">
            <div class="panel-head"><h2 id="samples-title">${inLanguage(samplesTexts).title}</h2></div>
            ${all.map((each) => distribution(current.demo, each))}
          </section>`
        : nothing,
      root,
    );
  });
}
