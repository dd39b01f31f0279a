import { plain } from '../../core/text.ts'
import { leastOf, type NetworkReport } from '../../judge/census/report-networks.ts'
import { barOf, legendOf } from './bar.ts'
import { daysCell, daysText, freeCell, leakedCell, subnetCell, takenCell, takenText } from './cells.ts'
import type { Style } from './style.ts'

interface Column {
  readonly title: string
  /** Where there is little room. */
  readonly short?: string
  readonly cell: (network: NetworkReport) => string
  readonly isText?: boolean
  /** Only where the screen has room for it. */
  readonly isWide?: boolean
}

const number = (value: number): string => value.toLocaleString('en-US')

const columnsOf: readonly Column[] = [
  { title: 'network', cell: ({ census }) => plain(census.name, 200), isText: true },
  { title: 'subnet', cell: ({ census }) => subnetCell(census), isText: true },
  { title: 'capacity', cell: ({ census }) => number(census.ledger.capacity) },
  { title: 'VIPs', cell: ({ census }) => number(census.ledger.tally.vip) },
  { title: 'tasks', cell: ({ census }) => number(census.ledger.tally.task) },
  { title: 'attached', short: 'att.', cell: ({ census }) => number(census.ledger.tally.attached) },
  { title: 'LBs', cell: ({ census }) => number(census.ledger.tally.balancer) },
  { title: 'free', cell: ({ census }) => freeCell(census) },
  { title: 'leaked', cell: ({ census }) => (census.ledger.pools.length === 0 ? '-' : leakedCell(census.leaked)) },
  { title: 'days left', cell: ({ projection }) => daysCell(projection), isWide: true },
  { title: 'taken', cell: (network) => takenCell(network), isWide: true },
]

/** Where there is less room for a bar beside the figures it stands below them. */
const barWidths = { least: 10, below: 24, most: 40 } as const

/** All overlays, one line each, with a bar of what is taken: beside it where there is room, else below. */
export function tableOf(networks: readonly NetworkReport[], style: Style): readonly string[] {
  // In a pipe nothing is cut: there the bar is as wide as it ever is below the figures.
  const { columns, paint } = style
  const wide = layOut(networks, columnsOf, ({ title }) => title, '  ')
  const room = columns === undefined ? barWidths.below : columns - 1 - wide.width - '  '.length
  if (room >= barWidths.least) {
    const barWidth = Math.min(barWidths.most, room)
    return wide.lines(style).map((line, index) => {
      const network = networks[index - 1]
      if (network === undefined) return paint('dim', `${line}  ${legendOf(style)}`)
      return `${toned(line, network, style)}  ${barOf(sharesOf(network), barWidth, style)}`
    })
  }
  const few = columnsOf.filter(({ isWide }) => isWide !== true)
  const narrow = layOut(
    networks,
    few,
    ({ title, short = title }) => short,
    ' ',
    (columns ?? Number.POSITIVE_INFINITY) - 1,
  )
  const lines = narrow.lines(style).flatMap((line, index) => {
    const network = networks[index - 1]
    if (network === undefined) return [paint('dim', line)]
    const days = daysText(network.projection)
    const bar = barOf(sharesOf(network), barWidths.below, style)
    const below = `  ${bar}  ${takenText(network)}${days === undefined ? '' : `, ${days}`}`
    return [toned(line, network, style), below]
  })
  return [...lines, paint('dim', `  ${legendOf(style)}`)]
}

/** The head and a line for each network, their cells one below the other. */
function layOut(
  networks: readonly NetworkReport[],
  columns: readonly Column[],
  titleOf: (column: Column) => string,
  gap: string,
  room = Number.POSITIVE_INFINITY,
) {
  const rows = [columns.map(titleOf), ...networks.map((network) => columns.map(({ cell }) => cell(network)))]
  const gaps = gap.length * (columns.length - 1)
  const natural = columns.map((_, index) => Math.max(...rows.map((row) => widthOf(row[index] ?? ''))))
  const widths = narrowed(natural, columns, room - gaps)
  return {
    width: widths.reduce((sum, width) => sum + width, gaps),
    lines: (style: Style): readonly string[] =>
      rows.map((row) =>
        columns.map(({ isText }, index) => pad(row[index] ?? '', widths[index] ?? 0, isText === true, style)).join(gap),
      ),
  }
}

function sharesOf({ census, taken }: NetworkReport) {
  const { capacity } = census.ledger
  const leaked = Math.min(leastOf(census.leaked), capacity)
  return { capacity, leaked, held: Math.max(0, Math.min(taken.count, capacity) - leaked) }
}

function toned(row: string, { verdict }: NetworkReport, { paint }: Style): string {
  return verdict === 'pass' || verdict === 'n/a' ? row : paint(verdict, row)
}

/** Names and subnets give way where a line would not fit; figures are never cut. */
function narrowed(widths: readonly number[], columns: readonly Column[], room: number): readonly number[] {
  const fitted = [...widths]
  const total = (): number => fitted.reduce((sum, width) => sum + width, 0)
  const texts = columns.flatMap(({ isText, title }, index) => (isText === true ? [{ index, least: title.length }] : []))
  while (total() > room) {
    const widest = texts
      .filter(({ index, least }) => (fitted[index] ?? 0) > least)
      .sort((a, b) => (fitted[b.index] ?? 0) - (fitted[a.index] ?? 0))[0]
    if (widest === undefined) break
    fitted[widest.index] = (fitted[widest.index] ?? 0) - 1
  }
  return fitted
}

function pad(text: string, width: number, isText: boolean, { isUnicode }: Style): string {
  const characters = Array.from(text)
  const more = isUnicode ? '…' : '~'
  const cut = characters.length > width ? `${characters.slice(0, Math.max(0, width - 1)).join('')}${more}` : text
  const fill = ' '.repeat(Math.max(0, width - widthOf(cut)))
  return isText ? cut + fill : fill + cut
}

function widthOf(text: string): number {
  return Array.from(text).length
}
