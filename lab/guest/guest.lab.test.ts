import { execFile as execFileThen } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { request } from 'node:http'
import { join } from 'node:path'
import { rootCertificates } from 'node:tls'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { pollUntil } from '../../harness/core/poll.ts'
import { throwawaySchema } from '../../harness/model/throwaway.ts'
import { type LabMachine, runOn } from '../host/machine.ts'
import { ownStateHome } from '../host/testing/state-home.ts'
import { labUp } from '../lab.ts'
import { rootCaFile } from './deploy/deploy.ts'
import { type Answer, faultOf, probe } from './deploy/probe.ts'
import { labRoutes } from './deploy/routes.ts'
import { askUntil, createWebService, hostOf, type WebService } from './testing/web-service.ts'

const execFile = promisify(execFileThen)
const state = ownStateHome()
let machine: LabMachine
let tls: { readonly address: string; readonly ca: string }

beforeAll(async () => {
  machine = await labUp({ name: 'guest', refreshMs: 500, progress: () => undefined })
  tls = { address: machine.address, ca: readFileSync(join(machine.dir, rootCaFile), 'utf8') }
}, 300_000)

afterAll(() => state.remove(), 60_000)

const get = (host: string, path = '/', headers: Record<string, string> = {}, method = 'GET') =>
  probe(host, path, { ...tls, headers, method })

async function api(path: string): Promise<unknown> {
  return JSON.parse((await get('traefik.ci.lab.test', path)).body)
}

/** Plain HTTP, as a browser's first request. */
function getPlain(host: string, path: string): Promise<Pick<Answer, 'status' | 'headers'>> {
  return new Promise((resolve, reject) => {
    const asked = request({ host: machine.address, path, headers: { Host: host } }, (answer) => {
      answer.resume()
      resolve({ status: answer.statusCode ?? 0, headers: answer.headers })
    })
    asked.on('error', reject)
    asked.end()
  })
}

