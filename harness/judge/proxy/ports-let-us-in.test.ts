import { describe, expect, test } from 'vitest'
import type { Judgement } from '../../model/check.ts'
import type { PublishedPorts } from '../../model/facts/routing/published-ports.ts'
import type { ExchangeError } from '../../model/http.ts'
import { judge, only, type RawHost, taskIn, type Wish } from '../test-host/green.ts'
import { portsLetUsIn } from './ports-let-us-in.ts'

type Port = PublishedPorts['ports'][number]
type Ipvs = PublishedPorts['ipvs']['state']

const knock = { host: 'practice.test', port: 443, startedAt: '2026-11-20T14:00:00.000Z', durationMs: 2.6 }
const open: Port = {
  service: 'traefik_app',
  published: 443,
  target: 8443,
  mode: 'host',
  protocol: 'tcp',
  knock: { ...knock, peer: '192.0.2.1:443' },
}
const shut = (code: ExchangeError['code'], phase: ExchangeError['phase'] = 'connect'): Partial<Port> => ({
  knock: { ...knock, error: { phase, code, message: 'in so many words, EHOSTUNREACH' } },
})

function judgePorts(
  ports: readonly Port[],
  ipvs: Ipvs = 'absent',
  wish: Wish = { publishedAt: 'practice.test' },
  change: (host: RawHost) => void = () => undefined,
): readonly Judgement[] {
  const prepare = (host: RawHost): void => {
    change(host)
    Object.assign(host, {
      'published-ports': { ipvs: { state: ipvs, how: 'modprobe -n ip_vs' }, ports },
      'services-after-routes': host.services,
      'tasks-after-routes': host.tasks,
    })
  }
  return judge(portsLetUsIn, prepare, wish)
}

describe('a port in host mode', () => {
  test('that opens passes, whatever the kernel has', () => {
    for (const ipvs of ['present', 'absent', 'unknown'] as const) {
      expect(only(judgePorts([open], ipvs))).toEqual({
        subject: 'traefik_app 443/tcp',
        expected: 'open, in host mode',
        actual: '192.0.2.1:443 open after 3 ms; traefik_app: 1 running on node 0q7wp7bfpc3n',
        verdict: 'pass',
      })
    }
  })

  test('that opens while no task of its service runs may be that of somebody else', () => {
    const ended = (host: RawHost): void =>
      void Object.assign(taskIn(host, 'traefik_app').Status, { State: 'failed', Err: 'exit 1' })
    for (const mode of ['host', 'ingress'] as const) {
      const judgement = only(judgePorts([{ ...open, mode }], 'present', { publishedAt: 'practice.test' }, ended))
      expect(judgement).toMatchObject({
        verdict: 'unknown',
        code: 'NO_TASK_BEHIND',
        actual: expect.stringContaining('open after 3 ms; traefik_app: no task runs'),
        remedy: expect.stringMatching(/PV-SVC-002/),
      })
    }
  })

  test('that opens behind a SOCKS proxy is told with its own address', () => {
    const port: Port = { ...open, knock: { ...knock, peer: '192.0.2.1:1080' } }
    expect(only(judgePorts([port])).actual).toMatch(
      /^practice\.test:443, by way of the SOCKS proxy 192\.0\.2\.1:1080, open after 3 ms; /,
    )
  })

  test.each<[ExchangeError['code'], string, ExchangeError['phase']?]>([
    ['TCP_REFUSED', 'nobody listens there'],
    ['SOCKS_TARGET_REFUSED', 'nobody listens there'],
    ['TCP_TIMEOUT', 'no answer at all: a firewall drops what is sent, or the host is not there'],
    ['TCP_UNREACHABLE', 'no way leads there'],
    ['DNS_NOT_FOUND', 'the name that was to be knocked at does not exist', 'dns'],
  ])('fails with %s: %s', (code, reason, phase) => {
    const judgement = only(judgePorts([{ ...open, ...shut(code, phase) }], 'present'))
    expect(judgement).toMatchObject({ verdict: 'fail', code, reason, remedy: expect.stringContaining('node') })
    expect(judgement.actual).toMatch(/^(TCP|DNS): in so many words, \w+; traefik_app: 1 running/)
  })

  test('fails with what becomes of its tasks', () => {
    const stop = (host: RawHost) =>
      void Object.assign(taskIn(host, 'traefik_app').Status, { State: 'pending', Err: 'no suitable node' })
    const judgement = only(judgePorts([{ ...open, ...shut('TCP_REFUSED') }], 'present', undefined, stop))
    expect(judgement.actual).toContain('traefik_app: no task runs, one is pending (no suitable node)')
    const gone = only(judgePorts([{ ...open, ...shut('TCP_REFUSED'), service: 'gone_app' }]))
    expect(gone.actual).toContain('gone_app: no such service')
  })

  test.each<[ExchangeError['code'], ExchangeError['phase']]>([
    ['SOCKS_UNREACHABLE', 'proxy'],
    ['DNS_TIMEOUT', 'dns'],
  ])('is unknown with %s', (code, phase) => {
    expect(only(judgePorts([{ ...open, ...shut(code, phase) }], 'present'))).toMatchObject({ verdict: 'unknown', code })
  })
})

