// Shape, language, loops, bareness, length and variety of answers, each with the traps of real ones.

import { describe, expect, it } from 'vitest'
import { isBare } from '../../src/score/bare.ts'
import { buildScoreTable } from '../../src/score/columns.ts'
import { evidenceOf } from '../../src/score/effects.ts'
import { isLooping, repeatedShare } from '../../src/score/loops.ts'
import { absent, value } from '../../src/score/metric.ts'
import { answerLength } from '../../src/score/metrics/answer-length.ts'
import { bareAnswer } from '../../src/score/metrics/bare-answer.ts'
import { repetitive } from '../../src/score/metrics/repetitive.ts'
import { sameLanguage } from '../../src/score/metrics/same-language.ts'
import { sameNormalText } from '../../src/score/metrics/same-normal-text.ts'
import { sameShape } from '../../src/score/metrics/same-shape.ts'
import { variety } from '../../src/score/metrics/variety.ts'
import { hashOf, normalText } from '../../src/score/normal-text.ts'
import { scan } from '../../src/score/scan.ts'
import { columnsOf, replied, row, timedOut } from './calls.ts'

const say = (text: string) => replied({ text })

describe('same-shape', () => {
  const shape = (a: string, b: string) => {
    const measured = sameShape.measure(say(a), say(b))
    return measured.kind === 'value' ? measured.value : null
  }
  it.each([
    ['prose and prose, of whatever length', 'One.\n\nTwo.', 'Three words here.', 1],
    ['nothing and nothing', '', '', 1],
    ['nothing and something', '', 'a', 0],
    ['a list of as many', '- a\n- b', '* c\n* d', 1],
    ['a list of half as many', '- a\n- b', '- c', 0.5],
    ['a list that became prose', '- a\n- b', 'a and b', 0],
    ['bullets that became numbers', '- a\n- b', '1. a\n2. b', 0],
    ['prose and a list that became prose', 'So:\n- a\n- b', 'So: a and b', 0.5],
    ['headings that became bold', '## A\nx\n## B\ny', '**A**\nx\n**B:**\ny', 1],
    ['a table of more columns', '|a|b|\n|-|-|\n|1|2|', '|a|b|c|d|\n|-|-|-|-|\n|1|2|3|4|', 0.75],
    ['code in another language', '```python\nx\n```', '```js\nx\n```', 0],
    ['a list in code is code', '```\n- a\n- b\n```', '```\nx\n```', 1],
    ['a minus sign is no bullet', '-5 degrees', 'cold', 1],
    ['JSON of other values', '{"a":1,"b":["x"]}', '{"b":["y","z"],"a":2}', 1],
    ['JSON of another type', '{"a":1}', '{"a":"1"}', 1 / 3],
    ['JSON that became prose', '{"a":1}', 'a is 1', 0],
  ])('%s', (_why, a, b, expected) => {
    expect([shape(a, b), shape(b, a)]).toEqual([expected, expected].map((each) => expect.closeTo(each, 10)))
  })
})

const said = {
  en: 'The short answer is that you should restart the service after changing the configuration file, because it is only read once.',
  en2: 'Restarting is needed: whatever was edited in there gets picked up at startup and never again while the process keeps running.',
  de: 'Die kurze Antwort lautet, dass Sie den Dienst nach dem Ändern der Konfigurationsdatei neu starten sollten, weil sie nur einmal gelesen wird.',
  de2: 'Ein Neustart ist nötig: Was dort bearbeitet wurde, wird beim Hochfahren übernommen und danach im laufenden Betrieb nie wieder beachtet.',
  fr: 'La réponse courte est que vous devez redémarrer le service après avoir modifié le fichier de configuration, car il n’est lu qu’une seule fois.',
  es: 'La respuesta corta es que debe reiniciar el servicio después de cambiar el archivo de configuración, porque solo se lee una vez al iniciar.',
  pt: 'A resposta curta é que você deve reiniciar o serviço depois de alterar o arquivo de configuração, pois ele é lido apenas uma vez ao iniciar.',
  pl: 'Krótka odpowiedź brzmi, że należy ponownie uruchomić usługę po zmianie pliku konfiguracyjnego, ponieważ jest on odczytywany tylko raz.',
  ru: 'Короткий ответ: после изменения файла конфигурации нужно перезапустить службу, потому что он читается только один раз.',
  zh: '简短的回答是，更改配置文件后应该重新启动服务，因为它只在进程开始时读取一次，之后不会再读取。',
  ja: '簡単に言うと、設定ファイルを変更した後はサービスを再起動してください。起動時に一度だけ読み込まれるためです。',
  ar: 'الإجابة المختصرة هي أنه يجب عليك إعادة تشغيل الخدمة بعد تغيير ملف الإعدادات لأنه يُقرأ مرة واحدة فقط.',
}

