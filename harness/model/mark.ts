import { PvcheckError } from '../core/errors.ts'

/** Who made an object on a host, and until when it may be there. */
export interface Mark {
  /** A run id, as in `20261120T121700Z-3f2a`. */
  readonly run: string
  /** The `name` of the configuration. */
  readonly owner: string
  /** ISO 8601 in UTC, by the engine's clock. */
  readonly expires: string
}

/** What an engine's clock shows now: somewhere in here. */
export interface EngineNow {
  readonly earliestMs: number
  readonly latestMs: number
}

export const markLabels = { run: 'pvcheck.run', owner: 'pvcheck.owner', expires: 'pvcheck.expires' } as const

/** The name of the config that is the lock of a run: a Swarm takes each name once. */
export const lockName = 'pvcheck-lock'

const runShape = /^\d{8}T\d{6}Z-[0-9a-f]{4}$/
const ownerShape = /^[A-Za-z0-9][A-Za-z0-9._-]*$/
const momentShape = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d{1,9})?Z$/

/** The labels of everything that a run creates. Throws `MARK_MISUSED` where they could not be read back. */
export function labelsOf(mark: Mark): Readonly<Record<string, string>> {
  const labels = {
    [markLabels.run]: mark.run,
    [markLabels.owner]: mark.owner,
    [markLabels.expires]: mark.expires,
  }
  const read = markOf(labels)
  if (read.kind !== 'mark') throw misuse(`labels that cannot be read back: ${JSON.stringify(labels)}`)
  return labels
}

/** `damaged` is neither ours nor nobody's: it is to be left alone, and to be told of. */
export type MarkReading =
  | { readonly kind: 'mark'; readonly mark: Mark }
  | { readonly kind: 'none' }
  | { readonly kind: 'damaged'; readonly why: string }

/** Reads the mark off an object's labels, as a host gives them: anything at all. Never throws. */
export function markOf(labels: unknown): MarkReading {
  if (labels === null || labels === undefined) return { kind: 'none' }
  if (typeof labels !== 'object') return damaged('its labels are no labels')
  const [run, owner, expires] = [markLabels.run, markLabels.owner, markLabels.expires].map((name) => {
    const entry = Object.getOwnPropertyDescriptor(labels, name)
    return entry === undefined ? undefined : entry.value
  })
  if (run === undefined && owner === undefined && expires === undefined) return { kind: 'none' }
  if (!isShaped(run, runShape)) return damaged(`\`${markLabels.run}\` is no run id`)
  if (!isShaped(owner, ownerShape)) return damaged(`\`${markLabels.owner}\` is no name of a configuration`)
  if (!isShaped(expires, momentShape) || !isDate(expires)) return damaged(`\`${markLabels.expires}\` is no moment`)
  return { kind: 'mark', mark: { run, owner, expires } }
}

function damaged(why: string): MarkReading {
  return { kind: 'damaged', why }
}

function isShaped(value: unknown, shape: RegExp): value is string {
  return typeof value === 'string' && value.length <= 255 && shape.test(value)
}

/** The 31st of February has the shape of a moment, and would be read as one in March. */
function isDate(moment: string): boolean {
  const atMs = Date.parse(moment)
  return !Number.isNaN(atMs) && new Date(atMs).toISOString().slice(0, 19) === moment.slice(0, 19)
}

/** The end of a lease that begins now: never later than asked for, however little is known of the engine's clock. */
export function expiryAfter(leaseSeconds: number, now: EngineNow): string {
  return new Date(Math.floor(now.earliestMs + leaseSeconds * 1000)).toISOString()
}

/** Whether the lease has ended for certain. A moment that cannot be read has not come. */
export function isExpired({ expires }: Pick<Mark, 'expires'>, now: EngineNow): boolean {
  return Date.parse(expires) <= now.earliestMs
}

/** Whether the lease is sure to hold for `neededMs` more. */
export function holdsFor(neededMs: number, { expires }: Pick<Mark, 'expires'>, now: EngineNow): boolean {
  return now.latestMs + neededMs < Date.parse(expires)
}

export interface ParsedName {
  readonly run: string
  readonly number: number
  /** What it is within its stack; absent for what stands for itself. */
  readonly part?: string
}

/** The length of a DNS label, which is Swarm's own limit for services and networks. */
const maxNameLength = 63
const partPattern = '[a-z0-9](?:[a-z0-9-]*[a-z0-9])?'
const nameShape = new RegExp(`^pvc-(\\d{8})t(\\d{6})z-([0-9a-f]{4})-(0|[1-9]\\d{0,8})(?:-(${partPattern}))?$`)

/**
 * `pvc-20261120t121700z-3f2a-7`, or `...-7-web`: in lower case, because DNS does not tell the cases apart. Throws
 * `MARK_MISUSED` where that would not be a name which Swarm takes and `parseName` gives back.
 */
export function nameOf(run: string, number: number, part?: string): string {
  const name = `pvc-${run.toLowerCase()}-${number}${part === undefined ? '' : `-${part}`}`
  const back = parseName(name)
  if (back?.run === run && back.number === number && back.part === part) return name
  throw misuse(`${JSON.stringify(name)} is no name for an object of the run ${JSON.stringify(run)}`)
}

/** What a name says that `nameOf` gave; `undefined` for every other. Never throws. */
export function parseName(name: unknown): ParsedName | undefined {
  if (typeof name !== 'string' || name.length > maxNameLength) return undefined
  const [, day, time, tail, number, part] = nameShape.exec(name) ?? []
  if (number === undefined) return undefined
  return { run: `${day}T${time}Z-${tail}`, number: Number(number), ...(part === undefined ? {} : { part }) }
}

function misuse(seen: string): PvcheckError {
  return new PvcheckError({
    code: 'MARK_MISUSED',
    seen,
    wanted: 'marks and names that can be read back from the host',
    remedy: 'This is a fault of pvcheck: please report it.',
  })
}
