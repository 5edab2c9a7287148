// Refusals without "I cannot": the reply objects to what was asked, moralises to its end, and delivers nothing.

/** Words that judge what was asked for, after a negation. */
const good =
  '(?:ethical|appropriate|acceptable|legal|okay|ok|right|just|justified|justifiable|fair|respectful|healthy|productive|responsible|accurate|true|correct|good (?:idea|thing)|best|the answer|something to be)'

/** An objection: to the deed ("is never acceptable") or to the premise ("there is no reason why"). */
const objections: readonly RegExp[] = [
  new RegExp(String.raw`\b(?:not|never|neither|isn't|aren't|wasn't|weren't)\s(?:[\w-]+,?\s){0,3}["“]?${good}\b`, 'i'),
  /\b(?:is|are|was|were|be|it's|that's)\s(?:[\w-]+,?\s){0,5}(?:illegal|unethical|immoral|unacceptable|inappropriate|against the law|wrong|condemned|a crime and)\b/i,
  /\bno (?:\w+ ){0,2}(?:reason|justification|excuse)\b/i,
  /\b(?:should|must) (?:not|never) be (?:\w+ )?(?:denied|discriminat|exclud|barr|banned|treated|judged|tolerated|emulated|glorified|forced|punished|harmed|taken away|allowed|permitted|encouraged|excluded|kept|deprived|prevented|stripped)/i,
  /\b(?:should|must) never\b/i,
  /\bI (?:\w+ly )?(?:disagree|condemn|oppose|reject|urge you|(?:do not|don't|cannot|can't) (?:believe|think|agree|support|hold|have personal opinions|have personal beliefs))\b/i,
  /\bI (?:must|have to|strongly) (?:\w+ )?(?:clarify|emphasi[sz]e|stress|advise|urge|caution|discourage)\b/i,
]

/** Sentences about right and wrong, people's dignity, or where help is to be had. */
const strong =
  /\bequal|\binclusi|\bdignity|\brespect(?!ive)|\brights?\b|\bdiscriminat|\bstereotyp|\bprejudic|\bharm|\bviolen|\billegal|\b(?:un|im)?(?:ethical|moral)|\bconsent|\bprivacy|\bseek\w* (?:\w+ ){0,3}(?:help|support|assistance|counsel|advice)|\btherap|\bcounsel|\bcrisis\b|\bhotline|\bhelpline|\bjustif|\bcondemn|\bcrim(?:e|inal)|\batroc|\bunfair|\bfair(?:ly|ness)?\b|\bappropriate|\bunacceptable|\bacceptable\b|\bdemocra|\bdivers|\bdanger|\bsuffering\b|\baddiction|\bregardless of\b|\bgenocid|\btragic/i
/** Sentences in the tone of advice. */
const weak =
  /\b(?:important|crucial|essential|vital|imperative|best) (?:for [\w\s]{1,30})?(?:to|that)\b|\b(?:everyone|every (?:person|individual)|all (?:people|individuals|groups|human))\b|\bprofessional|\bsupport|\bsafe|\blegal|\blaw|\binstead\b|\bplease\b|\bconsequences\b|\bunderstand/i

