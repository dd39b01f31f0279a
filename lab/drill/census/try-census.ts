import { Disposer } from '../../../harness/core/disposer.ts'
import { type LabMachine, runOn } from '../../host/machine.ts'
import { byAddress } from '../../leak/leaked.ts'
import { leakByRemovedNetwork } from '../../leak/removed-network.ts'
import { truthOf } from '../../leak/truth.ts'
import type { CaseOutcome } from '../drill.ts'
import type { LabEngine } from '../kill/engine.ts'
import { objectsLeft } from '../kill/leftovers.ts'
import { askCensus } from './ask-census.ts'
import type { CensusCase } from './cases.ts'
import { startChurn } from './churn.ts'

export interface CensusStage {
  readonly machine: LabMachine
  readonly engine: LabEngine
  /** A folder of the case's own. */
  readonly reports: string
  readonly signal: AbortSignal
}

/**
 * Leaks addresses on a network of the case's own and has them counted; what is true is what dockerd's own bitmap held
 * when nobody was on the network, before and after.
 */
export async function tryCensus(
  given: Pick<CensusCase, 'leaks' | 'churn' | 'number'>,
  { machine, engine, reports, signal }: CensusStage,
): Promise<CaseOutcome> {
  const network = `census-${given.number}`
  await using cleanUp = new Disposer()
  await runOn(
    machine,
    `docker network create --driver overlay --attachable --subnet 10.80.${given.number % 250}.0/24 ${network}`,
    { signal },
  )
  cleanUp.defer(() => removeNetwork(machine, network))
  if (given.leaks > 0) await leakByRemovedNetwork(machine, { replicas: given.leaks, network, signal })
  const lost = await lostOn(machine, network, signal)
  const { leaked, faults, tookMs } = await whileOthersDeploy(given.churn, machine, network, signal, async () => {
    const askedAt = performance.now()
    const answer = await askCensus(machine, network, { reports, signal })
    return { ...answer, tookMs: performance.now() - askedAt }
  })
  const after = await lostOn(machine, network, signal)
  const failures = [
    ...faults,
    ...without(leaked, lost).map((address) => `${address} is named, and is not lost`),
    ...without(lost, leaked).map((address) => `${address} is lost, and is not named`),
    // Then the case shows nothing, whatever the census said.
    ...(lost.length < given.leaks ? [`only ${lost.length} of ${given.leaks} addresses were lost`] : []),
    ...(lost.join() === after.join() ? [] : [`lost before: ${lost.join(' ')}; afterwards: ${after.join(' ')}`]),
    ...(await objectsLeft(engine)).map((object) => `left: ${object}`),
  ]
  return { failures, recoveryMs: tookMs }
}

/** What is held on a network that nobody is on. */
async function lostOn(machine: LabMachine, network: string, signal: AbortSignal): Promise<readonly string[]> {
  const { held, reserved } = await truthOf(machine, network, signal)
  return without(held, reserved).toSorted(byAddress)
}

function without(all: readonly string[], others: readonly string[]): readonly string[] {
  return all.filter((address) => !others.includes(address))
}

async function whileOthersDeploy<T>(
  churn: boolean,
  machine: LabMachine,
  network: string,
  signal: AbortSignal,
  work: () => Promise<T>,
): Promise<T> {
  if (!churn) return await work()
  await using _churn = await startChurn(machine, network, signal)
  return await work()
}

/** Its endpoints on the node go a moment after the last task. */
async function removeNetwork(machine: LabMachine, network: string): Promise<void> {
  await runOn(machine, `for try in $(seq 50); do docker network rm ${network} && exit 0; sleep 0.2; done; exit 1`)
}
