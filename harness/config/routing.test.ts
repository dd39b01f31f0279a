import { expect, test } from 'vitest'
import { configFolder } from './testing/config-folder.ts'

const token = { env: 'TOKEN' }
const env = { TOKEN: 'token-of-a-test' }

test('two routes with one name are told, whether they were named or not', async () => {
  await using folder = await configFolder()
  const { refusal } = folder
  const { seen } = await refusal({
    expect: {
      routes: [
        { url: 'https://a.example.org/x' },
        { url: 'https://a.example.org/x', method: 'HEAD' },
        { name: 'a.example.org/x', url: 'https://b.example.org' },
        { url: 'https://b.example.org' },
        { url: 'https://b.example.org/?q' },
      ],
    },
  })
  expect(seen).toMatch(/^2 problems in /)
  expect(seen).toContain('expect.routes[1]: it is called a.example.org/x, as expect.routes[0] is; give one of them')
  expect(seen).toContain('expect.routes[2]: it is called a.example.org/x, as expect.routes[0] is')
})

test('user information in a URL is refused wherever it stands, and not repeated', async () => {
  await using folder = await configFolder()
  const { refusal } = folder
  const url = 'https://me:hunter2@a.example.org/'
  const error = await refusal({
    expect: {
      routes: [{ url }, { url: 'https://hunter2@b.example.org' }],
      proxy: { api: url, ping: url },
      ci: { url, repo: 'hunter2' },
      dashboard: { url, recipes: [] },
      reportSite: { url, marker: 'm' },
      bridge: { service: 's', health: url },
    },
  })
  const fields = ['routes[0].url', 'routes[1].url', 'proxy.api', 'proxy.ping', 'ci.url', 'dashboard.url']
  for (const field of [...fields, 'reportSite.url', 'bridge.health'])
    expect(error.seen).toContain(`expect.${field}: a user or password in a URL is never used`)
  // What else is wrong with them is told as well.
  expect(error.seen).toContain('expect.ci.repo: wanted owner/name')
  expect(error.message + JSON.stringify(error)).not.toContain('hunter2')
})

test('credentials go in the clear to this machine alone', async () => {
  await using folder = await configFolder()
  const { load, refusal } = folder
  const routesTo = (...urls: string[]) => ({
    expect: { routes: urls.map((url) => ({ url, credentials: token })) },
  })
  const here = routesTo('http://localhost:80/a', 'http://127.0.0.2/b', 'http://[::1]/c', 'https://a.example.org')
  expect((await load(here, env)).expect.routes).toHaveLength(4)
  const { seen } = await refusal(
    {
      expect: {
        proxy: { api: 'http://traefik.example.org/api', ping: 'http://traefik.example.org/ping', credentials: token },
      },
    },
    env,
  )
  expect(seen).toMatch(/^1 problem in .*:\n {2}expect\.proxy\.api: http:\/\/ would tell the credentials to everybody/)
  const sneaky = await refusal(routesTo('http://127.0.0.1.example.org', 'http://localhost.example.org'), env)
  expect(sneaky.seen).toMatch(/^2 problems in /)
  // Behind a proxy it is the proxy's machine that is meant.
  const proxied = { ...routesTo('http://localhost'), target: { http: { proxy: 'socks5h://proxy.example.org' } } }
  expect((await refusal(proxied, env)).seen).toContain('expect.routes[0].url: http:// would tell the credentials')
})

const routeWith = (json: unknown) => ({ expect: { routes: [{ url: 'https://a.example.org', json }] } })

test('a JSON Schema is taken when all of it can be held against an answer', async () => {
  await using folder = await configFolder()
  const { load } = folder
  const json = {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    type: 'object',
    required: ['Version', 'items'],
    properties: {
      Version: { type: 'string', minLength: 1 },
      items: { type: ['array', 'null'], items: { anyOf: [{ $ref: '#/$defs/id' }, { const: 'x' }] } },
    },
    additionalProperties: false,
    $defs: { id: { type: 'integer', minimum: 1 } },
  }
  expect((await load(routeWith(json))).expect.routes[0]?.json).toEqual(json)
})

