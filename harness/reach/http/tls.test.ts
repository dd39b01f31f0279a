import { spawn } from 'node:child_process'
import { X509Certificate } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type Server } from 'node:https'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createServer as createTlsServer, type TlsOptions } from 'node:tls'
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest'
import { httpAddressSchema } from '../../model/http.ts'
import { createHttp } from './client.ts'
import type { HttpClient } from './http.ts'
import { type Minted, openMint } from './testing/certificates.ts'
import { listen, raw } from './testing/listen.ts'

const { mint, close } = openMint()
const names = 'DNS:route.test,DNS:*.wild.test,IP:127.0.0.1'
const long = { from: '20200101000000Z', to: '20210101000000Z' } as const
const later = { from: '20900101000000Z', to: '20910101000000Z' } as const

let root: Minted
let issuer: Minted
let http: HttpClient
let requests = 0

beforeAll(() => {
  root = mint({ subject: 'Root', authority: true })
  issuer = mint({ subject: 'Issuer', authority: true, by: root })
  http = createHttp(
    httpAddressSchema.parse({
      caPath: root.certPath,
      resolve: { 'route.test': '127.0.0.1', '*.test': '127.0.0.1' },
      timeouts: { tlsMs: 2000, firstByteMs: 2000 },
    }),
  )
})
afterAll(close)

/** An https server that holds `own` and sends `behind` with it; counts the requests that get through. */
async function serve(own: Minted, behind: readonly Minted[], options: TlsOptions = {}): Promise<number> {
  requests = 0
  const cert = [own, ...behind].map((each) => each.cert).join('')
  const server: Server = createServer({ key: own.key, cert, ...options }, (_, response) => {
    requests += 1
    response.end('secret place')
  })
  return listen(server, onTestFinished)
}

test('a trusted server is asked, and its chain noted as it was sent', async () => {
  const leaf = mint({ subject: 'route.test', names, by: issuer })
  const port = await serve(leaf, [issuer])
  const exchange = await http.ask({ url: `https://route.test:${port}/` })
  const { serialNumber, fingerprint256 } = new X509Certificate(leaf.cert)
  expect(exchange).toMatchObject({
    status: 200,
    tls: {
      protocol: 'TLSv1.3',
      authorized: true,
      chain: [
        {
          subject: 'CN=route.test',
          issuer: 'CN=Issuer',
          altNames: ['DNS:route.test', 'DNS:*.wild.test', 'IP Address:127.0.0.1'],
          serial: serialNumber,
          fingerprint256,
        },
        { subject: 'CN=Issuer', issuer: 'CN=Root' },
      ],
    },
  })
  expect(exchange.error).toBeUndefined()
  expect(exchange.tls?.chain).toHaveLength(2)
  expect(exchange.timings.tlsMs).toBeGreaterThan(0)
  for (const { validFrom, validTo } of exchange.tls?.chain ?? []) {
    expect(new Date(validFrom).toISOString()).toBe(validFrom)
    expect(Date.parse(validTo) - Date.parse(validFrom)).toBeGreaterThan(30 * 86_400_000 - 1)
  }
})

test('a root that is sent along is part of the chain, one that is not sent is not', async () => {
  const port = await serve(mint({ subject: 'route.test', names, by: issuer }), [issuer, root])
  const { tls } = await http.ask({ url: `https://route.test:${port}/` })
  expect(tls?.chain.map(({ subject }) => subject)).toEqual(['CN=route.test', 'CN=Issuer', 'CN=Root'])
})

test.each(['https://a.wild.test', 'https://127.0.0.1', 'https://ROUTE.test', 'https://route.test.'])(
  'the certificate holds for %s',
  async (origin) => {
    const port = await serve(mint({ subject: 'route.test', names, by: issuer }), [issuer])
    expect(await http.ask({ url: `${origin}:${port}/` })).toMatchObject({ status: 200, tls: { authorized: true } })
  },
)

test('older servers are asked in TLS 1.2', async () => {
  const port = await serve(mint({ subject: 'route.test', names, by: root }), [], { maxVersion: 'TLSv1.2' })
  expect(await http.ask({ url: `https://route.test:${port}/` })).toMatchObject({
    status: 200,
    tls: { protocol: 'TLSv1.2', chain: [{ subject: 'CN=route.test' }] },
  })
})