describe('a port of the routing mesh', () => {
  const mesh: Port = { ...open, mode: 'ingress' }

  test('is judged where the kernel has IPVS', () => {
    expect(only(judgePorts([mesh], 'present'))).toMatchObject({ verdict: 'pass', expected: 'open, in ingress mode' })
    expect(only(judgePorts([{ ...mesh, ...shut('TCP_REFUSED') }], 'present'))).toMatchObject({
      verdict: 'fail',
      code: 'TCP_REFUSED',
    })
  })

  test.each<[Ipvs, string, string]>([
    ['absent', 'NO_IPVS', 'without IPVS in the kernel of the host the routing mesh cannot answer (modprobe -n ip_vs)'],
    ['unknown', 'IPVS_UNKNOWN', 'is not known (modprobe -n ip_vs)'],
  ])('is unknown where IPVS is %s, whatever the knock said', (ipvs, code, reason) => {
    for (const port of [mesh, { ...mesh, ...shut('TCP_REFUSED') }, { ...mesh, ...shut('SOCKS_AUTH', 'proxy') }]) {
      const judgement = only(judgePorts([port], ipvs))
      expect(judgement).toMatchObject({ verdict: 'unknown', code, remedy: expect.stringContaining('host mode') })
      expect(judgement.reason).toContain(reason)
    }
  })
})

describe('where there was no knock', () => {
  const { knock: _, ...silent } = open

  test.each(['udp', 'sctp'])('%s cannot be heard', (protocol) => {
    expect(only(judgePorts([{ ...silent, protocol, mode: 'ingress' }]))).toMatchObject({
      subject: `traefik_app 443/${protocol}`,
      verdict: 'n/a',
      reason: `nothing can be heard from a knock at ${protocol}`,
    })
  })

  test.each([
    [0, 'the Swarm has not given it a port yet'],
    [443, 'without a knock nothing is known of it'],
  ])('port %i is unknown', (published, reason) => {
    expect(only(judgePorts([{ ...silent, published }]))).toMatchObject({
      verdict: 'unknown',
      reason,
      remedy: expect.stringMatching(/\w/),
    })
  })

  test('nothing is published', () => {
    expect(only(judgePorts([]))).toMatchObject({ verdict: 'n/a', reason: expect.stringContaining('publishes a port') })
  })

  test('the proxy is no service of the Swarm', () => {
    const expected = { verdict: 'unknown', remedy: expect.stringContaining('`expect.proxy.service`') }
    const at = { publishedAt: 'practice.test', controlPlane: [], proxy: { service: 'traefik' } }
    expect(only(judgePorts([], 'present', at))).toMatchObject({ subject: 'traefik', ...expected })
    const named = judgePorts([], 'present', { ...at, controlPlane: [{ service: 'traefik' }] })
    expect(only(named).verdict).toBe('n/a')
  })

  test('no service is named', () => {
    const at = { publishedAt: 'practice.test', controlPlane: [] }
    expect(only(judgePorts([open], 'present', { ...at, proxy: {} })).verdict).toBe('n/a')
    expect(only(judgePorts([open], 'present', { ...at, proxy: undefined })).verdict).toBe('n/a')
    expect(only(judgePorts([open], 'present', { ...at, proxy: { service: 'traefik_app' } })).verdict).toBe('pass')
  })

  test('no address is named', () => {
    const judgeAt = (publishedAt: string | undefined, ...routes: { url: string }[]) =>
      only(judgePorts([open], 'present', { publishedAt, routes }))
    expect(judgeAt(undefined)).toMatchObject({ verdict: 'n/a', reason: expect.stringContaining('publishedAt') })
    expect(judgeAt(undefined, { url: 'https://drone.test/' }).verdict).toBe('pass')
    expect(judgeAt('practice.test').verdict).toBe('pass')
  })
})
