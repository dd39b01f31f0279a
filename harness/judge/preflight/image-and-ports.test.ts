import { describe, expect, test } from 'vitest'
import { only, the } from '../test-host/green.ts'
import { chooseImage } from './choose-image.ts'
import { freePorts } from './free-ports.ts'
import { imageIsOnHost } from './image-is-on-host.ts'
import { portsAreFree } from './ports-are-free.ts'
import { judgeQuiet, printed, type QuietHost } from './testing/quiet-host.ts'

describe('the image', () => {
  const digest = `sha256:${'ab'.repeat(32)}`
  const images = [
    { Id: 'sha256:111111111111', RepoTags: ['<none>:<none>'], RepoDigests: ['<none>@<none>'] },
    { Id: 'sha256:222222222222', RepoTags: ['reg.example.org:5000/tools/busybox:1.36'], RepoDigests: null },
    { Id: 'sha256:333333333333', RepoTags: ['busybox:latest', 'busybox:1'], RepoDigests: [`busybox@${digest}`] },
    { Id: 'sha256:444444444444', RepoTags: ['notbusybox:1', 'busybox-plus/web:1'], RepoDigests: null },
  ]
  const idOf = (image?: string): string | undefined => chooseImage(images, image === undefined ? {} : { image })?.id

  test.each([
    ['busybox', 'sha256:333333333333'],
    ['docker.io/library/busybox:latest', 'sha256:333333333333'],
    [`busybox:9@${digest}`, 'sha256:333333333333'],
    ['reg.example.org:5000/tools/busybox:1.36', 'sha256:222222222222'],
    ['sha256:444444444444', 'sha256:444444444444'],
    ['444444444444', 'sha256:444444444444'],
    ['reg.example.org:5000/tools/busybox', undefined],
    ['busybox:2', undefined],
    [`busybox@sha256:${'cd'.repeat(32)}`, undefined],
    ['4444', undefined],
  ])('%s is %s', (image, id) => {
    expect(idOf(image)).toBe(id)
  })

  test('without a name, the official busybox goes before another, and nothing else will do', () => {
    expect(chooseImage(images, {})).toEqual({
      name: 'busybox:1',
      id: 'sha256:333333333333',
      digest: `busybox@${digest}`,
    })
    expect(chooseImage(images.slice(0, 2), {})?.name).toBe('reg.example.org:5000/tools/busybox:1.36')
    expect(chooseImage([the(images[0]), the(images[3])], {})).toBeUndefined()
  })

  const judge = (throwaway: object, change?: (host: QuietHost) => void) =>
    only(judgeQuiet(imageIsOnHost, change, { throwaway }))
  const none = (host: QuietHost) => {
    host['quiet-swarm'].images = []
  }

  test('that is there passes, one that is missing blocks', () => {
    expect(judge({})).toMatchObject({ verdict: 'pass', actual: expect.stringMatching(/^pvcheck-lab\/busybox:1, /) })
    expect(judge({ image: 'pvcheck-lab/httpd:1' }).verdict).toBe('pass')
    expect(judge({ image: 'nosuch:1' })).toMatchObject({ verdict: 'blocked', code: 'IMAGE_MISSING' })
    expect(judge({}, none)).toMatchObject({ verdict: 'blocked', code: 'IMAGE_MISSING' })
  })

  test('need not be there where the nodes pull it, but must have a name then', () => {
    expect(judge({ image: 'nosuch:1', pull: true })).toMatchObject({
      verdict: 'pass',
      actual: expect.stringContaining('the nodes pull it'),
    })
    expect(judge({ pull: true }, none)).toMatchObject({
      verdict: 'blocked',
      reason: 'what is to be pulled is not named',
    })
  })
})

describe('the ports', () => {
  test('free ones are the first that nobody has', () => {
    const taken = new Map([[81, 'x']])
    expect(freePorts({ from: 80, to: 83 }, taken, 2)).toEqual([80, 82])
    expect(freePorts({ from: 80, to: 82 }, taken, 5)).toEqual([80, 82])
    expect(freePorts({ from: 81, to: 81 }, taken, 1)).toEqual([])
  })

  const judge = (publish: object, change?: (host: QuietHost) => void) =>
    only(judgeQuiet(portsAreFree, change, { throwaway: { publish } }))
  const answer = (stdout: string, fields?: object) => (host: QuietHost) =>
    void Object.assign(host['quiet-sockets'], { state: 'answered', answer: printed(stdout, fields) })

  test('that services publish, or somebody listens on, are taken', () => {
    const publishing = (host: QuietHost) => {
      const { Spec } = the(host['quiet-swarm'].services[0])
      const Ports = [{ Protocol: 'udp', TargetPort: 1, PublishedPort: 21, PublishMode: 'host' }]
      Object.assign(Spec, { EndpointSpec: { Mode: 'vip', Ports } })
    }
    expect(judge({ from: 20, to: 24 }, publishing)).toMatchObject({
      verdict: 'pass',
      actual: expect.stringMatching(/^3 free, taken: 21 by the service \S+, 22 by a listening socket of the host$/),
    })
    expect(judge({ from: 21, to: 23 }, publishing)).toMatchObject({
      verdict: 'blocked',
      code: 'NO_FREE_PORTS',
      actual: expect.stringContaining('1 free'),
    })
  })

  test('only those in the state of listening are', () => {
    const lines = [
      '  sl  local_address rem_address   st tx_queue',
      '   0: 0100007F:0016 0100007F:D431 01 00000000:00000000',
      '   1: 00000000000000000000000000000000:0017 00000000000000000000000000000000:0000 0A 00000000:00000000',
    ]
    expect(judge({ from: 22, to: 24 }, answer(lines.join('\n'))).actual).toBe(
      '2 free, taken: 23 by a listening socket of the host',
    )
  })

  test('sockets that cannot be read are unknown, and without a host in host mode only', () => {
    expect(judge({}, answer('', { exitCode: 1 })).verdict).toBe('unknown')
    expect(judge({}, answer('')).verdict).toBe('unknown')
    const noHost = (host: QuietHost) => {
      host['quiet-sockets'] = { state: 'no host', why: 'the engine is reached over tcp' }
    }
    expect(judge({ mode: 'host' }, noHost).verdict).toBe('unknown')
    expect(judge({}, noHost)).toMatchObject({ verdict: 'pass', actual: expect.stringContaining('was not asked') })
  })
})
