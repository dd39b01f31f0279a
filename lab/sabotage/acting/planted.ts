import { lockName, type Mark, markLabels, nameOf } from '../../../harness/model/mark.ts'
import { type LabMachine, runOn } from '../../host/machine.ts'
import { waitForNoOwn } from '../own-objects.ts'
import type { ActingSabotage } from './acting-sabotage.ts'

const dead = '20260101T000000Z-dead'
const lost = '20260102T000000Z-0f0f'
const live = '20260103T000000Z-11fe'

/** Shell: the names of all that a run can create. */
const listed =
  'docker service ls --format {{.Name}}; docker network ls --format {{.Name}}; docker config ls --format {{.Name}}'

export const deadRunsObjects: ActingSabotage = {
  name: 'dead-runs-objects',
  what: 'leaves on the host what two runs made that were killed: one still has its lock, the other outlived its objects',
  reddens: {},
  exit: 'pass',
  afterwards: noneOf(dead, lost),
  breaks: async (machine, signal) => {
    // Its objects have an hour left by their own labels; its lock says that nobody renews it any more.
    await plantStack(machine, { run: dead, inSeconds: 3600 }, signal)
    await plantConfig(machine, lockName, { run: dead, inSeconds: -60 }, signal)
    await plantStack(machine, { run: lost, inSeconds: -60 }, signal)
  },
  mends: removePlanted,
}

export const liveRunsObjects: ActingSabotage = {
  name: 'live-runs-objects',
  what: 'has a stack of another run on the host that nobody may take for dead yet, and things that only look like ours',
  reddens: {},
  exit: 'pass',
  stays: true,
  afterwards: allOf(nameOf(live, 1, 'web'), nameOf(live, 1, 'net'), nameOf(live, 7), nameOf(live, 8)),
  breaks: async (machine, signal) => {
    await plantStack(machine, { run: live, inSeconds: 3600 }, signal)
    // The name of a run without its mark; and the mark of a dead run, under the name of another.
    await runOn(machine, unlessThere('config', nameOf(live, 7), `echo | docker config create ${nameOf(live, 7)} -`), {
      signal,
    })
    await plantConfig(machine, nameOf(live, 8), { run: dead, inSeconds: -60 }, signal)
  },
  mends: removePlanted,
}

export const lockHeld: ActingSabotage = {
  name: 'lock-held',
  what: 'has another run at work on the Swarm: it holds the lock, and has a stack there',
  reddens: {},
  exit: 'locked',
  troubles: ['LOCK_HELD'],
  afterwards: allOf(lockName, nameOf(live, 1, 'web'), nameOf(live, 1, 'net')),
  breaks: async (machine, signal) => {
    await plantConfig(machine, lockName, { run: live, inSeconds: 3600 }, signal)
    await plantStack(machine, { run: live, inSeconds: 3600 }, signal)
  },
  mends: removePlanted,
}

interface Planted {
  readonly run: string
  /** When it may be swept, by the engine's clock; in the past where negative. */
  readonly inSeconds: number
}

/** A network, a service on it, and a config, with all marks of a run. */
async function plantStack(machine: LabMachine, planted: Planted, signal: AbortSignal): Promise<void> {
  const [net, web, note] = [
    nameOf(planted.run, 1, 'net'),
    nameOf(planted.run, 1, 'web'),
    nameOf(planted.run, 1, 'note'),
  ]
  const labels = labelArgs(planted)
  const service = `docker service create --quiet --detach --no-resolve-image --name ${web} ${labels} ${labels.replaceAll('--label', '--container-label')} \\
  --network ${net} --network proxy pvcheck-lab/httpd:1`
  const command = `set -eu
${unlessThere('network', net, `docker network create --driver overlay ${labels} ${net}`)}
${unlessThere('service', web, service)}`
  await runOn(machine, command, { signal })
  await plantConfig(machine, note, planted, signal)
}

async function plantConfig(machine: LabMachine, name: string, planted: Planted, signal: AbortSignal): Promise<void> {
  const create = `echo planted | docker config create ${labelArgs(planted)} ${name} -`
  await runOn(machine, unlessThere('config', name, create), { signal })
}

function labelArgs({ run, inSeconds }: Planted): string {
  const expires = new Date(Date.now() + inSeconds * 1000).toISOString()
  const mark: Mark = { run, owner: 'somebody', expires }
  return Object.entries(markLabels)
    .map(([key, label]) => `--label ${label}=${mark[key as keyof Mark]}`)
    .join(' ')
}

function unlessThere(kind: string, name: string, create: string): string {
  return `docker ${kind} inspect ${name} > /dev/null 2>&1 || ${create}`
}

function namesWith(run: string): string {
  return `{ ${listed}; } | grep '^pvc-${run.toLowerCase()}-'`
}

function noneOf(...runs: readonly string[]): string {
  const locks = runs.map((run) => `docker config ls --quiet --filter label=${markLabels.run}=${run} | grep .`)
  return [...runs.map(namesWith), ...locks].map((found) => `! { ${found}; }`).join(' && ')
}

function allOf(...names: readonly string[]): string {
  return names.map((name) => `{ { ${listed}; } | grep --line-regexp '${name}'; }`).join(' && ')
}

async function removePlanted(machine: LabMachine, signal: AbortSignal): Promise<void> {
  const ofPlanted = [dead, lost, live].map((run) => `^pvc-${run.toLowerCase()}-`).join('|')
  const named = (kind: string) => `docker ${kind} ls --format '{{.Name}}' | grep --extended-regexp '${ofPlanted}'`
  const configs = `docker config ls --quiet --filter label=${markLabels.owner}=somebody; ${named('config')}`
  await runOn(machine, `for name in $(${named('service')}); do docker service rm "$name"; done`, { signal })
  await waitForNoOwn(machine, signal)
  await runOn(
    machine,
    `for name in $(${named('network')}); do docker network rm "$name"; done
for config in $(${configs}); do docker config rm "$config" 2> /dev/null || true; done`,
    { signal },
  )
}
