import { describe, expect, test } from 'vitest'
import { createRedactor } from './redact.ts'

const redact = createRedactor([])

describe('what is secret by its place', () => {
  test.each([
    ['the value of a variable', { Env: ['K=CANARY'] }, { Env: ['K=[redacted]'] }],
    ['a value with an equals sign', { Env: ['K=a=CANARY'] }, { Env: ['K=[redacted]'] }],
    [
      'an environment as an object',
      { environment: { K: 'CANARY', N: 5 } },
      { environment: { K: '[redacted]', N: '[redacted]' } },
    ],
    ['a label', { Labels: { 'db.password': 'CANARY' } }, { Labels: { 'db.password': '[redacted]' } }],
    ['a label that is a list item', { Labels: ['db.password=CANARY'] }, { Labels: ['db.password=[redacted]'] }],
    ['join tokens', { JoinTokens: { Worker: 'CANARY' } }, { JoinTokens: { Worker: '[redacted]' } }],
    ['the content of a config', { Spec: { Name: 'x', Data: 'CANARY' } }, { Spec: { Name: 'x', Data: '[redacted]' } }],
    ['registry credentials', { auths: { r: { auth: 'CANARY' } } }, { auths: { r: { auth: '[redacted]' } } }],
    ['a header', { headers: { 'Set-Cookie': 'CANARY' } }, { headers: { 'Set-Cookie': '[redacted]' } }],
    ['headers as a list', ['authorization', 'CANARY', 'host', 'h'], ['authorization', '[redacted]', 'host', 'h']],
    [
      'headers as pairs',
      [{ name: 'X-Vault-Token', value: 'CANARY' }],
      [{ name: 'X-Vault-Token', value: '[redacted]' }],
    ],
    ['an argument', { Args: ['--password=CANARY'] }, { Args: ['--password=[redacted]'] }],
    ['the argument after', { Args: ['--token', 'CANARY'] }, { Args: ['--token', '[redacted]'] }],
    ['the argument of -p', { Command: ['login', '-p', 'CANARY'] }, { Command: ['login', '-p', '[redacted]'] }],
    ['a health check', { Test: ['CMD', 'login', '-p', 'CANARY'] }, { Test: ['CMD', 'login', '-p', '[redacted]'] }],
    [
      'the password of redis-cli',
      { Test: ['CMD', 'redis-cli', '-a', 'CANARY', 'ping'] },
      { Test: ['CMD', 'redis-cli', '-a', '[redacted]', 'ping'] },
    ],
    [
      'a password that is part of its flag',
      { Test: ['CMD', 'mysqladmin', '-uroot', '-pCANARY', 'ping'] },
      { Test: ['CMD', 'mysqladmin', '-uroot', '-p[redacted]', 'ping'] },
    ],
    ['what a server is to ask for', { Args: ['--requirepass', 'CANARY'] }, { Args: ['--requirepass', '[redacted]'] }],
    ['-p in a shell line', { Args: ['sh -c "login -p CANARY"'] }, { Args: ['sh -c "login -p [redacted]"'] }],
    ['user and password of curl', ['curl', '-u', 'me:CANARY'], ['curl', '-u', '[redacted]']],
    ['a Traefik user', { 'x.basicauth.users': 'u:CANARY' }, { 'x.basicauth.users': '[redacted]' }],
  ])('%s is hidden', (_, given, expected) => {
    expect(redact(given)).toEqual(expected)
  })
})

