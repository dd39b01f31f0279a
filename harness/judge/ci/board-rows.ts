import type { Expectations } from '../../model/expectations.ts'
import { attributeOf, type Page, type PageNode, textOf } from './page.ts'

export interface BoardRow {
  readonly recipe: string
  /** What its badges say, in lower case, each once. */
  readonly badges: readonly string[]
  /** The text where the number of the build is to be; undefined where there is no such place. */
  readonly build: string | undefined
}

type Selectors = Pick<NonNullable<Expectations['dashboard']>, 'row' | 'recipe' | 'badge' | 'build'>

/** The rows that name a recipe. Throws on a selector that is none. */
export function rowsOf(page: Page, { row, recipe, badge, build }: Selectors): readonly BoardRow[] {
  return innermost(page.find(row)).flatMap((element) => {
    const [cell] = page.find(recipe, element)
    const name = cell === undefined ? '' : textOf(cell)
    if (name === '') return []
    const badges = page.find(badge, element).map((found) => wordOf(page, found))
    const [number] = build === undefined ? [] : page.find(build, element)
    return [{ recipe: name, badges: [...new Set(badges)], build: number === undefined ? undefined : textOf(number) }]
  })
}

/** A table may be laid out within another one: the row around it is none of a recipe. */
function innermost(elements: readonly PageNode[]): readonly PageNode[] {
  const outer = new Set<PageNode>()
  for (const element of elements) {
    for (let above = element.parent; above !== null && !outer.has(above); above = above.parent) outer.add(above)
  }
  return elements.filter((element) => !outer.has(element))
}

/** Its text; of a badge that is an image, what is said in its place. */
function wordOf(page: Page, badge: PageNode): string {
  const text = textOf(badge)
  const spoken = [badge, ...page.find('[alt], [title], [aria-label]', badge)].flatMap((node) =>
    ['alt', 'title', 'aria-label'].flatMap((name) => attributeOf(node, name) ?? []),
  )
  return (text || spoken[0] || '').toLowerCase()
}
