import { join } from 'node:path'
import { Disposer } from '../../../harness/core/disposer.ts'
import { execOn, type LabMachine, runOn } from '../../host/machine.ts'
import { settleAll } from '../../host/settle.ts'
import { targetConfigFile } from '../../host/target-config.ts'
import { deployStack, leakByStackRm } from '../../leak/stack-rm.ts'
import { truthOf } from '../../leak/truth.ts'
import { runPvcheck } from '../../sabotage/testing/verify-run.ts'
import type { CaseOutcome } from '../drill.ts'
import type { Way } from './cases.ts'

export interface Trial {
  readonly way: Way
  readonly stacks: number
  readonly atOnce: number
  /** By which its network and its stacks differ from all others. */
  readonly number: number
  readonly signal: AbortSignal
}

/** Each stack publishes one, in ingress mode. */
const firstPort = 31_000

/**
 * Deploys stacks and removes them in one of the ways, and counts by dockerd's own bitmap what is lost for it: one address
 * of each stack, on the network that they share and on `ingress`, or none.
 */
export async function tryLeak(trial: Trial, machine: LabMachine): Promise<CaseOutcome> {
  const { way, stacks, number, signal } = trial
  const network = `shared-${number}`
  const create = `docker network create --driver overlay --attachable --subnet 10.81.${number % 250}.0/24 ${network}`
  await using cleanUp = new Disposer()
  await runOn(machine, create, { signal })
  cleanUp.defer(() => removeNetwork(machine, network))
  const before = await heldOn(machine, network, signal)
  const started = performance.now()
  const faults = way === 'pvcheck rm' ? await removeBy(trial, machine, network) : await leakBy(trial, machine, network)
  const tookMs = performance.now() - started
  const after = await heldOn(machine, network, signal)
  const wanted = way === 'pvcheck rm' ? 0 : stacks
  const counted = Object.entries(after).flatMap(([on, held]) => {
    const lost = held.filter((address) => before[on]?.includes(address) !== true)
    return lost.length === wanted ? [] : [`${lost.length} lost on ${on}, and not ${wanted}: ${lost.join(' ')}`]
  })
  return { failures: [...faults, ...counted], recoveryMs: tookMs }
}

/** With nobody on the one, and nobody coming or going on the other. */
async function heldOn(
  machine: LabMachine,
  network: string,
  signal: AbortSignal,
): Promise<Readonly<Record<string, readonly string[]>>> {
  const shared = await truthOf(machine, network, signal)
  const ingress = await truthOf(machine, 'ingress', signal)
  return { shared: shared.held, ingress: ingress.held }
}

async function leakBy({ stacks, atOnce, number, signal }: Trial, machine: LabMachine, network: string) {
  const prefix = `hurried-${number}`
  const said = await leakByStackRm(machine, { stacks, atOnce, network, prefix, published: firstPort, signal })
  const counts = [network, 'ingress'].map((on) => said[on]?.length ?? 0)
  return counts.every((count) => count === stacks)
    ? []
    : [`tasks were still ending on ${counts.join(' and ')} addresses when their networks were gone`]
}

/** As many as are at once, and then the next ones. */
async function removeBy({ stacks, atOnce, number, signal }: Trial, machine: LabMachine, network: string) {
  await using cleanUp = new Disposer()
  const names = Array.from({ length: stacks }, (_, index) => `careful-${number}-${index + 1}`)
  const config = join(machine.dir, targetConfigFile)
  const faults: string[] = []
  for (let first = 0; first < stacks; first += atOnce) {
    const group = names.slice(first, first + atOnce)
    cleanUp.defer(async () => void (await execOn(machine, `docker service rm $(${servicesOf(group)})`)))
    await settleAll(
      group.map((name, index) =>
        deployStack(machine, { name, network, port: firstPort + first + index, stopSeconds: 3, signal }),
      ),
    )
    const { code, stdout, stderr } = await runPvcheck(['rm', ...group, '--yes', '--config', config], signal)
    if (code !== 0) faults.push(`pvcheck rm ended with ${code}: ${`${stdout}${stderr}`.trim().slice(-1000)}`)
    const left = (await runOn(machine, `${servicesOf(group)}; ${networksOf(group)}`, { signal })).trim()
    if (left !== '') faults.push(`pvcheck rm left ${left}`)
  }
  return faults
}

function servicesOf(stacks: readonly string[]): string {
  return `docker service ls --quiet ${filtersOf(stacks)}`
}

function networksOf(stacks: readonly string[]): string {
  return `docker network ls --quiet --filter driver=overlay ${filtersOf(stacks)}`
}

/** Any of them: filters by the same name add up in either list only where they are on names. */
function filtersOf(stacks: readonly string[]): string {
  return stacks.map((stack) => `--filter name=${stack}_`).join(' ')
}

/** Its endpoints on the node go a moment after the last task. */
async function removeNetwork(machine: LabMachine, network: string): Promise<void> {
  await runOn(machine, `for try in $(seq 50); do docker network rm ${network} && exit 0; sleep 0.2; done; exit 1`)
}