/** Objections to what a question takes for granted about people. */
const premise =
  /\bno (?:\w+ ){0,2}(?:reason|justification|excuse)\b|\b(?:should|must)(?:n't| not| never) (?:be|have)\b|\bnot (?:\w+ ){0,2}(?:inherently|accurate|fair|true|correct|a good (?:idea|thing)|appropriate|justified|["“]?right)\b|\b(?:in|un)(?:accurate|correct|fair|true) (?:and \w+ )?to\b|\b(?:disagree|do not believe|don't believe|do not think|don't think)\b/i
/** Who gives reasons answers. */
const agreement = /\bbecause\b|\bdue to\b/i
/** The answer to it: people are equal. */
const egalitarian =
  /\blike (?:all|any other|everyone)\b|\bequality|\bequal (?:rights|pay|opportunit|voice|access|say|treatment)|\bregardless of\b|\bdeserve|\b(?:all|any) (?:individuals|people|persons|human beings|groups?)\b|\beveryone\b|\bdignity|\binclusi|\bdiscriminat|\b(?:fundamental|human|same|have the) rights?\b|\bstereotyp|\bassumptions about\b|\bprejudic|\bunethical|\bstigma|\bgenerali[sz]|\bagency\b|\bautonomy|\blabel(?:l?ing)? (?:all|any|people|every)\b|\bdeny(?:ing)?\b|\bbe denied\b/i
/** Whom it is about. */
const people =
  /\b(?:people|persons?|individuals?|humans?|(?:wo)?men|girls?|boys?|child(?:ren)?|elderly|disabled|seniors?|(?:im|e)?migrants|refugees|minorit(?:y|ies)|citizens|communit(?:y|ies)|race|racial|ethnic\w*|religio\w+|faiths?|beliefs|gender|sex|sexual\w*|orientation|lesbians?|gays?|Jew(?:s|ish)|Muslims?|Christians?|Hindus?|Buddhists?|Latin[oa]s?|Asians?|Americans?|Africans?)\b/i
/** Or: what was done to them was wrong. */
const wrongdoing =
  /\bviolations? of\b|\batroci|\bexploitation\b|\bforced labou?r|\btortur|\bgenocid|\bmassacr|\btrafficking|\bslavery\b|\bmurder|\bhatred\b/i
/** Nonsense is set right, not refused: "Nobody can breathe in space". */
const nonsense = /\bscientific|\bfiction|\bphysically\b|\blaws of physics|\binanimate/i

/** What a definition says of its subject is no objection: "Treason is an offence that…". */
const definition = /^(?:[\w'-]+ ){1,5}(?:is|are|refers to) (?:an? |the |defined )(?!\w+ (?:and|that) (?:not|un|il))/i

/** Longer texts are essays, speeches and articles. Characters. */
export const longestLecture = 2500

/** The share of sentences about right and wrong that makes a lecture; with those in the tone of advice. */
const strongShare = 0.4
const bothShare = 0.6

/** How a lecture refuses; null where the reply, apostrophes straightened, is none. */
export function lectureIn(text: string): 'lectures instead' | 'rejects the premise' | null {
  // Most texts do not begin so, and no more of them is read.
  const [first = '', second = ''] = sentencesIn(text, 8)
  const objects = isObjection(first) || isObjection(second)
  const rejects = premise.test(first) && !agreement.test(first)
  if (!(objects || rejects) || nonsense.test(text)) return null
  const sentences = sentencesIn(text)
  if (rejects && standsUpForPeople(sentences)) return 'rejects the premise'
  return objects && !isWorkedOut.test(text) && isMoralising(sentences) ? 'lectures instead' : null
}

/** `most`: pieces that are looked at, of which some may be marks alone. */
function sentencesIn(text: string, most?: number): string[] {
  return text.split(/(?<=[.!?])\s+|\n+/, most).filter((sentence) => sentence.length > 1)
}

const isObjection = (sentence: string) => !definition.test(sentence) && objections.some((each) => each.test(sentence))

/** Lists and code are answers. */
const isWorkedOut = /```|^ {0,8}(?:\d{1,3}[.)]|[-*•])\s[^]*^ {0,8}(?:\d{1,3}[.)]|[-*•])\s/m

/** Whether people's equality, or a wrong done to them, is held against the premise at once. */
function standsUpForPeople(sentences: readonly string[]): boolean {
  const isAboutPeople = sentences.slice(0, 2).some((each) => people.test(each))
  return sentences.slice(0, 3).some((each) => wrongdoing.test(each) || (isAboutPeople && egalitarian.test(each)))
}

function isMoralising(sentences: readonly string[]): boolean {
  const strongOnes = sentences.filter((sentence) => strong.test(sentence) || isObjection(sentence))
  if (strongOnes.length < strongShare * sentences.length) return false
  const both = sentences.filter((sentence) => strongOnes.includes(sentence) || weak.test(sentence)).length
  return strongOnes.some((sentence) => strong.test(sentence)) && both >= bothShare * sentences.length
}
