import { type LabMachine, runOn } from '../host/machine.ts'
import { removeAll } from './own-objects.ts'
import { waitForRouter } from './router.ts'
import { waitOn } from './wait.ts'

/** A web server of ours on the shared network. */
export interface OwnWeb {
  readonly name: string
  /** The body of a function of `asked` and `answer`, in JavaScript; which task runs it is in `process.env.SLOT`. */
  readonly answers: string
  /** What the router gives to it, before all others. */
  readonly rule: string
  readonly replicas?: number
}

/** Returns when every task of it listens, and the router leads to each. */
export async function startWeb(machine: LabMachine, web: OwnWeb, signal: AbortSignal): Promise<void> {
  const { name, replicas = 1 } = web
  const labels = labelsOf(web)
    .map((label) => `--label '${label}'`)
    .join(' ')
  await runOn(
    machine,
    `docker service inspect ${name} > /dev/null 2>&1 ||
docker service create --quiet --detach --no-resolve-image --name ${name} --label sabotage=true --network proxy \\
  ${labels} --replicas ${replicas} --env 'SLOT={{.Task.Slot}}' pvcheck-lab/node:1 /usr/bin/node -e "$(cat)"`,
    { stdin: script(web.answers), signal },
  )
  await waitForListeners(machine, name, replicas, signal)
  await waitForRouter(machine, {
    what: `the router to lead to ${name}`,
    wanted: ({ services }) => services[`${name}@swarm`]?.loadBalancer?.servers.length === replicas,
    signal,
  })
}

/** Removes what is ours, and returns when the router has heard of it. */
export async function removeWeb(machine: LabMachine, signal: AbortSignal): Promise<void> {
  const own = (
    await runOn(machine, `docker service ls --filter label=sabotage --format '{{.Name}}'`, { signal })
  ).split(/\s+/)
  await removeAll(machine, signal)
  await waitForRouter(machine, {
    what: 'the router to forget what was ours',
    wanted: ({ routers }) => own.every((name) => routers[`${name}@swarm`] === undefined),
    signal,
  })
}

/** Returns when so many containers of a service listen on port 80. */
export async function waitForListeners(
  machine: LabMachine,
  service: string,
  replicas: number,
  signal: AbortSignal,
): Promise<void> {
  await waitOn(
    machine,
    `listening=0
for container in $(docker ps --quiet --filter label=com.docker.swarm.service.name=${service}); do
  pid=$(docker inspect --format '{{.State.Pid}}' $container)
  ! nsenter --target $pid --net ss --listening --numeric --tcp | grep --quiet ':80 ' || listening=$((listening + 1))
done
echo "$listening listen"
[ $listening = ${replicas} ]`,
    { what: `${service} to listen`, signal },
  )
}

function labelsOf({ name, rule }: OwnWeb): string[] {
  const router = `traefik.http.routers.${name}`
  return [
    'traefik.enable=true',
    `traefik.http.services.${name}.loadbalancer.server.port=80`,
    `${router}.rule=${rule}`,
    `${router}.entrypoints=web-secure`,
    `${router}.tls=true`,
    `${router}.priority=1000`,
  ]
}

/** As the first process of a container node would not hear SIGTERM. */
function script(answers: string): string {
  return `process.on('SIGTERM', () => process.exit(0))
require('node:http').createServer((asked, answer) => { ${answers} }).listen(80)
`
}
