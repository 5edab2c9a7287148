// A strict reader of the XML 1.0 that junit.xml uses: throws on what a conforming parser would refuse.

export interface XmlElement {
  readonly name: string
  readonly attributes: Readonly<Record<string, string>>
  readonly children: readonly XmlElement[]
}

const legal = /^[\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]*$/u
const entities: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" }

/** The root element. Knows elements, attributes, text and entities; no CDATA, comments or document types. */
export function readXml(text: string): XmlElement {
  if (!text.isWellFormed() || !legal.test(text)) throw new Error('a character that XML 1.0 does not allow')
  const body = text.replace(/^<\?xml version="1\.0" encoding="UTF-8"\?>\s*/, '')
  const top: { name: string; attributes: Record<string, string>; children: XmlElement[] } = {
    name: '#document',
    attributes: {},
    children: [],
  }
  const open = [top]
  const token = /<(\/?)([A-Za-z][\w.-]*)((?:\s+[\w:.-]+="[^"<]*")*)\s*(\/?)>|([^<]+)/gy
  while (token.lastIndex < body.length) {
    const at = token.lastIndex
    const match = token.exec(body)
    if (match === null) throw new Error(`not XML: ${body.slice(at, at + 80)}`)
    const [, closes, name = '', attributes = '', isEmpty, content] = match
    if (content !== undefined) decode(content)
    else if (closes) {
      if (open.pop()?.name !== name) throw new Error(`</${name}> closes another element`)
    } else {
      const element = { name, attributes: readAttributes(attributes), children: [] }
      open.at(-1)?.children.push(element)
      if (!isEmpty) open.push(element)
    }
  }
  const [root, ...others] = top.children
  if (open.length !== 1 || root === undefined || others.length > 0) throw new Error('not one closed root element')
  return root
}

function readAttributes(text: string): Record<string, string> {
  const found: Record<string, string> = {}
  for (const [, name = '', value = ''] of text.matchAll(/([\w:.-]+)="([^"]*)"/g)) {
    if (name in found) throw new Error(`attribute ${name} twice`)
    found[name] = decode(value)
  }
  return found
}

function decode(text: string): string {
  return text.replace(/&(?:#(\d+)|#x([0-9A-Fa-f]+)|(\w+))?;?/g, (all, dec, hex, name) => {
    const known =
      name === undefined ? String.fromCodePoint(dec ? Number(dec) : Number.parseInt(hex, 16)) : entities[name]
    if (known === undefined || !all.endsWith(';')) throw new Error(`unknown entity ${all}`)
    return known
  })
}