describe('what is secret by its form', () => {
  test.each([
    ['a join token', 'join with SWMTKN-1-abc-def now', 'join with [redacted] now'],
    ['an unlock key', 'SWMKEY-1-abc+/d', '[redacted]'],
    [
      'a private key',
      '-----BEGIN RSA PRIVATE KEY-----\nCANARY\n-----END RSA PRIVATE KEY-----\nrest',
      '[redacted]\nrest',
    ],
    ['a private key cut short', 'x -----BEGIN PRIVATE KEY-----\nCANARY', 'x [redacted]'],
    ['a bearer token', 'sent Bearer CANARY123 to it', 'sent Bearer [redacted] to it'],
    ['basic credentials', `Basic ${Buffer.from('u:CANARY').toString('base64')}`, 'Basic [redacted]'],
    ['a header line', '> Authorization: Token CANARY\n> Host: x', '> Authorization: [redacted]\n> Host: x'],
    ['a cookie line', 'Cookie: a=CANARY; b=CANARY', 'Cookie: [redacted]'],
    ['user information', 'at https://u:CANARY@h/x', 'at https://[redacted]@h/x'],
    ['a lone token before a host', 'https://CANARY@github.com/x', 'https://[redacted]@github.com/x'],
    ['a password in an ssh address', 'ssh://root:CANARY@h', 'ssh://[redacted]@h'],
    ['a web token', 'x eyJhbGciOiJI.eyJzdWIiOiIx.CANARY_-x y', 'x [redacted] y'],
    ['a GitHub token', 'ghp_CANARYCANARYCANARY12', '[redacted]'],
    ['a password hash', 'u:$apr1$CANARY$CANARYCANARY', 'u:[redacted]'],
    ['an assignment', 'db_password=CANARY ok', 'db_password=[redacted] ok'],
    ['a query', '/x?token=CANARY&page=2', '/x?token=[redacted]&page=2'],
    ['a quoted assignment', 'password = "CAN ARY"; x', 'password = "[redacted]"; x'],
    ['a YAML line', 'api_key: CANARY', 'api_key: [redacted]'],
    ['escaped JSON', String.raw`msg {\"password\":\"CAN\\\"ARY\"}`, String.raw`msg {\"password\":\"[redacted]\"}`],
    ['an option', 'run --api-key CANARY --x', 'run --api-key [redacted] --x'],
    ['JSON in a text', '{"Env":["K=CANARY"]}', '{"Env":["K=[redacted]"]}'],
    ['a line of JSON', '{"a":1}\n{"secret":"CANARY"}\n', '{"a":1}\n{"secret":"[redacted]"}\n'],
    ['JSON in JSON', JSON.stringify({ a: '{"Env":["K=CANARY"]}' }), JSON.stringify({ a: '{"Env":["K=[redacted]"]}' })],
  ])('%s is hidden', (_, given, expected) => {
    expect(redact(given)).toBe(expected)
  })

  test('bytes are looked at as the text they are', () => {
    const given = { MESSAGE: [...Buffer.from('\u001b token=CANARY')] }
    expect(redact(given)).toEqual({ MESSAGE: [...Buffer.from('\u001b token=[redacted]')] })
  })
})

describe('a secret that is known', () => {
  const secret = 'c@n "ary"\\ <x>/é&?'
  const redactKnown = createRedactor([secret, '12345678'])
  test.each([
    ['as it is', secret],
    ['in JSON', JSON.stringify(secret)],
    ['in JSON in JSON', JSON.stringify(JSON.stringify({ a: secret }))],
    ['in JSON by Go', JSON.stringify(secret).replace(/[<>&]/g, (c) => `\\u00${c.charCodeAt(0).toString(16)}`)],
    ['in ASCII JSON', JSON.stringify(secret).replace('é', '\\u00e9')],
    ['in base64', Buffer.from(secret).toString('base64')],
    ['in base64url', Buffer.from(secret).toString('base64url')],
    ['within base64, after one byte', Buffer.from(`u${secret}x`).toString('base64')],
    ['within base64, after two bytes', Buffer.from(`u:${secret}xy`).toString('base64')],
    ['in a URL', encodeURIComponent(secret)],
    ['in a URL in lower case', encodeURIComponent(secret).toLowerCase()],
    ['in a form', new URLSearchParams({ a: secret }).toString()],
    ['in hex', Buffer.from(secret).toString('hex')],
    ['as a number', 12345678],
    ['as a key', { [`x${secret}`]: 1 }],
  ])('is hidden %s', (_, given) => {
    const result = JSON.stringify(redactKnown({ deep: [{ given }] }))
    expect(result).toContain('[redacted]')
    expect(result).not.toMatch(/ary|12345678|YXJ5|FyeS|hcnki/i)
  })

  test('is hidden with the line break of its file, and line by line', () => {
    const redactKey = createRedactor(['first-line-CANARY\nsecond-line-CANARY\n'])
    expect(redactKey('x second-line-CANARY y')).toBe('x [redacted] y')
  })

  test('that is very short is hidden only where it is the whole value', () => {
    expect(createRedactor(['ab'])(['ab', 'abc'])).toEqual(['[redacted]', 'abc'])
  })

  test('that is empty, or part of the mark itself, hides nothing', () => {
    expect(createRedactor(['', 'redact'])('token=redactable')).toBe('token=[redacted]')
  })
})

