import type { Network } from '../../model/facts/networks.ts'
import type { Service } from '../../model/facts/services.ts'
import type { Task } from '../../model/facts/tasks.ts'
import { contains, parseAddress } from '../address/cidr.ts'
import { subnetsOf } from '../address/overlay.ts'
import { addressesOn, isLive } from '../address/task-state.ts'
import { duration, list } from '../say.ts'
import { isRunning } from '../service/control-plane.ts'
import { addressIn, type Holding, indexHoldings, nameOfTask, type Told } from './holdings.ts'

/** What a proxy's backends are held against. */
export interface Ground extends Told {
  readonly shared: Network
  readonly holdings: ReturnType<typeof indexHoldings>
  /** When the proxy was asked, by the clock that dates tasks. */
  readonly nowMs: number
  /** What changed within it the proxy need not have heard yet. */
  readonly windowMs: number
}

export function groundOf(told: Told, ground: Pick<Ground, 'shared' | 'nowMs' | 'windowMs'>): Ground {
  return { ...told, ...ground, holdings: indexHoldings(told) }
}

/** `leaving`: it was right within the last refresh. `gone`: it may have been, but its task is forgotten. */
export type BackendState = 'sound' | 'leaving' | 'by name' | 'gone' | 'wrong network' | 'stale' | 'unknown'

export interface Backend {
  readonly url: string
  readonly state: BackendState
  /** `10.10.0.7 is drone_app.1`. */
  readonly said: string
}

/** Who is behind a server's URL. `owners` declare the proxy's service; where none does, anybody may be. */
export function backendAt(url: string, owners: readonly Service[], ground: Ground): Backend {
  const address = addressIn(url)
  if (address === undefined)
    return { url, state: 'by name', said: `${url || 'a server without a URL'} names no address` }
  const all = ground.holdings.get(address) ?? []
  const own = owners.length === 0 ? all : all.filter(({ service }) => service !== undefined && owners.includes(service))
  const isShared = ({ networkId }: Holding): boolean => networkId === ground.shared.Id
  const fits = isInside(address, ground.shared)
  const serving = own.find((holding) => fits && isShared(holding) && serves(holding, ground))
  if (serving !== undefined) return { url, state: 'sound', said: `${address} is ${nameOfTask(serving)}` }
  const leaving = own.find(({ task }) => task !== undefined && hasJustLeft(task, ground))
  if (leaving?.task !== undefined) {
    return { url, state: 'leaving', said: `${address} was ${nameOfTask(leaving)}, ${fate(leaving.task, ground)}` }
  }
  return { url, ...whatIsWrong(address, { own, all, fits, isShared, settled: isSettled(owners, ground) }, ground) }
}

interface Look {
  readonly own: readonly Holding[]
  readonly all: readonly Holding[]
  readonly fits: boolean
  readonly isShared: (holding: Holding) => boolean
  /** Nothing of the service changed within the window: whatever is wrong is not about to right itself. */
  readonly settled: boolean
}

function whatIsWrong(
  address: string,
  { own, all, fits, isShared, settled }: Look,
  ground: Ground,
): Omit<Backend, 'url'> {
  const here = fits ? own.filter(isShared) : []
  const past = latest(here)
  if (past !== undefined) {
    const heir = all.find((holding) => isShared(holding) && serves(holding, ground))
    const now = heir === undefined ? '' : `; it is ${nameOfTask(heir)} now`
    return { state: 'stale', said: `${address} was ${nameOfTask(past)}, ${fate(past.task, ground)}${now}` }
  }
  const stranger = fits ? latest(all.filter(isShared)) : undefined
  if (stranger !== undefined) {
    return { state: settled ? 'stale' : 'gone', said: `${address} is not its own: ${nameOfTask(stranger)}` }
  }
  const elsewhere = latest(own) ?? latest(all)
  if (elsewhere !== undefined || !fits) {
    const who = elsewhere === undefined ? 'no task that is known' : nameOfTask(elsewhere)
    return { state: 'wrong network', said: `${address} is ${who} on ${networkOf(address, elsewhere, ground)}` }
  }
  return { state: settled ? 'unknown' : 'gone', said: `${address} is nobody's` }
}

/** Swarm may forget an ended task at once; a service that did not change lately has forgotten none. */
function isSettled(owners: readonly Service[], ground: Ground): boolean {
  if (owners.length === 0 || owners.some(({ UpdatedAt }) => isLate(UpdatedAt, ground))) return false
  return !ground.tasks.some((task) => owners.some(({ ID }) => ID === task.ServiceID) && hasJustChanged(task, ground))
}

/** Whether it was within the window, or after it: what is read later may be younger. */
export function isLate(time: string, { nowMs, windowMs }: Ground): boolean {
  return nowMs - Date.parse(time) <= windowMs
}

/** Nodes date what becomes of a task by clocks of their own; the manager, which hears of it at once, by that of `nowMs`. */
export function hasJustChanged({ Status, UpdatedAt }: Task, ground: Ground): boolean {
  return isLate(UpdatedAt ?? Status.Timestamp, ground)
}

/** A task that runs, or the VIP of a service that has such a task there. */
function serves({ task, service }: Holding, { tasks, shared }: Ground): boolean {
  if (task !== undefined) return isRunning(task)
  return tasks.some((one) => one.ServiceID === service?.ID && isRunning(one) && addressesOn(shared.Id, one).length > 0)
}

/** Ended, or told to end, so lately that the proxy may still believe in it. */
function hasJustLeft(task: Task, ground: Ground): boolean {
  if (!isLive(task)) return hasJustChanged(task, ground)
  if (task.DesiredState === 'running') return false
  // It was told at this moment or before: what is older than the window by it is so all the more.
  return task.UpdatedAt === undefined || isLate(task.UpdatedAt, ground)
}

function fate(task: Task | undefined, { nowMs }: Ground): string {
  if (task === undefined) return 'behind which no task runs'
  if (isLive(task))
    return task.DesiredState === 'running' ? `which is in ${task.Status.State}` : 'which is told to stop'
  const age = nowMs - Date.parse(task.Status.Timestamp)
  return age < 0 ? 'which has ended since' : `which ended ${duration(age)} before (${task.Status.State})`
}

/** The running one, or whoever's state changed last. */
function latest(holdings: readonly Holding[]): Holding | undefined {
  const rank = ({ task }: Holding): number =>
    task === undefined ? 0 : Date.parse(task.Status.Timestamp) + (isRunning(task) ? Number.MAX_SAFE_INTEGER / 2 : 0)
  return [...holdings].sort((a, b) => rank(b) - rank(a))[0]
}

/** IPv6 subnets are not reckoned with: there an address must be the very one of a task. */
function isInside(text: string, network: Network): boolean {
  const address = parseAddress(text)
  return address === undefined ? text.includes(':') : subnetsOf(network).some((subnet) => contains(subnet, address))
}

function networkOf(address: string, holding: Holding | undefined, { shared, networks }: Ground): string {
  if (holding !== undefined) {
    const { networkId, networkName } = holding
    if (networkId === shared.Id) return `${networkName}, outside of its subnet`
    return networkName === shared.Name ? `an earlier ${networkName} (${networkId.slice(0, 12)})` : networkName
  }
  const value = parseAddress(address)
  const fitting = networks.filter((network) =>
    subnetsOf(network).some((subnet) => value !== undefined && contains(subnet, value)),
  )
  return list(fitting.map(({ Name }) => Name)) || 'no network of the Swarm'
}
