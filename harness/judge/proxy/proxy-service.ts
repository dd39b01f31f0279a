import type { Judgement } from '../../model/check.ts'
import type { ProxyService } from '../../model/facts/routing/proxy-api.ts'
import type { Service } from '../../model/facts/services.ts'
import { list } from '../say.ts'
import { withoutProvider } from './api-told.ts'
import { type Backend, type BackendState, backendAt, type Ground } from './backend.ts'
import type { Declared } from './labels.ts'
import { missingTasks } from './missing.ts'
import { tasksInWords } from './tasks-in-words.ts'

type Why = Pick<Judgement, 'verdict'> & Required<Pick<Judgement, 'code' | 'reason' | 'remedy'>>

const deaf =
  "See the proxy's log for errors of its provider and whether it can reach the Engine API; `docker service update --force` on the proxy makes it ask anew."

/** What is wrong, the gravest first; a service has the verdict of its gravest. */
const grave: readonly (readonly [BackendState | 'missing' | 'down', Why])[] = [
  [
    'wrong network',
    {
      verdict: 'fail',
      code: 'WRONG_NETWORK',
      reason:
        'the proxy and its backend meet on the shared network only; without a word which one to use, the router took the first network it found',
      remedy:
        'Name the network in a label of the service, `traefik.swarm.network` (Traefik 2: `traefik.docker.network`), or for all in `providers.swarm.network`. On an earlier network of the same name: deploy the stack again.',
    },
  ],
  [
    'stale',
    {
      verdict: 'fail',
      code: 'STALE_BACKEND',
      reason: 'requests go to where its task no longer is, and the proxy had time to notice',
      remedy: deaf,
    },
  ],
  [
    'unknown',
    {
      verdict: 'fail',
      code: 'UNKNOWN_BACKEND',
      reason: 'no task, container or service of the Swarm has this address',
      remedy: deaf,
    },
  ],
  [
    'missing',
    {
      verdict: 'fail',
      code: 'MISSING_BACKEND',
      reason: 'a task that runs for longer than a refresh gets no request',
      remedy: deaf,
    },
  ],
  [
    'down',
    {
      verdict: 'fail',
      code: 'BACKEND_DOWN',
      reason: "the proxy's own health check finds it down, and sends it nothing",
      remedy: 'Look at the task, and at the path and port of `loadbalancer.healthcheck` in the labels of its service.',
    },
  ],
  [
    'by name',
    {
      verdict: 'unknown',
      code: 'BACKEND_BY_NAME',
      reason: 'where a name leads is decided where the proxy runs, and cannot be seen from here',
      remedy: 'Let the proxy find the addresses itself (`loadbalancer.server.port` instead of a URL).',
    },
  ],
  [
    'gone',
    {
      verdict: 'unknown',
      code: 'BACKEND_GONE',
      reason:
        'its service has changed or gone within a refresh, or was never of this Swarm: the proxy may be about to notice',
      remedy: 'Look again after a refresh of the proxy, when nothing is being deployed.',
    },
  ],
]

/** One load balancer of the proxy, whose servers are to be tasks. */
export function judgeProxyService(
  { name, loadBalancer, serverStatus }: ProxyService,
  declared: readonly Declared[],
  ground: Ground,
  expected: string,
): Judgement {
  const said = { subject: name, expected }
  const declarations = declared.filter((one) => one.name === withoutProvider(name))
  const owners = declarations.map(({ service }) => service)
  const urls = (loadBalancer?.servers ?? []).map(({ url }) => url)
  if (urls.length === 0) return { ...said, ...noServers(owners, ground) }

  const backends = urls.map((url) => backendAt(url, owners, ground))
  const missing = missingTasks(declarations, urls, ground)
  const leaving = new Set(backends.filter(({ state }) => state === 'leaving').map(({ url }) => url))
  const down = Object.entries(serverStatus ?? {}).filter(([url, status]) => status !== 'UP' && !leaving.has(url))
  const found = new Set<string>(backends.map(({ state }) => state))
  if (missing.length > 0) found.add('missing')
  if (down.length > 0) found.add('down')

  const why = grave.find(([state]) => found.has(state))?.[1]
  const problems = [
    ...missing.map((who) => `${who} is not among them`),
    ...down.map(([url, status]) => `${url} is ${status}`),
  ]
  const actual = [list(inOrder(backends).map(inWords)), ...problems].join('; ')
  if (why !== undefined) return { ...said, actual, ...why }
  return { ...said, actual, verdict: 'pass' }
}

function inWords({ said, state }: Backend): string {
  return state === 'leaving' ? `${said}: being replaced` : said
}

/** Those that something is wrong with first: a long list is cut. */
function inOrder(backends: readonly Backend[]): readonly Backend[] {
  const rank = ({ state }: Backend): number => {
    const index = grave.findIndex(([grave]) => grave === state)
    return index < 0 ? grave.length : index
  }
  return [...backends].sort((a, b) => rank(a) - rank(b))
}

function noServers(owners: readonly Service[], ground: Ground): Pick<Judgement, 'actual'> & Why {
  const tasks = owners.map((owner) => tasksInWords(owner.Spec.Name, ground.services, ground.tasks))
  return {
    actual: `no servers${tasks.length === 0 ? '' : `; ${list(tasks, 3)}`}`,
    verdict: 'fail',
    code: 'NO_BACKEND',
    reason: 'the proxy answers 503 for want of anybody to ask',
    remedy: 'Mend the tasks of the service (PV-SVC-002, PV-SVC-005); the proxy takes them up when they run.',
  }
}
