import { html, render } from 'lit-html';
import { byTopic, listed } from '../../app/catalogue.ts';
import { localised, texts } from '../../app/i18n/index.ts';
import { drawWhenChanged } from '../../app/scheduler.ts';
import { addressOf, catalogue, demo } from '../../app/state.ts';

/** The list of demos by topic; each entry is a link, so that the browser's back and forward do what they say. */
export function mountDemos(root: HTMLElement): void {
  drawWhenChanged(() => {
    const t = texts();
    render(
      html`
        <h2 class="visually-hidden">${t.demos}</h2>
        ${byTopic(listed(catalogue.value?.demos ?? [])).map(
          ([topic, demos]) => html`
            <div class="topic">
              <h3>${t.topics[topic] ?? topic}</h3>
              <ul>
                ${demos.map(
                  (each) => html`<li>
                    <a href=${addressOf(each)} data-demo=${each.id} aria-current=${each === demo.value ? 'page' : 'false'}>
                      ${localised(each.title)}
                    </a>
                  </li>`,
                )}
              </ul>
            </div>
          `,
        )}
      `,
      root,
    );
    root.setAttribute('aria-label', t.demos);
  });
}
