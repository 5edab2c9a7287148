// Seeded English-like text: the same seed writes the same words, on every machine.

const vocabulary =
  `the of and to in is for on with as by that this from at be are or an it not can we you our your which
order account customer report number invoice delivery address payment refund ticket service contract price product
because however therefore although while since after before during between without within against through
send check write explain compare summarise translate confirm change cancel repeat follow return answer describe
first second next last early late small large open closed clear simple recent current common certain likely several
table list step reason result value record system network server device window button setting message document
morning week month year customer team manager engineer teacher student doctor patient traveller reader writer
water energy light market region country city river mountain forest engine vehicle building kitchen garden station
temperature pressure distance weight speed height length amount average total share margin limit balance budget
should would could might must will does has had been were was their there here when where what how why who`
    .split(/\s+/)
    .filter(Boolean)

/** Numbers in [0, 1): mulberry32. */
export function randomFrom(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}

/** Frequent words come first in the vocabulary and are drawn more often. */
export function wordsFrom(random: () => number, count: number): string[] {
  return Array.from({ length: count }, () => vocabulary[Math.floor(random() ** 2 * vocabulary.length)] ?? 'the')
}

/** Sentences of about a dozen words. */
export function textFrom(random: () => number, count: number): string {
  const words = wordsFrom(random, count)
  return words.map((word, index) => (index % 12 === 11 || index === count - 1 ? `${word}.` : word)).join(' ')
}
