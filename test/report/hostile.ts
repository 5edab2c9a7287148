// Texts that try to leave the place where they are shown.

/** Text that tries to leave the place where it is shown: HTML, Markdown, XML, terminals, broken Unicode. */
export const hostile = {
  html: '</script><img src=x onerror=globalThis.pwned=1><script>globalThis.pwned=1</script></style>',
  markdown: '```js\nalert(1)\n```` ~~~~ @everyone #123 | [link](https://evil.example) <!-- --> <details open>',
  xml: ']]> ]]> <skipped/> &unknown; <![CDATA[',
  controls: 'NUL \u0000 BEL \u0007 ESC \u001b[31m DEL \u007f FFFE \ufffe RLO \u202e end',
  surrogates: 'high \ud83d alone, low \ude00 alone',
} as const

/** All of them at once. */
export const everything = Object.values(hostile).join(' ')