test.each([
  [
    'references to secrets',
    { Secrets: [{ SecretID: 'abc123', SecretName: 'db_password', File: { Name: 'pw', UID: '0' } }] },
  ],
  ['counts', { Tokens: 3, Secrets: 2, secrets: 1 }],
  ['a user id', ['--user', '1000:1000']],
  ['an image', { Image: 'nginx:1.25@sha256:3b1ae5f0e1c9d94b5be1b1b4b55d1d5d0f5c6f7a0d8b0d7a6c5e4f3a2b1c0d9e' }],
  [
    'a network',
    { Id: 'x1p8q2k7y3v9w0c5b6n4m1z8a', IPAM: { Config: [{ Subnet: '10.10.0.0/16', Gateway: '10.10.0.1' }] } },
  ],
  ['a route rule', { 'traefik.http.routers.x.rule': 'Host(`a.b.test`) && PathPrefix(`/api`)' }],
  ['the way in', 'ssh://root@host:22/var/run/docker.sock'],
  ['a storage driver', { GraphDriver: { Data: { LowerDir: '/x' }, Name: 'overlay2' } }],
  ['a path to a secret', { DB_PASSWORD_FILE: '/run/secrets/db', 'secret.path': '/x' }],
  [
    'an exhausted network',
    'level=error msg="Failed allocation for service" error="could not find an available IP while allocating VIP"',
  ],
  ['prose about secrets', 'error="secret: not found" and token: expired'],
  ['a public certificate', '-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----'],
  ['a journal cursor', { __CURSOR: 's=6c1f;i=1a;b=9d;m=4b;t=6;x=1' }],
  ['a signal', { Args: ['kill', '-9', '1'], ports: [80, 443, 8080, 22] }],
  ['a list of numbers that are bytes', [10, 10, 0, 255]],
  ['an image by its digest', 'docker-pullable://nginx@sha256:3b1ae5f0'],
  ['a block of a declaration', 'sops.secrets = {\n  x.path = "/run/x";\n  passwordFile = "/y";\n};'],
  ['nothing', [null, undefined, true, '', 0]],
])('%s stay as they are', (_, given) => {
  expect(redact(given)).toBe(given)
})

/** Numbers that look random and are the same every time. */
function generator(seed: number): (below: number) => number {
  let state = seed
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return Math.floor((state / 2 ** 32) * below)
  }
}

const carriers: readonly ((canary: string) => unknown)[] = [
  (canary) => ({ Env: ['A=1', `B=${canary}`] }),
  (canary) => ({ Labels: { 'app.api-key': canary } }),
  (canary) => ({ Args: ['--password', canary, '--verbose'] }),
  (canary) => `curl -H "Authorization: Bearer ${canary}" https://x/`,
  (canary) => `could not reach https://me:${canary}@host/path: refused`,
  (canary) => ({ Spec: { Data: Buffer.from(canary).toString('base64') } }),
  (canary) => JSON.stringify([{ Env: [`X=${canary}`], Labels: { token: canary } }], null, 2),
  (canary) => ({ known: `prefix ${canary} suffix` }),
  (canary) => ({ known: Buffer.from(`user:${canary}`).toString('base64') }),
  (canary) => ({ stdout: `a\nSECRET_KEY=${canary}\nb` }),
  (canary) => [...Buffer.from(`\u0007password=${canary}`)],
]
const keepers: readonly unknown[] = [
  '10.10.0.0/16',
  'x1p8q2k7y3v9w0c5b6n4m1z8a',
  'nginx@sha256:abcdef',
  'drone_app',
  42,
  true,
  null,
]

test('a canary is found at every depth, and all around it stays', () => {
  const random = generator(20_261_120)
  const pick = <T>(list: readonly T[]): T => list[random(list.length)] as T
  for (let round = 0; round < 400; round++) {
    const canary = `CANARY${random(1e9).toString(36)}x${random(1e9).toString(36)}`
    const canaryBytes = [...Buffer.from(canary)].join(',')
    const kept: unknown[] = []
    let value: unknown = pick(carriers)(canary)
    for (let depth = random(30); depth > 0; depth--) {
      const keep = pick(keepers)
      kept.push(keep)
      value = random(2) === 0 ? { Id: keep, Nested: value } : [keep, value]
    }
    const known = createRedactor([canary])
    const result = known(value)
    const text = JSON.stringify(result)
    expect(text).not.toContain(canary)
    expect(text).not.toContain(Buffer.from(canary).toString('base64').slice(2, -4))
    expect(text).not.toContain(canaryBytes)
    for (let [at, level] = [result, kept.length - 1] as [unknown, number]; level >= 0; level--) {
      const [keep, next] = Object.values(at as object)
      expect(keep).toEqual(kept[level])
      at = next
    }
    expect(known(result)).toBe(result)
  }
})

