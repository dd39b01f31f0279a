import { type LabMachine, runOn } from '../host/machine.ts'
import { removeAll } from './own-objects.ts'
import { waitForRouter } from './router.ts'
import { waitOn } from './wait.ts'

/** A web server of ours on the shared network. */
export interface OwnWeb {
  readonly name: string
  /** The body of a function of `asked` and `answer`, in JavaScript. */
  readonly answers: string
  /** What the router gives to it. Without one it is no route. */
  readonly rule?: string
  /** Of its rule; the highest wins, and that is this one unless told otherwise. */
  readonly priority?: number
  readonly replicas?: number
  readonly env?: string
}

/** Returns when every task of it listens, and the router leads to each. */
export async function startWeb(machine: LabMachine, web: OwnWeb, signal: AbortSignal): Promise<void> {
  const { name, replicas = 1, env = 'NONE=' } = web
  const labels = web.rule === undefined ? ['traefik.enable=false'] : routed(name, web.rule, web.priority ?? 1000)
  await runOn(
    machine,
    `docker service inspect ${name} > /dev/null 2>&1 ||
docker service create --quiet --detach --no-resolve-image --name ${name} --label sabotage=true --network proxy \\
  ${labels.map((label) => `--label '${label}'`).join(' ')} --replicas ${replicas} --env '${env}' \\
  pvcheck-lab/node:1 /usr/bin/node -e "$(cat)"`,
    { stdin: script(web.answers), signal },
  )
  await waitForListeners(machine, name, replicas, signal)
  if (web.rule === undefined) return
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

function routed(name: string, rule: string, priority: number): string[] {
  const router = `traefik.http.routers.${name}`
  return [
    'traefik.enable=true',
    `traefik.http.services.${name}.loadbalancer.server.port=80`,
    `${router}.rule=${rule}`,
    `${router}.entrypoints=web-secure`,
    `${router}.tls=true`,
    `${router}.priority=${priority}`,
  ]
}

/** As the first process of a container node would not hear SIGTERM. */
function script(answers: string): string {
  return `process.on('SIGTERM', () => process.exit(0))
require('node:http').createServer((asked, answer) => { ${answers} }).listen(80)
`
}
