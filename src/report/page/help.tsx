// All words of the filter and all keys, in a dialog.
/** @jsxImportSource preact */

import type { Ref } from 'preact'
import { numberWords, stateWords } from '../../filter/words.ts'
import { oneLine } from '../text.ts'
import { keyHelp } from './keys.ts'

export function Help({ dialog, segments }: { dialog: Ref<HTMLDialogElement>; segments: readonly string[] }) {
  return (
    <dialog class="help" ref={dialog} aria-labelledby="help-title">
      {/* First: it has the focus, and the dialog scrolls to it. */}
      <form method="dialog">
        <button type="submit">Close</button>
      </form>
      <h3 id="help-title">Filter and keys</h3>
      <p>
        All words must hold; a “-” before a word negates it, and quotes make anything text. Any other word is looked for
        in request and answers. Numbers are compared by &lt;, &lt;=, &gt; and &gt;=.
      </p>
      <dl>
        {stateWords.map(({ word, help }) => (
          <Entry word={word} help={help} />
        ))}
        {numberWords.map(({ word, help }) => (
          <Entry word={`${word}<1`} help={help} />
        ))}
        {segments.map((key) => (
          <Entry word={`${oneLine(key)}=…`} help="the segment of this value" />
        ))}
        <Entry word="cluster=…, pair=…" help="the one of this id" />
      </dl>
      <h3>Keys</h3>
      <dl>
        {keyHelp.map(([key, help]) => (
          <Entry word={key} help={help} />
        ))}
      </dl>
    </dialog>
  )
}

function Entry({ word, help }: { word: string; help: string }) {
  return (
    <>
      <dt>
        <code>{word}</code>
      </dt>
      <dd>{help}</dd>
    </>
  )
}