test.each([
  ['an unknown type', { type: 'text' }, 'json: not a JSON Schema: Unsupported type: text'],
  ['a broken pattern', { type: 'string', pattern: '(' }, 'json: not a JSON Schema: Invalid regular expression'],
  ['a reference to nothing', { $ref: '#/$defs/x' }, 'json: not a JSON Schema: Reference not found: #/$defs/x'],
  ['a misspelt word', { type: 'object', propertys: {} }, 'json.propertys: not a word of JSON Schema that pvcheck can'],
  ['conditions', { if: {} }, 'json.if: not a word of JSON Schema that pvcheck can hold an answer against'],
  ['a list', [], 'json: '],
  ['properties of no object', { properties: {} }, 'json.properties: without `type: object` beside it nothing would be'],
  [
    'a bound of no number, deep within',
    { type: 'array', items: { anyOf: [{ type: 'string', minimum: 1 }] } },
    'json.items.anyOf[0].minimum: without `type: number` beside it',
  ],
  ['a required stranger', { type: 'object', required: ['a'] }, 'json.required: a is not among the properties'],
  ['nothing to say', { description: 'x' }, 'json: any JSON would do; wanted at least a `type`'],
  [
    'words beside a reference',
    { $ref: '#', type: 'object', properties: {} },
    'json.properties: beside `$ref` it would',
  ],
  ['words beside a constant', { const: 'a', type: 'string', minLength: 2 }, 'json.minLength: beside `const` it would'],
  ['a constant object', { const: { a: 1 } }, 'json.const: only texts, numbers, `true`, `false` and `null` can be'],
  ['a list in an enum', { enum: [[1]] }, 'json.enum: wanted a list of texts, numbers, `true`, `false` or `null`'],
  ['an unknown format', { type: 'string', format: 'regex' }, 'json.format: wanted one of date-time, date,'],
  ['an empty allOf', { allOf: [] }, 'json.allOf: an empty list lets everything pass'],
  ['properties that are none', { type: 'object', properties: { a: 1 } }, 'json.properties.a: wanted a JSON Schema'],
])('a JSON Schema with %s is a problem', async (_, json, problem) => {
  await using folder = await configFolder()
  const { refusal } = folder
  expect((await refusal(routeWith(json))).seen).toContain(`expect.routes[0].${problem}`)
})

test('an expectation that evidence could not repeat is a problem', async () => {
  await using folder = await configFolder()
  const { refusal } = folder
  const { seen } = await refusal(
    {
      secretsFromEnv: ['TOKEN'],
      expect: {
        routes: [{ url: 'https://a.example.org', body: { matches: '(token=abc-123)' } }],
        reportSite: { url: 'https://token-of-a-test/', marker: 'm' },
      },
    },
    env,
  )
  expect(seen).toContain('expect.routes[0].body: there is a secret in it, or what looks like one')
  expect(seen).toContain('expect.reportSite.url: there is a secret in it')
  expect(seen).not.toContain('abc-123')
})

test.each([[''], [['OK', '']], [{ matches: '' }], [[]]])('a mark that every body has, %j, is none', async (body) => {
  await using folder = await configFolder()
  const { seen } = await folder.refusal({ expect: { routes: [{ url: 'https://a.example.org/', body }] } })
  expect(seen).toContain('expect.routes[0].body')
})

test('what no answer can meet is told before anybody is asked', async () => {
  await using folder = await configFolder()
  const url = 'https://a.example.org/'
  const { seen } = await folder.refusal({
    expect: {
      routes: [
        { name: 'a', url, method: 'HEAD', body: 'OK', json: { type: 'string' } },
        { name: 'b', url, body: { matches: '([a-z' } },
        { name: 'c', url, body: ['OK', { matches: '[' }] },
        { name: 'd', url, status: 999 },
      ],
      publishedAt: 'ci.example.org:443',
    },
  })
  const head = 'an answer to HEAD has no body; wanted GET for this route'
  expect(seen.split('\n  ').slice(1).sort()).toEqual([
    'expect.publishedAt: wanted a name or an address, without a port: ci.example.org',
    `expect.routes[0].body: ${head}`,
    `expect.routes[0].json: ${head}`,
    expect.stringMatching(/^expect\.routes\[1\]\.body: matches: not a regular expression: .*Unterminated/),
    expect.stringMatching(/^expect\.routes\[2\]\.body: \[1\]: matches: not a regular expression: /),
    expect.stringMatching(/^expect\.routes\[3\]\.status: Too big: .*599/),
  ])
})

test.each(['ci.example.org', '192.0.2.1', '2001:db8::1', '[2001:db8::1]', '::1'])(
  'ports are knocked on at %s',
  async (publishedAt) => {
    await using folder = await configFolder()
    expect((await folder.load({ expect: { publishedAt } })).expect.publishedAt).toBe(publishedAt)
  },
)