describe('the control plane', () => {
  test('answers on every route, its certificates from its own CA', async () => {
    const faults = await Promise.all(labRoutes.map(async (route) => faultOf(route, await get(route.host, route.path))))
    expect(faults.filter((fault) => fault !== undefined)).toEqual([])
    await expect(
      probe('ci.lab.test', '/', { address: machine.address, ca: rootCertificates[0] ?? '' }),
    ).rejects.toThrow(/certificate/)
  })

  test('says in every answer what it stands in for', async () => {
    const headers = await Promise.all(labRoutes.map(async ({ host, path }) => (await get(host, path)).headers))
    expect(new Set(headers.map((one) => one['x-pvcheck-stand-in']))).toEqual(
      new Set(['traefik', 'drone', 'recipe dashboard', 'report site']),
    )
  })

  test('is five stacks of one service each, one task running, labelled as what they stand in for', async () => {
    const listed = await runOn(machine, "docker service ls --format '{{.Name}} {{.Replicas}}' | sort")
    const services = ['ccci-bridge', 'ccci-dashboard', 'ccci-reports', 'drone', 'traefik'].map(
      (stack) => `${stack}_app`,
    )
    expect(listed).toBe(services.map((name) => `${name} 1/1\n`).join(''))
    const label = `'{{index .Spec.Labels "pvcheck.lab.stand-in"}}'`
    expect(await runOn(machine, `docker service inspect --format ${label} ${services.join(' ')}`)).toBe(
      'comment bridge\nrecipe dashboard\nreport site\ndrone\ntraefik\n',
    )
  })

  test('shares one attachable overlay of the size that is declared', async () => {
    const network = await runOn(
      machine,
      "docker network inspect --format '{{.Driver}} {{.Attachable}} {{(index .IPAM.Config 0).Subnet}}' proxy",
    )
    expect(network).toBe('overlay true 10.10.0.0/16\n')
    expect(await runOn(machine, 'systemctl is-active swarm-init.service')).toBe('active\n')
  })

  test('publishes 80, 443 and the health of the bridge, all in host mode', async () => {
    const ports = "docker service inspect --format '{{json .Endpoint.Ports}}' ccci-bridge_app traefik_app"
    const inHostMode = (port: number) =>
      expect.objectContaining({ PublishedPort: port, TargetPort: port, PublishMode: 'host' })
    const published = (await runOn(machine, ports)).trim().split('\n')
    expect(published.map((line) => JSON.parse(line))).toEqual([[inHostMode(8081)], [inHostMode(80), inHostMode(443)]])
    const others = ports.replace(/ ccci.*/, ' ccci-dashboard_app ccci-reports_app drone_app')
    expect((await runOn(machine, others)).trim().split('\n')).toEqual(['null', 'null', 'null'])
  })

  test('has a bridge whose log tells of each poll', async () => {
    await pollUntil(
      async () => {
        const log = await runOn(machine, 'docker service logs ccci-bridge_app 2>&1')
        const line = /bridge: poll ok: repo=recipe-maintainers\/cc-ci user=ccci-bridge builds=\d+/
        return line.test(log) ? { done: true, value: undefined } : { done: false, state: log }
      },
      { what: 'a poll in the log of the bridge', timeoutMs: 30_000 },
    )
  })

  test('has a bridge that tells its health on the host itself', async () => {
    const health = "curl --silent --write-out '%{http_code}' http://127.0.0.1:8081/healthz"
    await pollUntil(
      async () => {
        const said = await runOn(machine, health)
        return said === 'OK\n200' ? { done: true, value: undefined } : { done: false, state: said }
      },
      { what: 'the bridge to be healthy', timeoutMs: 10_000 },
    )
    await runOn(machine, 'docker service scale --detach drone_app=0')
    try {
      await pollUntil(
        async () => {
          const said = await runOn(machine, health)
          return /^last poll \d+ s ago\n503$/.test(said)
            ? { done: true, value: undefined }
            : { done: false, state: said }
        },
        { what: 'the bridge to miss the CI server for two intervals', timeoutMs: 20_000 },
      )
    } finally {
      await runOn(machine, 'docker service scale --detach drone_app=1')
      await askUntil({ host: 'drone.ci.lab.test', path: '/healthz' }, ({ status }) => status === 200, tls)
    }
  })

  test('is reached through a SOCKS proxy that resolves the names of its routes', async () => {
    const { address } = machine
    const ca = join(machine.dir, rootCaFile)
    const socks = (proxy: string, url: string) =>
      execFile('curl', ['--silent', '--show-error', '--max-time', '5', '--cacert', ca, '--proxy', proxy, url])
    for (const { host, path, contains = '' } of labRoutes) {
      expect((await socks(`socks5h://${address}:1080`, `https://${host}${path}`)).stdout).toContain(contains)
    }
    // 97 is curl's word for a proxy that did not let it in.
    await expect(socks(`socks5h://${address}:1081`, 'https://ci.lab.test/')).rejects.toMatchObject({ code: 97 })
    const { stdout } = await socks(`socks5h://operator:practice@${address}:1081`, 'https://ci.lab.test/')
    expect(stdout).toContain('Recipe CI dashboard')
  })

  test('shows on the dashboard what the CI server knows', async () => {
    const { body } = await get('ci.lab.test')
    expect(body).toContain('<td>hedgedoc</td><td><span class="badge pass">pass</span></td>')
    expect(body).toContain('<td>ghost</td><td><span class="badge fail">fail</span></td>')
  })

  test('dates its reports', async () => {
    const generated = /<time datetime="([^"]+)">/.exec((await get('report.ci.lab.test')).body)?.[1]
    expect(Math.abs(Date.now() - Date.parse(generated ?? ''))).toBeLessThan(600_000)
  })

  test('takes the token that lies on the host, and no other', async () => {
    const token = (await runOn(machine, 'cat /run/secrets/bridge_drone_token')).trim()
    const user = await get('drone.ci.lab.test', '/api/user', { Authorization: `Bearer ${token}` })
    expect(JSON.parse(user.body)).toMatchObject({ login: 'ccci-bridge' })
    expect((await get('drone.ci.lab.test', '/api/user', { Authorization: 'Bearer none' })).status).toBe(401)
    expect(await runOn(machine, "stat -c '%a %U' /run/secrets/bridge_drone_token")).toBe('400 root\n')
  })

  test('starts builds and cancels them, and the dashboard sees it', async () => {
    const authorization = {
      Authorization: `Bearer ${(await runOn(machine, 'cat /run/secrets/bridge_drone_token')).trim()}`,
    }
    const builds = '/api/repos/recipe-maintainers/cc-ci/builds'
    const made = await get('drone.ci.lab.test', `${builds}?branch=main&RECIPE=ghost&PR=0`, authorization, 'POST')
    const { number } = JSON.parse(made.body) as { number: number }
    expect((await get('ci.lab.test')).body).toContain(`<span class="badge running">running</span></td><td>#${number}<`)
    await get('drone.ci.lab.test', `${builds}/${number}`, authorization, 'DELETE')
    expect(JSON.parse((await get('drone.ci.lab.test', `${builds}/latest`)).body)).toMatchObject({
      number,
      status: 'killed',
    })
  })
})

