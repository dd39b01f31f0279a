import { plain } from '../core/text.ts'
import { roomForStacks } from '../judge/preflight/room-for-stacks.ts'
import { routesLeadToTheirService } from '../judge/route/routes-lead-to-their-service.ts'
import type { Expectations } from '../model/expectations.ts'
import type { Finding } from '../model/finding.ts'
import type { RecordBody } from '../model/record.ts'
import { proxySchema } from '../model/routing.ts'
import { isGreen, type Verdict } from '../model/verdict.ts'
import { createCounter } from './counter.ts'
import { createPaint, type Paint } from './paint.ts'

const marks: Readonly<Record<Verdict, string>> = {
  pass: '✓',
  waived: '✓',
  unknown: '?',
  blocked: '‼',
  fail: '✗',
  'n/a': '–',
}

export interface ConsoleOptions {
  readonly write: (text: string) => void
  /** Whether a person is looking, on a terminal that knows colours. */
  readonly color: boolean
  /** Lines are cut to this; `undefined` where nothing is cut, as in a pipe. */
  readonly columns?: number | undefined
  /** Milliseconds since the run began. */
  readonly elapsedMs: () => number
}

/** Shows a run as it happens: one line a check, and one for each finding that is not green, with what to do. */
export interface RunConsole {
  readonly show: (body: RecordBody) => void
  /** What is going on right now: one line that is written over on a screen, and now and then one elsewhere. */
  readonly progress: (text: string) => void
  /** A line for a person, of what is no check. */
  readonly say: (text: string) => void
}

export function createConsole({ write, color, columns, elapsedMs }: ConsoleOptions): RunConsole {
  const paint = createPaint(color)
  const counter = createCounter(write, columns)
  const print = (line: string): void => {
    counter.clear()
    write(`${line}\n`)
  }
  /** Checks that were never judged mostly share their reason: one line is enough, STATUS names each. */
  let skipped: { readonly check: string; readonly reason: string; readonly others: number } | undefined
  /** Green findings of one check: a Swarm with a hundred services is not to fill the screen with them. */
  let held: Finding[] = []
  let timer: NodeJS.Timeout | undefined
  const flush = (): void => {
    clearTimeout(timer)
    const [first] = held
    if (first !== undefined) print(greenLine(first, held, elapsedMs(), paint, columns))
    held = []
    if (skipped !== undefined) print(skippedLine(skipped, columns))
    skipped = undefined
  }
  const hold = (finding: Finding): void => {
    const [first] = held
    if (skipped !== undefined) flush()
    if (first !== undefined && (first.check !== finding.check || first.verdict !== finding.verdict)) flush()
    held.push(finding)
    clearTimeout(timer)
    timer = setTimeout(flush, heldMs).unref()
  }
  /** What is being waited for: all others are judged while the routes are being visited. */
  let waitingFor: string | undefined
  let silence: NodeJS.Timeout | undefined
  const tellAfterSilence = (body: RecordBody): void => {
    clearTimeout(silence)
    if (body.kind === 'run') waitingFor = visitsLine(body.expectations)
    if (body.kind !== 'finding' || body.check === routesLeadToTheirService.id) return
    const told = waitingFor
    if (told === undefined) return
    silence = setTimeout(() => {
      waitingFor = undefined
      print(cut(told, columns))
    }, silenceMs).unref()
  }
  return {
    progress: (text) => {
      clearTimeout(silence)
      flush()
      counter.show(plain(text))
    },
    say: (text) => {
      flush()
      print(cut(`${marks['n/a']} ${plain(text)}`, columns))
    },
    show: (body) => {
      tellAfterSilence(body)
      if (body.kind === 'finding' && isGreen(body.verdict)) return hold(body)
      if (body.kind !== 'skip' || body.reason !== skipped?.reason) flush()
      switch (body.kind) {
        case 'finding':
          print(findingLine(body, elapsedMs(), paint, columns))
          for (const line of adviceLines(body)) print(`    ${line}`)
          break
        case 'skip':
          skipped = { check: body.check, reason: body.reason, ...skipped, others: (skipped?.others ?? -1) + 1 }
          break
        case 'trouble':
          print(`${paint('fail', marks.blocked)} ${body.code}  ${plain(body.seen)}`)
          print(`    wanted  ${plain(body.wanted)}`)
          print(`    remedy  ${plain(body.remedy)}`)
          break
        case 'host':
          print(cut(`${plain(body.fingerprint.engine)} on cluster ${plain(body.fingerprint.cluster)}`, columns))
          break
        case 'run':
          print(cut(`pvcheck ${body.pvcheck}  ${plain(body.target)}  ${body.planned.length} checks`, columns))
          break
        case 'end':
          counter.clear()
          break
        case 'observation':
          break
      }
    },
  }
}

/** Findings of one check come one right after the other. */
const heldMs = 50

/** Nobody wonders before. */
const silenceMs = 1_000

function visitsLine({ routes, proxy }: Expectations): string | undefined {
  if (routes.length === 0) return undefined
  const { refreshSeconds, throttleSeconds } = proxy ?? proxySchema.parse({})
  const which = routes.length === 1 ? '1 route is' : `${routes.length} routes are`
  return `… ${which} being visited, three times over at least ${refreshSeconds + throttleSeconds} s`
}

function greenLine(
  first: Finding,
  held: readonly Finding[],
  elapsedMs: number,
  paint: Paint,
  columns: number | undefined,
): string {
  if (held.length === 1) return findingLine(first, elapsedMs, paint, columns)
  const subject = `${held.length} subjects`
  const actual = [...new Set(held.map((finding) => `${finding.subject} ${finding.actual}`))].slice(0, 2).join('; ')
  return findingLine({ ...first, subject, actual: `${actual}; ...` }, elapsedMs, paint, columns)
}

function skippedLine(
  { check, reason, others }: { readonly check: string; readonly reason: string; readonly others: number },
  columns: number | undefined,
): string {
  const which = others === 0 ? check : `${check} and ${others} more`
  return cut(`${marks['n/a']} ${which}  skipped: ${plain(reason)}`, columns)
}

/** What acting may cost is told whole, before anything is created. */
function findingLine(finding: Finding, elapsedMs: number, paint: Paint, columns: number | undefined): string {
  const { verdict, check } = finding
  const fact = verdict === 'n/a' ? (finding.reason ?? '') : finding.actual
  const time = `  ${(elapsedMs / 1_000).toFixed(1)} s`
  const rest = ` ${check}  ${plain(finding.subject)}: ${plain(finding.title)}: ${plain(fact)}`
  const isWhole = columns === undefined || check === roomForStacks.id
  const width = isWhole ? undefined : columns - marks[verdict].length - time.length
  return `${paint(verdict, marks[verdict])}${cut(rest, width)}${paint('dim', time)}`
}

function adviceLines({ verdict, expected, code, reason, remedy }: Finding): string[] {
  if (verdict === 'pass' || verdict === 'n/a') return []
  return [
    ...(code === undefined ? [] : [`code    ${code}`]),
    `wanted  ${plain(expected)}`,
    ...(reason === undefined ? [] : [`why     ${plain(reason)}`]),
    ...(remedy === undefined ? [] : [`remedy  ${plain(remedy)}`]),
  ]
}

function cut(line: string, width: number | undefined): string {
  if (width === undefined || line.length <= width) return line
  return `${line.slice(0, Math.max(0, width - 1))}…`
}
