import { execFileSync } from 'node:child_process'
import { chmod, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { createRedactor } from '../core/redact.ts'
import { configFolder } from './testing/config-folder.ts'

const url = 'https://drone.example.org'
const ci = { url, repo: 'owner/name' }

test('values come from the environment or a file, trimmed, and are secrets', async () => {
  await using folder = await configFolder()
  const { dir, load } = folder
  await writeFile(join(dir, 'token'), 'token-of-the-file\n', { mode: 0o600 })
  const config = await load(
    {
      expect: {
        routes: [{ url, credentials: { file: 'token' } }],
        proxy: { api: 'https://traefik.example.org/api', credentials: { env: 'TRAEFIK', scheme: 'Basic' } },
        ci: { ...ci, credentials: { env: 'DRONE' } },
        dashboard: { url, recipes: ['a'], credentials: { env: 'DRONE' } },
        reportSite: { url, marker: 'm', credentials: { env: 'REPORTS', scheme: 'token' } },
      },
    },
    { TRAEFIK: 'me:hunter2!', DRONE: ' token-of-drone ', REPORTS: 'token-of-reports' },
  )
  expect(config.credentials).toEqual({
    'file:token': 'token-of-the-file',
    'env:TRAEFIK': 'me:hunter2!',
    'env:DRONE': 'token-of-drone',
    'env:REPORTS': 'token-of-reports',
  })
  const redact = createRedactor(config.secrets)
  for (const value of [...Object.values(config.credentials), 'hunter2!', Buffer.from('me:hunter2!').toString('base64')])
    expect(redact(`before ${value} after`)).toBe('before [redacted] after')
})

test('values that are missing or of no use are problems of their fields, and never repeated', async () => {
  await using folder = await configFolder()
  const { dir, refusal } = folder
  await writeFile(join(dir, 'open'), 'CANARY-open\n')
  await chmod(join(dir, 'open'), 0o640)
  await writeFile(join(dir, 'lines'), 'CANARY-1\nCANARY-2\n', { mode: 0o600 })
  await writeFile(join(dir, 'empty'), '\n', { mode: 0o600 })
  await writeFile(join(dir, 'large'), 'CANARY'.repeat(2000), { mode: 0o600 })
  await symlink(join(dir, 'open'), join(dir, 'link'))
  execFileSync('mkfifo', ['-m', '600', join(dir, 'pipe')])
  const files = ['open', 'lines', 'empty', 'large', 'link', 'pipe', 'absent', '.']
  const { seen } = await refusal(
    {
      expect: {
        routes: [
          ...files.map((file) => ({ name: file, url, credentials: { file } })),
          { name: 'no variable', url, credentials: { env: 'ABSENT' } },
          { name: 'two sources', url, credentials: { env: 'A', file: 'b' } },
        ],
        proxy: { credentials: { env: 'NO_COLON', scheme: 'Basic' } },
        ci: { ...ci, credentials: { env: 'SPACED' } },
        dashboard: { url, recipes: ['a'], credentials: { env: 'SHORT' } },
      },
    },
    { NO_COLON: 'CANARY-alone', SPACED: 'CANARY and more', SHORT: 'abc' },
  )
  expect(seen).toMatch(/routes\[0\]\.credentials\.file: \S+open is open to others than its owner \(mode 0640\); wanted/)
  expect(seen).toContain('routes[1].credentials.file: there is more than one line in it')
  expect(seen).toMatch(/routes\[2\]\.credentials\.file: \S+empty is empty/)
  expect(seen).toMatch(/routes\[3\]\.credentials\.file: \S+large has 12000 bytes; wanted one line/)
  expect(seen).toMatch(/routes\[4\]\.credentials\.file: \S+link is open to others/)
  expect(seen).toMatch(/routes\[5\]\.credentials\.file: \S+pipe is not a file/)
  expect(seen).toContain('routes[6].credentials.file: not a readable file: ENOENT')
  expect(seen).toMatch(/routes\[7\]\.credentials\.file: \S+ is not a file/)
  expect(seen).toContain('routes[8].credentials.env: the environment has no variable ABSENT')
  expect(seen).toContain('routes[9].credentials: wanted either env or file')
  expect(seen).toContain('expect.proxy.credentials.env: wanted user:password')
  expect(seen).toContain('expect.ci.credentials.env: wanted a token without spaces')
  expect(seen).toContain('expect.dashboard.credentials.env: shorter than 4 characters')
  expect(seen).toMatch(/^13 problems in /)
  expect(seen).not.toContain('CANARY')
})

test('a user without a password is the secret', async () => {
  await using folder = await configFolder()
  const { load } = folder
  const config = { expect: { routes: [{ url, credentials: { env: 'LONE', scheme: 'Basic' } }] } }
  const { secrets } = await load(config, { LONE: 'lone-token:' })
  expect(createRedactor(secrets)('it was lone-token.')).toBe('it was [redacted].')
})
