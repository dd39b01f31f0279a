import { randomBytes } from 'node:crypto'
import { type CiServer, ciServer } from '../../model/facts/routing/ci.ts'
import type { Exchange } from '../../model/http.ts'
import type { Question } from '../question.ts'
import { configured } from './configured.ts'
import { together } from './together.ts'
import { urlBelow } from './url-below.ts'

/** What the CI server says for itself, beside what it says to paths that it cannot know. */
export const ciServerQuestion: Question = {
  fact: ciServer,
  ask: async (asker) => {
    const { url, repo, credentials } = configured(asker.wanted.ci, 'ci')
    const ask = (path: string, query?: Readonly<Record<string, number>>): Promise<Exchange> =>
      asker.http({ url: urlBelow(url, path, query), credentials })
    const nobody = `pvcheck-${randomBytes(6).toString('hex')}`
    const [health, version, builds, unknownApiPath, unknownPath, user] = await together([
      ask('/healthz'),
      ask('/version'),
      ask(`/api/repos/${repo}/builds`, { per_page: 100 }),
      ask(`/api/${nobody}`),
      ask(`/${nobody}`),
      credentials === undefined ? Promise.resolve(undefined) : ask('/api/user'),
    ])
    const answers = { health, version, builds, unknownApiPath, unknownPath }
    return (user === undefined ? answers : { ...answers, user }) satisfies CiServer
  },
}
