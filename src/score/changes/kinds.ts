// The kinds of change between two answers to one request: what people call them, and how much each matters.

export interface ChangeKind {
  /** In verdict.json, and part of a cluster's id: never to be renamed. */
  readonly name: string
  /** Its bit in the measures of the store: the list may be put in another order, a bit never. */
  readonly bit: number
  /** "answers collapsed": what stands in a report before "in 998 of 1,000 pairs". */
  readonly words: string
  /**
   * The same change the other way round; null where it is its own. Of two answers of one model both are equally likely, whichever
   * of them comes first: that one is far more frequent needs no noise floor to tell.
   */
  readonly mirror: string | null
  /** How bad one such pair is; what may be an improvement is below 1. */
  readonly gravity: number
  /** Whether production's answer is the one with a template: a refusal that is no longer one has all kinds of texts in its place. */
  readonly isBack: boolean
}

/**
 * By what they say about a pair of several kinds, most telling first. A kind and its mirror stand together and exclude each other,
 * so that turning a pair round turns its kind into the mirror: the test of direction rests on that.
 */
export const changeKinds = [
  kind('no-answer', 0, 'no answer', 10, 'answered-again'),
  back('answered-again', 1, 'answered where production was not', 0.5, 'no-answer'),
  kind('newly-refused', 2, 'newly refused', 8, 'no-longer-refused'),
  back('no-longer-refused', 3, 'no longer refused', 2, 'newly-refused'),
  kind('refused-otherwise', 22, 'refused in other words', 0.5),
  kind('cut', 4, 'cut at the limit', 7, 'no-longer-cut'),
  back('no-longer-cut', 5, 'no longer cut at the limit', 0.5, 'cut'),
  kind('tool-call-lost', 6, 'tool no longer called', 7, 'tool-call-new'),
  back('tool-call-new', 7, 'tool newly called', 5, 'tool-call-lost'),
  kind('tool-calls-differ', 8, 'tools called otherwise', 3),
  kind('json-broken', 9, 'JSON broken', 7, 'json-mended'),
  back('json-mended', 10, 'JSON mended', 0.5, 'json-broken'),
  kind('loops', 11, 'answers repeat themselves without end', 6, 'no-longer-loops'),
  back('no-longer-loops', 12, 'no longer repeats itself', 0.5, 'loops'),
  kind('language', 13, 'answered in another language', 6),
  kind('fenced', 14, 'newly wrapped in code fences', 5, 'unfenced'),
  back('unfenced', 15, 'no longer in code fences', 3, 'fenced'),
  kind('collapsed', 16, 'answers collapsed', 5, 'grown'),
  back('grown', 17, 'answers grew several times over', 3, 'collapsed'),
  kind('reformatted', 18, 'same words in another layout', 1),
  kind('value', 19, 'same form, another value', 4),
  kind('rewritten', 20, 'rewritten', 2),
  kind('reworded', 21, 'reworded', 1),
] as const satisfies readonly ChangeKind[]

export type ChangeKindName = (typeof changeKinds)[number]['name']

/** Kinds that are worse, or better, whatever the answers are about. */
const worse = new Set<string>([
  'no-answer',
  'newly-refused',
  'cut',
  'tool-call-lost',
  'json-broken',
  'loops',
  'language',
])
const better = new Set<string>(['answered-again', 'no-longer-cut', 'json-mended', 'no-longer-loops'])
const [worseBits, betterBits] = [bitsOf(worse), bitsOf(better)]

/** Where a mask of kinds leads, null where only a reader can tell: one kind for the worse outweighs whatever got better. */
export function directionOf(mask: number): 'worse' | 'better' | null {
  if ((mask & worseBits) !== 0) return 'worse'
  return (mask & betterBits) === 0 ? null : 'better'
}

function bitsOf(names: ReadonlySet<string>): number {
  return changeKinds.reduce((bits, { name, bit }) => (names.has(name) ? bits | (1 << bit) : bits), 0)
}

function kind<const Name extends string>(
  name: Name,
  bit: number,
  words: string,
  gravity: number,
  mirror: string | null = null,
): ChangeKind & { readonly name: Name } {
  return { name, bit, words, mirror, gravity, isBack: false }
}

function back<const Name extends string>(
  name: Name,
  bit: number,
  words: string,
  gravity: number,
  mirror: string,
): ChangeKind & { readonly name: Name } {
  return { name, bit, words, mirror, gravity, isBack: true }
}

/** The most telling of a mask's kinds, as its place in `changeKinds`; −1 where there is none. */
export function tellingKind(mask: number): number {
  return changeKinds.findIndex(({ bit }) => (mask & (1 << bit)) !== 0)
}
