/** An element tree: texts, nested elements, and lists for repeated elements. */
type XmlContent = string | number | boolean | { readonly [name: string]: XmlContent | readonly XmlContent[] }

export const xmlDocument = (name: string, content: XmlContent): string =>
  `<?xml version="1.0" encoding="UTF-8"?>\n${element(name, content)}`

const element = (name: string, content: XmlContent): string => `<${name}>${inner(content)}</${name}>`

function inner(content: XmlContent): string {
  if (typeof content !== 'object') return escaped(String(content))
  return Object.entries(content)
    .flatMap(([name, value]) => [value].flat().map(item => element(name, item as XmlContent)))
    .join('')
}

const escaped = (text: string): string =>
  text.replace(/[&<>"'\r]/g, character => `&#${character.charCodeAt(0)};`)