/** What a server has wrong about its certificate, and what must be said of it. */
const wrong: readonly {
  readonly what: string
  readonly chain: () => readonly [Minted, ...Minted[]]
  readonly code: string
  readonly says: readonly string[]
}[] = [
  {
    what: 'an expired certificate',
    chain: () => [mint({ subject: 'route.test', names, by: issuer, ...long }), issuer],
    code: 'TLS_EXPIRED',
    says: ['the certificate CN=route.test expired at 2021-01-01T00:00:00.000Z'],
  },
  {
    what: 'an expired intermediate',
    chain: () => {
      const old = mint({ subject: 'Old issuer', authority: true, by: root, ...long })
      return [mint({ subject: 'route.test', names, by: old }), old]
    },
    code: 'TLS_EXPIRED',
    says: ['CN=Old issuer', 'issuer of the certificate CN=route.test', '2021-01-01T00:00:00.000Z'],
  },
  {
    what: 'a certificate of the future',
    chain: () => [mint({ subject: 'route.test', names, by: issuer, ...later }), issuer],
    code: 'TLS_NOT_YET_VALID',
    says: ['the certificate CN=route.test is not valid before 2090-01-01T00:00:00.000Z'],
  },
  {
    what: 'a certificate for other names',
    chain: () => [mint({ subject: 'other.test', names: 'DNS:other.test,DNS:b.test', by: issuer }), issuer],
    code: 'TLS_NAME_MISMATCH',
    says: ['CN=other.test does not hold the name route.test', 'DNS:other.test, DNS:b.test'],
  },
  {
    what: 'a certificate without alternative names',
    chain: () => [mint({ subject: 'route.test', by: issuer }), issuer],
    code: 'TLS_NAME_MISMATCH',
    says: ['it holds no alternative names'],
  },
  {
    what: 'a certificate signed by itself, in another name',
    chain: () => [mint({ subject: 'TRAEFIK DEFAULT CERT', names: 'DNS:default.traefik' })],
    code: 'TLS_SELF_SIGNED',
    says: ['CN=TRAEFIK DEFAULT CERT is signed by itself', 'besides', 'does not hold the name route.test'],
  },
  {
    what: 'a chain without its intermediate',
    chain: () => [mint({ subject: 'route.test', names, by: issuer })],
    code: 'TLS_UNTRUSTED',
    says: ['the issuer of CN=route.test, CN=Issuer, was not sent'],
  },
  {
    what: 'a chain of another authority',
    chain: () => {
      const stranger = mint({ subject: 'Stranger', authority: true })
      return [mint({ subject: 'route.test', names, by: stranger }), stranger]
    },
    code: 'TLS_UNTRUSTED',
    says: ['CN=Stranger', 'not trusted here'],
  },
  {
    what: 'a certificate signed by one who may not sign',
    chain: () => {
      const middle = mint({ subject: 'No authority', names, by: root })
      return [mint({ subject: 'route.test', names, by: middle }), middle]
    },
    code: 'TLS_UNTRUSTED',
    says: ['CN=route.test'],
  },
]

test.each(wrong)('$what is $code, and nothing is sent', async ({ chain, code, says }) => {
  const [own, ...behind] = chain()
  const port = await serve(own, behind)
  const url = `https://route.test:${port}/`
  const exchange = await http.ask({ url, headers: { authorization: 'Bearer secret' } })
  expect(exchange).toMatchObject({ tls: { authorized: false }, error: { phase: 'tls', code } })
  expect(exchange.tls?.chain).toHaveLength(behind.length + 1)
  for (const part of says) expect(exchange.error?.message).toContain(part)
  expect(exchange.status).toBeUndefined()
  expect(requests).toBe(0)

  const anyway = await http.ask({ url, trustAnyone: true })
  expect(anyway).toMatchObject({ status: 200, body: 'secret place', tls: { authorized: false }, error: { code } })

  const withCredentials = await http.ask({ url, trustAnyone: true, headers: { Authorization: 'Bearer secret' } })
  expect(withCredentials).toMatchObject({ error: { code: 'REQUEST_REFUSED' } })
  expect(requests).toBe(1)
})

test('an expired root of our own is TLS_EXPIRED, in its name', async () => {
  const old = mint({ subject: 'Old root', authority: true, ...long })
  const port = await serve(mint({ subject: 'route.test', names, by: old }), [])
  const trusting = createHttp(httpAddressSchema.parse({ caPath: old.certPath, resolve: { '*.test': '127.0.0.1' } }))
  const exchange = await trusting.ask({ url: `https://route.test:${port}/` })
  expect(exchange).toMatchObject({ error: { code: 'TLS_EXPIRED' } })
  expect(exchange.error?.message).toContain('CN=Old root')
  expect(exchange.tls?.chain).toHaveLength(1)
})