describe('same-language', () => {
  const same = (a: string, b: string) => sameLanguage.measure(say(a), say(b))
  const all = Object.entries(said)
  it.each(all.flatMap(([a, x]) => all.filter(([b]) => b > a).map(([b, y]) => [a, b, x, y] as const)))(
    '%s and %s',
    (a, b, x, y) => {
      const expected = value(a.slice(0, 2) === b.slice(0, 2) ? 1 : 0)
      expect([same(x, y), same(y, x)]).toEqual([expected, expected])
    },
  )
  it.each([
    ['too short', 'Yes.', 'Ja.'],
    ['nothing', '', said.en],
    ['code', 'for (let i = 0; i < 10; i++) { console.log(i); }\n'.repeat(9), said.en],
    ['code in a fence', `\`\`\`\n${said.de}\n\`\`\``, said.en],
    ['arithmetic', '7703 = 7 * 1100 + 3\n13 * 592 = 7696\n'.repeat(9), said.en],
  ])('can’t be told of %s', (_why, a, b) => {
    expect(same(a, b)).toEqual(absent('too-short'))
  })
  it('code around it does not decide', () => {
    const code = '```python\nreturn the_value_of(self, name)\n```\n'
    expect([same(code + said.de, code + said.en), same(code + said.de, said.de2)]).toEqual([value(0), value(1)])
  })
})

describe('bare-answer', () => {
  const python =
    'class Solution:\n    def twoSum(self, nums):\n        seen = {}\n        return [seen[n] for n in nums]'
  it.each([
    ['a label', 'positive', true],
    ['a marked one', '[Yes]', true],
    ['a number', '42', true],
    ['a name of three words', 'New York City', true],
    ['a sentence', 'It is positive, I think.', false],
    ['a label with a reason', 'Yes, because it is.', false],
    ['a question', 'Which city?', false],
    ['a label in bold', '**positive**', false],
    ['a label in a code span', '`positive`', false],
    ['nothing', '', false],
    ['code', python, true],
    ['code in a fence', `\`\`\`python\n${python}\n\`\`\``, false],
    ['code behind a word', `Here is the code:\n\n${python}`, false],
    [
      'code before an explanation',
      `${python}\n\nThis walks the list once.\nIt is fast enough.\nIt needs memory.\nWell.`,
      false,
    ],
    ['a query', 'SELECT id,\n  name\nFROM users\nWHERE id = 1;', true],
    ['a page', '<html>\n<body>\n  <p>Hi</p>\n</body>\n</html>', true],
    [
      'prose that begins with a word of code',
      'Import duties are levied on goods.\nThey differ from country to country.',
      false,
    ],
    ['prose that begins with Class', 'Class sizes matter most in the early years\nof school, and little later', false],
  ])('%s', (_why, text, expected) => {
    expect(isBare(text)).toBe(expected)
  })
  it('applies where either answer is bare', () => {
    const none = { left: absent('not-asked'), right: absent('not-asked') }
    expect(bareAnswer.measure(say('[Yes]'), say('Yes, it is prime.'))).toEqual({ left: value(1), right: value(0) })
    expect(bareAnswer.measure(say('It is prime, yes.'), say('Well, it may be.'))).toEqual(none)
    expect(bareAnswer.measure(say('42'), timedOut)).toEqual({ left: value(1), right: absent('no-reply') })
  })
})