describe('the reverse proxy', () => {
  test('sends plain requests on to TLS, all but the ping', async () => {
    expect(await getPlain('ci.lab.test', '/x?y=1')).toMatchObject({
      status: 301,
      headers: { location: 'https://ci.lab.test/x?y=1' },
    })
    expect((await getPlain('anything', '/ping')).status).toBe(200)
  })

  test('has a certificate for a name it does not know, and 404', async () => {
    expect(await get('unknown.ci.lab.test')).toMatchObject({ status: 404, body: '404 page not found\n' })
  })

  test('tells in its API which task addresses it routes to', async () => {
    const services = (await api('/api/http/services')) as {
      name: string
      loadBalancer?: { servers: { url: string }[] }
    }[]
    const address =
      'docker inspect --format \'{{range .NetworksAttachments}}{{if eq .Network.Spec.Name "proxy"}}{{index .Addresses 0}}{{end}}{{end}}\' $(docker service ps -q --filter desired-state=running drone_app)'
    const task = (await runOn(machine, address)).trim().replace('/16', '')
    expect(services.find(({ name }) => name === 'drone@swarm')?.loadBalancer?.servers).toEqual([
      { url: `http://${task}:80` },
    ])
    expect(await api('/api/http/routers/drone@swarm')).toMatchObject({
      rule: 'Host(`drone.ci.lab.test`)',
      service: 'drone',
      status: 'enabled',
      using: ['web-secure'],
      provider: 'swarm',
    })
    expect(await api('/api/overview')).toMatchObject({
      http: { routers: { errors: 0, warnings: 0 } },
      providers: ['Swarm'],
    })
  })
})

describe('a route', () => {
  beforeAll(async () => {
    await runOn(machine, 'docker network create --driver overlay other')
    const services: WebService[] = [
      { name: 'plain', networks: ['proxy'] },
      { name: 'both', networks: ['other', 'proxy'] },
      { name: 'elsewhere', networks: ['other'] },
      { name: 'named', networks: ['other', 'proxy'], labels: { 'traefik.swarm.network': 'other' } },
      { name: 'refusing', networks: ['proxy'], port: 81 },
      { name: 'dnsrr', networks: ['proxy'], endpointMode: 'dnsrr' },
      { name: 'misspelt', networks: ['proxy'], labels: { 'traefik.http.routers.misspelt.rule': 'Hots(`x`)' } },
    ]
    await Promise.all(services.map((service) => createWebService(machine, service)))
  }, 120_000)

  const answersWith = (name: string, status: number) =>
    askUntil({ host: hostOf(name) }, (answer) => answer.status === status, tls)
  const page = 'pvcheck practice host: throwaway\n'

  test('leads to the task, with a VIP or without', async () => {
    expect((await answersWith('plain', 200)).body).toBe(page)
    expect((await answersWith('dnsrr', 200)).body).toBe(page)
  })

  test('takes the default network of several', async () => {
    expect((await answersWith('both', 200)).body).toBe(page)
  })

  test('takes the network its label names, even one the proxy is not on: 504', async () => {
    expect(await answersWith('named', 504)).toMatchObject({ body: 'Gateway Timeout' })
  })

  test('falls back to the first network there is, with a warning, where the service is not on the right one: 504', async () => {
    expect(await answersWith('elsewhere', 504)).toMatchObject({ body: 'Gateway Timeout' })
    expect(await runOn(machine, 'docker service logs traefik_app 2>&1')).toContain(
      "WRN Could not find network named 'proxy' for container 'elsewhere.1'! Maybe you're missing the project's prefix in the label? Defaulting to first available network.",
    )
  })

  test('to a port where nothing listens is a 502', async () => {
    expect(await answersWith('refusing', 502)).toMatchObject({ body: 'Bad Gateway' })
  })

  test('with a rule that does not parse is disabled, and the API says why', async () => {
    expect(await api('/api/http/routers/misspelt@swarm')).toMatchObject({
      status: 'disabled',
      error: ['error while parsing rule Hots(`x`): unsupported function: Hots'],
    })
    expect(await api('/api/overview')).toMatchObject({ http: { routers: { errors: 1 } } })
  })

  test('is gone with its last task: 404', async () => {
    await answersWith('plain', 200)
    await runOn(machine, 'docker service scale --detach plain=0')
    expect(await answersWith('plain', 404)).toMatchObject({ body: '404 page not found\n' })
  })
})