test('without an authority of our own, only known roots are trusted', async () => {
  const port = await serve(mint({ subject: 'route.test', names, by: issuer }), [issuer])
  const other = createHttp(httpAddressSchema.parse({ resolve: { '*.test': '127.0.0.1' } }))
  expect(await other.ask({ url: `https://route.test:${port}/` })).toMatchObject({ error: { code: 'TLS_UNTRUSTED' } })
})

test('the name that is asked for is sent as server name, an address is not', async () => {
  const leaf = mint({ subject: 'route.test', names, by: root })
  const asked: (string | false | null)[] = []
  const server = createTlsServer({ key: leaf.key, cert: leaf.cert }, (socket) => {
    socket.on('error', () => undefined)
    asked.push(socket.servername)
    socket.end('HTTP/1.1 200 OK\r\n\r\n')
  })
  const port = await listen(server, onTestFinished)
  await http.ask({ url: `https://route.test.:${port}/` })
  await http.ask({ url: `https://b.wild.test:${port}/`, address: '127.0.0.1' })
  await http.ask({ url: `https://127.0.0.1:${port}/` })
  expect(asked).toEqual(['route.test', 'b.wild.test', false])
})

test.each(['-tls1_2', '-tls1_3'])('a server that wants a certificate of us (%s) is TLS_REFUSED', async (version) => {
  const { certPath, keyPath } = mint({ subject: 'route.test', names, by: root })
  const wants = ['-Verify', '1', '-verify_return_error', '-CAfile', root.certPath]
  const server = spawn(
    'openssl',
    ['s_server', '-accept', '127.0.0.1:0', '-cert', certPath, '-key', keyPath, version, ...wants],
    {
      stdio: ['pipe', 'pipe', 'ignore'],
    },
  )
  onTestFinished(() => void server.kill())
  let said = ''
  for await (const chunk of server.stdout) {
    said += String(chunk)
    if (/^ACCEPT .*:\d+$/m.test(said)) break
  }
  const port = /^ACCEPT .*:(\d+)$/m.exec(said)?.[1]
  const exchange = await http.ask({ url: `https://route.test:${port}/` })
  expect(exchange).toMatchObject({ error: { phase: 'tls', code: 'TLS_REFUSED' } })
  expect(exchange.error?.message).toMatch(version === '-tls1_2' ? /handshake_failure/ : /certificate_required/)
})

test('an alert of the server is TLS_REFUSED, by its name', async () => {
  const leaf = mint({ subject: 'route.test', names, by: root })
  const port = await serve(leaf, [], { ALPNProtocols: ['h2'] })
  const exchange = await http.ask({ url: `https://route.test:${port}/` })
  expect(exchange).toMatchObject({ error: { phase: 'tls', code: 'TLS_REFUSED' } })
  expect(exchange.error?.message).toContain('no_application_protocol')
})

test.each(['HTTP/1.1 400 Bad Request\r\n\r\n', 'SSH-2.0-OpenSSH_9.2p1\r\n', '\0\0\0'.repeat(30)])(
  'a server that answers %j to a greeting is TLS_NOT_TLS',
  async (bytes) => {
    const port = await listen(
      raw((socket) => socket.once('data', () => socket.end(bytes))),
      onTestFinished,
    )
    expect(await http.ask({ url: `https://route.test:${port}/` })).toMatchObject({
      error: { phase: 'tls', code: 'TLS_NOT_TLS' },
    })
  },
)

test('a server that hangs up on a greeting is TLS_FAILED', async () => {
  const port = await listen(
    raw((socket) => socket.once('data', () => socket.end())),
    onTestFinished,
  )
  expect(await http.ask({ url: `https://route.test:${port}/` })).toMatchObject({
    error: { phase: 'tls', code: 'TLS_FAILED' },
  })
})

test('an authority that cannot be used is said, and never left out', async () => {
  const dir = mkdtempSync(join(tmpdir(), 'pvcheck-ca-'))
  onTestFinished(() => rmSync(dir, { recursive: true }))
  const broken = join(dir, 'broken.pem')
  writeFileSync(broken, root.cert.replace('MII', 'MIX'))
  for (const caPath of ['/nowhere/ca.pem', import.meta.filename, broken]) {
    const blind = createHttp(httpAddressSchema.parse({ caPath }))
    await expect(blind.ask({ url: 'https://127.0.0.1:1/' })).rejects.toMatchObject({ code: 'REACH_CA_UNREADABLE' })
  }
})
