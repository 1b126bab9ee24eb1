import { html, render } from 'lit-html';
import { fullAddress } from '../../app/full_address.ts';
import { inLanguage, localised, texts } from '../../app/i18n/index.ts';
import { linkOfAll } from '../../app/link.ts';
import { demo } from '../../app/state.ts';
import { say } from '../kit/announce.ts';
import { iconButton, quietButton } from '../kit/buttons.ts';
import { copyText } from '../kit/clipboard.ts';
import { snippetOf } from './snippet.ts';
import { runbarTexts } from './texts.ts';

const link = () => fullAddress(linkOfAll());

async function copy(text: string, done: string, field: string): Promise<void> {
  if (await copyText(text)) {
    say(done);
    return;
  }
  // Never a false "copied": what is to be copied is there, and selected.
  show();
  document.querySelector<HTMLTextAreaElement>(field)?.select();
  say(inLanguage(runbarTexts).copyByHand);
}

export const copyLink = (): Promise<void> => copy(link(), inLanguage(runbarTexts).copied, '#share-link');

export const showSnippet = (): void => show();

let dialog: HTMLDialogElement | null = null;

function made(): HTMLDialogElement {
  const element = document.createElement('dialog');
  element.id = 'share';
  element.setAttribute('aria-labelledby', 'share-title');
  element.addEventListener('click', (event) => {
    if (event.target === element) element.close(); // the backdrop
  });
  document.body.append(element);
  return element;
}

function show(): void {
  dialog ??= made();
  const t = inLanguage(runbarTexts);
  const snippet = snippetOf(link(), `Weft: ${localised(demo.value?.title)}`);
  render(
    html`
      <div class="dialog-head">
        <h2 id="share-title">${t.share}</h2>
        ${iconButton('close', texts().close, () => dialog!.close())}
      </div>
      <h3><label for="share-link">${t.link}</label></h3>
      <p class="muted">${t.linkHolds}</p>
      <textarea id="share-link" rows="2" readonly .value=${link()}></textarea>
      ${quietButton('link', texts().link.copy, () => void copyLink())}
      <h3><label for="share-snippet">${t.snippet}</label></h3>
      <p class="muted">${t.snippetHolds}</p>
      <textarea id="share-snippet" rows="5" readonly .value=${snippet}></textarea>
      ${quietButton('copy', t.copySnippet, () => void copy(snippet, t.snippetCopied, '#share-snippet'), { id: 'copy-snippet' })}
    `,
    dialog,
  );
  if (!dialog.open) dialog.showModal();
}