describe('the host', () => {
  test('upgrades one at a time, under a lock that all can see', async () => {
    const upgrade = (lock: string) => runOn(machine, `${lock} upgrade-all; echo "exit $?"`)
    expect(await upgrade('flock /run/lock/ci-upgrade.lock')).toBe('another upgrade is running\nexit 75\n')
    expect(await upgrade('')).toMatch(/step 0: .*exit 0\n$/s)
  })

  test('restarts its engine on the signature of the incident, and only then', async () => {
    const engine = 'systemctl show --value -p ExecMainPID docker.service'
    const before = await runOn(machine, engine)
    await runOn(machine, 'systemctl start upgrade-all.service')
    expect(await runOn(machine, engine)).toBe(before)
    // The guard greps the unit's whole journal, where a container's output lies as well: it cannot tell who spoke.
    const line =
      'level=error msg="Failed allocation for service x" error="could not find an available IP while allocating VIP"'
    await runOn(machine, `docker run --rm pvcheck-lab/busybox:1 /bin/busybox echo '${line}'`)
    await runOn(machine, 'systemctl start upgrade-all.service', { timeoutMs: 120_000 })
    expect(await runOn(machine, engine)).not.toBe(before)
  })

  test('has a busybox with all that it can do in the PATH, and a throwaway container ends by itself', async () => {
    const busybox = 'docker run --rm --network none pvcheck-lab/busybox:1'
    expect(await runOn(machine, `${busybox} sh -c 'wget 2>&1 | head -1'`)).toMatch(/^BusyBox v/)
    const [shell = '', flag = '', script = ''] = throwawaySchema.parse({}).command
    const filled = script.replace('{port}', '80').replace('{seconds}', '2')
    expect(await runOn(machine, `${busybox} ${shell} ${flag} '${filled}'; echo "exit $?"`)).toBe('exit 0\n')
  })

  test('routes again after the engine has restarted', async () => {
    for (const route of labRoutes) await askUntil(route, (answer) => faultOf(route, answer) === undefined, tls)
  })

  test('prunes nothing while its disk has room', async () => {
    await runOn(machine, 'systemctl start ci-docker-prune.service')
    const journal = await runOn(machine, 'journalctl --output cat --unit ci-docker-prune.service')
    expect(journal).toMatch(/gate 1: .* below 80 %: keeping the cache/)
    const timers = await runOn(machine, 'systemctl list-timers --no-legend ci-docker-prune.timer')
    expect(timers).toContain('ci-docker-prune.service')
  })

  test('prunes nothing while a recipe is under test or a service converges, and no image in any case', async () => {
    const prune = () => runOn(machine, 'PRUNE_ABOVE_PERCENT=0 ci-docker-prune')
    const create = 'docker service create --detach --no-resolve-image'
    const runApp = '--name run-app --replicas 0 --label com.docker.stack.namespace=ghos-1a2b3c_ci_lab_test'
    const images = await runOn(machine, 'docker images --quiet | sort')
    // Other services of this file may still be coming back from the restart of the engine.
    await pollUntil<void>(
      async () => {
        const counts = (await runOn(machine, "docker service ls --format '{{.Replicas}}'")).trim().split('\n')
        const converging = counts.filter((each) => !/^(\d+)\/\1$/.test(each))
        return converging.length === 0
          ? { done: true, value: undefined }
          : { done: false, state: `replicas: ${counts.join(', ')}` }
      },
      { what: 'all services to have converged', timeoutMs: 30_000 },
    )
    await runOn(machine, `${create} ${runApp} pvcheck-lab/httpd:1`)
    expect(await prune()).toBe('gate 2: run apps are live: ghos-1a2b3c_ci_lab_test\n')
    await runOn(
      machine,
      `docker service rm run-app; ${create} --name homeless --constraint node.role==worker pvcheck-lab/httpd:1`,
    )
    expect(await prune()).toBe('gate 3: services are converging: homeless\n')
    await runOn(machine, 'docker service rm homeless')
    expect(await prune()).toContain('Total reclaimed space')
    expect(await runOn(machine, 'docker images --quiet | sort')).toBe(images)
  })
})
