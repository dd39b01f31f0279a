import { plain } from '../../core/text.ts'
import { leastOf, type NetworkReport } from '../../judge/census/report-networks.ts'
import { barOf, legendOf } from './bar.ts'
import { daysCell, daysText, freeCell, leakedCell, subnetCell, takenText } from './cells.ts'
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
  { title: 'leaked', cell: ({ census }) => leakedCell(census.leaked) },
  { title: 'days left', cell: ({ projection }) => daysCell(projection), isWide: true },
]

/** From so many columns on, the bar and the days left stand in the line of their network. */
const wideFrom = 110
const barWidth = 24

/** All overlays, one line each, with a bar of what is taken: beside it where there is room, else below. */
export function tableOf(networks: readonly NetworkReport[], style: Style): readonly string[] {
  const { columns = 140, paint } = style
  const isWide = columns >= wideFrom
  const gap = isWide ? '  ' : ' '
  const shown = columnsOf.filter((column) => isWide || column.isWide !== true)
  const titles = shown.map(({ title, short = title }) => (isWide ? title : short))
  const cells = networks.map((network) => shown.map(({ cell }) => cell(network)))
  const room = columns - 1 - (isWide ? barWidth + gap.length + takenWidth : 0)
  const widths = narrowed(
    titles.map((title, index) => Math.max(title.length, ...cells.map((row) => widthOf(row[index] ?? '')))),
    shown,
    style.columns === undefined ? Number.POSITIVE_INFINITY : room - gap.length * (shown.length - 1),
  )
  const line = (row: readonly string[]): string =>
    shown.map(({ isText }, index) => pad(row[index] ?? '', widths[index] ?? 0, isText === true, style)).join(gap)
  const head = line(titles)
  return [
    paint('dim', isWide ? `${head}${gap}${legendOf(style)}` : head),
    ...networks.flatMap((network, index) => {
      const row = toned(line(cells[index] ?? []), network, style)
      const bar = barOf(sharesOf(network), barWidth, style)
      if (isWide) return [`${row}${gap}${bar}${gap}${takenText(network)}`]
      const days = daysText(network.projection)
      return [row, `  ${bar}  ${takenText(network)}${days === undefined ? '' : `, ${days}`}`]
    }),
    ...(isWide ? [] : [paint('dim', `  ${legendOf(style)}`)]),
  ]
}

/** `at least 100.0 % taken`. */
const takenWidth = 22

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
