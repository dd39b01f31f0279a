import { execFileSync } from 'node:child_process'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { parseSocksUrl } from './socks.ts'
import { configFolder } from './testing/config-folder.ts'

async function certificateIn(dir: string): Promise<void> {
  const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-keyout', join(dir, 'key.pem')]
  const args = ['req', '-x509', ...key, '-subj', '/CN=authority of a test', '-out', join(dir, 'ca.pem')]
  execFileSync('openssl', args, { stdio: 'ignore' })
}

test('a target without http has no http address, and an empty one the defaults', async () => {
  await using folder = await configFolder()
  const { load } = folder
  expect((await load({})).address.http).toBeUndefined()
  expect((await load({ target: { http: {} } })).address.http).toEqual({
    resolve: {},
    concurrency: 8,
    timeouts: { dnsMs: 5000, connectMs: 5000, tlsMs: 5000, firstByteMs: 35_000, bodyMs: 10_000 },
    maxBodyBytes: 1_048_576,
  })
})

test('http says through which proxy, to which addresses, whom to trust, and how long to wait', async () => {
  await using folder = await configFolder()
  const { dir, load } = folder
  await certificateIn(dir)
  const http = {
    proxy: 'socks5h://localhost:1055',
    resolve: { 'CI.example.org': '203.0.113.7', '*.ci.example.org': '2001:db8::7' },
    ca: 'ca.pem',
    concurrency: 2,
    timeouts: { connectSeconds: 0.5, firstByteSeconds: 60 },
    maxBodyBytes: 1000,
  }
  expect((await load({ target: { http } })).address.http).toEqual({
    proxy: { host: 'localhost', port: 1055 },
    resolve: { 'ci.example.org': '203.0.113.7', '*.ci.example.org': '2001:db8::7' },
    caPath: join(dir, 'ca.pem'),
    concurrency: 2,
    timeouts: { dnsMs: 5000, connectMs: 500, tlsMs: 5000, firstByteMs: 60_000, bodyMs: 10_000 },
    maxBodyBytes: 1000,
  })
})

test('all that is wrong with http comes at once', async () => {
  await using folder = await configFolder()
  const { refusal } = folder
  const { seen } = await refusal({
    target: {
      http: {
        proxy: 'socks5://localhost:1055',
        resolve: { 'ci.example.org': 'elsewhere.example.org', 'a b': '203.0.113.7', '*.*.org': '203.0.113.7' },
        concurrency: 0,
        timeouts: { dnsSeconds: 0, dnsMs: 5 },
        proxies: [],
      },
    },
  })
  expect(seen).toContain('target.http.proxy: socks5:// is refused: only socks5h:// lets the proxy resolve the names')
  expect(seen).toContain('target.http.resolve.ci.example.org: wanted an address such as 203.0.113.7 or 2001:db8::7')
  expect(seen).toContain('target.http.resolve.a b: wanted a name, or *.name for all names below it')
  expect(seen).toContain('target.http.resolve.*.*.org: wanted a name')
  expect(seen).toContain('target.http.concurrency: ')
  expect(seen).toContain('target.http.timeouts.dnsSeconds: ')
  expect(seen).toContain('target.http.timeouts.dnsMs: not a known field; known here: bodySeconds, connectSeconds')
  expect(seen).toContain('target.http.proxies: not a known field; known here: ca, concurrency, maxBodyBytes')
  expect(seen).toMatch(/^8 problems in /)
})

test('the file of authorities is there and holds certificates that can be read', async () => {
  await using folder = await configFolder()
  const { dir, refusal } = folder
  const http = { ca: 'ca.pem' }
  expect((await refusal({ target: { http } })).seen).toContain('target.http.ca: not a readable file: ENOENT')
  await writeFile(join(dir, 'ca.pem'), 'no certificate\n')
  expect((await refusal({ target: { http } })).seen).toContain('target.http.ca: there is no PEM certificate in ')
  await writeFile(join(dir, 'ca.pem'), '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n')
  expect((await refusal({ target: { http } })).seen).toMatch(
    /target\.http\.ca: certificate 1 of 1 in .* cannot be read/,
  )
})

test.each([
  ['socks5h://localhost:1055', { address: { host: 'localhost', port: 1055 } }],
  ['socks5h://[::1]', { address: { host: '::1', port: 1080 } }],
  ['socks5h://proxy.example.org/', { address: { host: 'proxy.example.org', port: 1080 } }],
])('%s is a proxy', (text, wanted) => {
  expect(parseSocksUrl(text)).toEqual(wanted)
})

test.each([
  ['socks5://localhost:1055', 'socks5:// is refused: only socks5h:// lets the proxy resolve the names'],
  ['http://localhost:3128', 'http:// is refused: only socks5h:// lets the proxy resolve the names'],
  ['localhost:1055', 'localhost:// is refused'],
  ['nonsense', 'not the address of a proxy; wanted socks5h://host:port'],
  ['socks5h://', 'wanted socks5h://host:port'],
  ['socks5h://localhost:0', 'wanted socks5h://host:port'],
  ['socks5h://localhost:1055/path', 'wanted socks5h://host:port'],
])('%s is none', (text, problem) => {
  expect(parseSocksUrl(text)).toEqual({ problem: expect.stringContaining(problem) })
})

test('a password of a proxy is refused and not repeated', async () => {
  await using folder = await configFolder()
  const { refusal } = folder
  const error = await refusal({ target: { http: { proxy: 'socks5h://me:hunter2@localhost:1055' } } })
  expect(error.seen).toContain('target.http.proxy: a user or password for a proxy is not supported')
  expect(JSON.stringify(error)).not.toContain('hunter2')
  expect(error.message).not.toContain('hunter2')
})
