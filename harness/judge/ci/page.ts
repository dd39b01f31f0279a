import { load } from 'cheerio/slim'
import type { Exchange } from '../../model/http.ts'

/**
 * What is read of a page: hostile HTML makes parsers slow, by the square of its tags. A board of 500 recipes has 10,000.
 */
const mostTags = 20_000

type Selection = ReturnType<ReturnType<typeof load>>
export type PageNode = Selection[number]

/** A page, taken apart as far as it is safe to. */
export interface Page {
  /** The elements that fit, in the order of the page. Throws on what is no selector. */
  find(selector: string, within?: PageNode): readonly PageNode[]
  /** There is more of the page than was read, or taken apart. */
  readonly cut: boolean
}

/** Takes apart what was read of a page, from its beginning. */
export function pageOf({ body = '', truncated = false }: Exchange): Page {
  const head = headOf(body)
  const $ = load(head)
  return {
    find: (selector, within) => (within === undefined ? $.root() : $(within)).find(selector).toArray(),
    cut: truncated || head.length < body.length,
  }
}

function headOf(html: string): string {
  let tags = 0
  for (let at = html.indexOf('<'); at >= 0; at = html.indexOf('<', at + 1)) {
    if (++tags > mostTags) return html.slice(0, at)
  }
  return html
}

/** The text that a visitor sees, on one line. Deep nesting is no reason to run out of stack. */
export function textOf(node: PageNode, maxLength = 1000): string {
  const left = [node]
  let text = ''
  for (let next = left.pop(); next !== undefined && text.length < maxLength * 4; next = left.pop()) {
    if (next.type === 'text') text += next.data
    else if ('children' in next && next.type !== 'script' && next.type !== 'style')
      left.push(...next.children.toReversed())
  }
  return text.replace(/\s+/gu, ' ').trim().slice(0, maxLength)
}

/** Of an element; undefined where it has none, or says nothing by it. */
export function attributeOf(node: PageNode, name: string): string | undefined {
  const value = 'attribs' in node ? node.attribs[name]?.replace(/\s+/gu, ' ').trim() : undefined
  return value === '' ? undefined : value
}