test('a second pass over any text changes nothing more', () => {
  const random = generator(7)
  const bits = [
    'password',
    'token',
    '=',
    ':',
    ' ',
    '"',
    "'",
    '\\',
    'Bearer ',
    'https://',
    '@',
    '[redacted]',
    '{',
    '}',
    '&',
    '-p ',
    'redis-cli',
    ' -a ',
    'mysql -p',
    'form data: ',
    'Header(`X-Token`, `',
    '`)',
    ' -u a:',
    '--secret ',
    'x',
    '\n',
    'eyJabcdefg.',
    'Cookie: ',
    'KNOWN',
    'S05PV04',
    ',',
    '[',
    ']',
    '1',
  ]
  const known = createRedactor(['KNOWN'])
  for (let round = 0; round < 5000; round++) {
    const text = Array.from({ length: 1 + random(14) }, () => bits[random(bits.length)]).join('')
    const once = known({ text, Args: [text], Env: [text] })
    expect(known(once)).toEqual(once)
  }
})

test('a hostile depth or a hostile name is survived', () => {
  let deep: unknown = { Env: ['K=CANARY'] }
  for (let level = 0; level < 20_000; level++) deep = [deep]
  expect(JSON.stringify(redact(deep))).not.toContain('CANARY')
  const proto: unknown = JSON.parse('{"__proto__":{"password":"CANARY"},"x":1}')
  expect(JSON.stringify(redact(proto))).toBe('{"__proto__":{"password":"[redacted]"},"x":1}')
})

test.each([
  ['a', 2_000_000],
  ['pass', 250_000],
  ['a://', 250_000],
  ['x-token', 150_000],
  ['-----BEGIN PRIVATE KEY-----', 30_000],
  ['password="', 100_000],
  ['eyJaaaaaa', 100_000],
  ['--a ', 200_000],
  ['mysql -p', 200_000],
  ['Header(`token`,', 100_000],
  [' -u a:', 200_000],
  ['//a:', 200_000],
  ['[', 200_000],
])('time grows with the length alone: %s', (bit, times) => {
  const start = performance.now()
  redact(bit.repeat(times))
  expect(performance.now() - start).toBeLessThan(3000)
})

test.each([
  ['redis-cli -a CANARY ping', 'redis-cli -a [redacted] ping'],
  ['mysqldump -u root -p"CANARY" --all', 'mysqldump -u root -p[redacted] --all'],
  ['mongosh -u root -p CANARY --eval ping', 'mongosh -u root -p [redacted] --eval ping'],
  ['curl -fs -u admin:CANARY http://x/', 'curl -fs -u admin:[redacted] http://x/'],
  ['docker run --user 1000:1000 x', 'docker run --user 1000:1000 x'],
  ['ssh -p 2222 host', 'ssh -p 2222 host'],
  ['Host(`a`) && Header(`X-Auth-Token`, `CANARY`)', 'Host(`a`) && Header(`X-Auth-Token`, `[redacted]`)'],
  ['Header(`X-Color`, `blue`)', 'Header(`X-Color`, `blue`)'],
  ['addr=//me:CANARY@host/share', 'addr=//[redacted]@host/share'],
  ['to https://hooks.slack.com/services/T0/B0/CANARY', 'to https://hooks.slack.com/services/[redacted]'],
  ['to https://discord.com/api/webhooks/12/CANARY', 'to https://discord.com/api/webhooks/[redacted]'],
  [
    'level=debug msg="form data: {\\"Env\\":[\\"K=CANARY\\"],\\"Name\\":\\"x\\"}"',
    'level=debug msg="form data: [redacted]',
  ],
])('a secret that only its program or its place tells: %s', (given, clean) => {
  expect(redact(given)).toBe(clean)
  expect(redact(clean)).toBe(clean)
})

test('the key of a widget in a label', () => {
  expect(redact({ Labels: { 'homepage.widget.key': 'CANARY' } })).toEqual({
    Labels: { 'homepage.widget.key': '[redacted]' },
  })
})
