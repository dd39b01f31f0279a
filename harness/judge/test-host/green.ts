import type { Check, Facts, Judgement, Needs } from '../../model/check.ts'
import type { Expectations } from '../../model/expectations.ts'
import { expectationsSchema } from '../../model/expectations.ts'
import recordedHost from './green.json' with { type: 'json' }
import recordedRouting from './green-routing.json' with { type: 'json' }
import { routing } from './routing.ts'

// Recorded apart, of two practice hosts of one make: what is held against each other lies in the same file.
const recorded = { ...recordedHost, ...recordedRouting }

/** What a sound host of engine 20.10 answered, as it was recorded; keyed by the names of the facts. */
export type RawHost = typeof recorded

/** What that host is held against. */
export type Wish = Parameters<typeof expectationsSchema.parse>[0] & object

const controlPlane = ['traefik', 'drone', 'ccci-dashboard', 'ccci-bridge', 'ccci-reports']

const sound = {
  sharedNetwork: {
    name: 'proxy',
    subnets: ['10.10.0.0/16'],
    declared: [
      { kind: 'file', path: '/etc/nixos/swarm.nix' },
      { kind: 'unit', unit: 'swarm-init.service' },
      { kind: 'command', argv: ['cat', '/etc/nixos/subnet'] },
    ],
  },
  stacks: Object.fromEntries(controlPlane.map((stack) => [stack, 1])),
  controlPlane: controlPlane.map((stack) => ({ service: `${stack}_app` })),
  ...routing,
}

/** Judges the recorded host after `change` was made to its answers, and `wish` to what is expected of it. */
export function judge<N extends Needs>(
  check: Check<N>,
  change: (host: RawHost) => void = () => undefined,
  wish: Wish = {},
): readonly Judgement[] {
  const host = structuredClone(recorded)
  change(host)
  const wanted: Expectations = expectationsSchema.parse({ ...sound, ...wish })
  const reason = check.notApplicable?.(wanted)
  if (reason !== undefined) return [{ subject: 'target', expected: '', actual: '', verdict: 'n/a', reason }]
  const answers = new Map<string, unknown>([...Object.entries(host), ['address-reading', readingIn(host)]])
  const facts = Object.entries(check.needs).map(([name, fact]) => [name, fact.schema.parse(answers.get(fact.name))])
  return check.judge(Object.fromEntries(facts) as Facts<N>, wanted)
}

/** The lists of the recorded host as one reading, of a node whose load balancers nobody could ask for. */
function readingIn(host: RawHost): object {
  const { networks, nodes, services, tasks, 'attached-containers': attached } = host
  const at = host['engine-info'].SystemTime
  const nothing = { balancers: [], balancersOf: [], counts: {}, moved: false }
  return { startedAt: at, endedAt: at, networks, nodes, services, tasks, attached, ...nothing }
}

/** `subject: verdict` of each judgement, for a look at all of them at once. */
export function verdictsOf(judgements: readonly Judgement[]): readonly string[] {
  return judgements.map(({ subject, verdict }) => `${subject}: ${verdict}`)
}

/** The only judgement there is. */
export function only(judgements: readonly Judgement[]): Judgement {
  const [judgement, ...others] = judgements
  if (judgement === undefined || others.length > 0) throw new Error(`${judgements.length} judgements instead of one`)
  return judgement
}

/** The item, or an error: fixtures have what a test changes. */
export function the<T>(item: T | undefined | null): T {
  if (item === undefined || item === null) throw new Error('the recorded host has no such thing')
  return item
}

/** The recorded service of that name. */
export function serviceIn(host: RawHost, name: string): RawHost['services'][number] {
  return the(host.services.find(({ Spec }) => Spec.Name === name))
}

/** The one task of that service. */
export function taskIn(host: RawHost, service: string): RawHost['tasks'][number] {
  const { ID } = serviceIn(host, service)
  return the(host.tasks.find(({ ServiceID }) => ServiceID === ID))
}

export function networkIn(host: RawHost, name: string): RawHost['networks'][number] {
  return the(host.networks.find(({ Name }) => Name === name))
}

/** A time before the engine's "now", as the engine writes it. */
export function ago(host: RawHost, seconds: number): string {
  return new Date(Date.parse(host['engine-info'].SystemTime) - seconds * 1000).toISOString()
}

/** Adds a line of dockerd to the journal's window, `secondsAgo` before the engine's "now". */
export function log(host: RawHost, message: string, secondsAgo = 1, fields: object = {}): void {
  const last = the(host['journal-window'].entries.at(-1))
  const timeUs = (Date.parse(host['engine-info'].SystemTime) - secondsAgo * 1000) * 1000
  host['journal-window'].entries.push({ ...last, __REALTIME_TIMESTAMP: String(timeUs), MESSAGE: message, ...fields })
}