describe('repetitive', () => {
  const prose = Array.from({ length: 200 }, (_, n) => `word${(n * 7919) % 199} and`).join(' ')
  it.each([
    ['prose', prose, 0],
    ['a sentence over and over', 'I am not able to answer that right now. '.repeat(40), 1],
    ['prose that runs into a loop', `${prose} ${'and so on and on it goes for ever '.repeat(200)}`, 1],
    ['a loop without spaces', '好的我知道了请稍等'.repeat(60), 1],
    ['one character', `Sure! ${'a'.repeat(2000)}`, 1],
    ['a rule that is drawn', `Title\n${'='.repeat(2000)}\nText`, 0],
    ['a short chorus', 'la la la la la '.repeat(8), 0],
    [
      'steps that are alike',
      Array.from({ length: 60 }, (_, n) => `${7703 + n} is not divisible by ${2 * n + 3}.`).join('\n'),
      0,
    ],
    ['a table of like rows', Array.from({ length: 60 }, (_, n) => `| item ${n} | in stock | ${n * 3} |`).join('\n'), 0],
    ['nothing', '', 0],
  ])('%s', (_why, text, expected) => {
    expect([repetitive.measure(say(text)), isLooping(text, scan(text))]).toEqual([value(expected), expected === 1])
  })
  it('is a share of the text', () => {
    expect(repeatedShare(scan(prose).words)).toBeLessThan(0.1)
    expect(repeatedShare(scan('one two three four five six seven eight nine ten '.repeat(20)).words)).toBeGreaterThan(
      0.9,
    )
  })
})

describe('normal text', () => {
  it.each([
    ['Paris.', 'paris', true],
    ['  New\n York ', 'new york', true],
    ['[Yes]', 'Yes', true],
    ['“It’s” — so…', 'it s so', true],
    ['ﬁne', 'fine', true],
    ['CAFÉ', 'cafe\u0301', true],
    ['-5', '5', false],
    ['1.5', '15', false],
    ['5 %', '5', false],
    ['a+b', 'a-b', false],
    ['right. Wrong', 'right wrong', true],
  ])('%j and %j', (a, b, expected) => {
    expect(normalText(a) === normalText(b)).toBe(expected)
    expect(sameNormalText.measure(say(a), say(b))).toEqual(value(expected ? 1 : 0))
  })
  it('has a number of its own', () => {
    const numbers = Array.from({ length: 20_000 }, (_, n) => hashOf(`answer ${n}`))
    expect([new Set(numbers).size, numbers.every(Number.isSafeInteger)]).toEqual([20_000, true])
  })
})

it('answer-length counts what is given, tool calls with it', () => {
  expect(answerLength.measure(say(' Paris.\n'))).toEqual(value(6))
  expect(answerLength.measure(replied({ text: '', toolCalls: [{ name: 'f', arguments: '{}' }] }))).toEqual(value(5))
  expect(answerLength.measure(timedOut)).toEqual(absent('no-reply'))
})

describe('variety', () => {
  const effectOf = (production: readonly string[], candidate: readonly string[]) => {
    const rows = production.map((text, ordinal) => {
      const [a, b] = [text, candidate[ordinal] ?? ''].map((each) => variety.measure(say(each)))
      if (a?.kind !== 'value' || b?.kind !== 'value') throw new Error('no number')
      return row('variety', { ordinal, production: a.value, candidate: b.value })
    })
    const records = production.map((_, index) => ({ id: `r${index}` as never, cluster: null, segments: {} }))
    const [found] = evidenceOf(buildScoreTable(records, columnsOf(rows)), {
      metrics: [variety],
      segments: [],
      level: 0.95,
    })
    return found?.effect ?? null
  }
  const own = (count: number, from = 0) => Array.from({ length: count }, (_, index) => `answer ${from + index}`)
  it('is the share of answers that another request was given as well', () => {
    const effect = effectOf(own(100), [...Array.from({ length: 60 }, () => 'I can’t help.'), ...own(40)])
    expect([effect?.production, effect?.candidate, effect?.estimate]).toEqual([0, 0.6, 0.6])
    expect(effect?.interval.low).toBeGreaterThan(0.5)
  })
  it('labels that recur in both arms are no collapse', () => {
    const labels = Array.from({ length: 100 }, (_, index) => ['yes', 'no'][index % 2] ?? '')
    expect(effectOf(labels, labels.toReversed())?.estimate).toBe(0)
  })
  it('is counted within each arm: the same text in both is none', () => {
    expect(effectOf(own(50), own(50))).toMatchObject({ production: 0, candidate: 0, better: 'lower', unit: 'share' })
  })
})
