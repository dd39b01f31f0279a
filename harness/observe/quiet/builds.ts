import { z } from 'zod'
import { quietBuilds, repoSchema } from '../../model/facts/quiet/builds.ts'
import type { Asker, Question } from '../question.ts'
import { readBuilds } from '../routes/builds.ts'
import { configured } from '../routes/configured.ts'
import { readJson, Silence } from '../routes/read-json.ts'
import { together } from '../routes/together.ts'
import { urlBelow } from '../routes/url-below.ts'

export const buildsQuestion: Question = {
  fact: quietBuilds,
  ask: async (asker) => {
    const { url, credentials } = configured(asker.wanted.ci, 'ci')
    const askedAt = new Date().toISOString()
    const [builds, others] = await together([
      readBuilds(asker),
      // Only an administrator may list all builds; anybody with a token, those of the repositories that he sees.
      credentials === undefined ? Promise.resolve(undefined) : askOthers(asker, urlBelow(url, '/api/user/builds')),
    ])
    return { askedAt, builds, ...(others === undefined ? {} : { others }) }
  },
}

const repos = z.array(repoSchema)

async function askOthers(asker: Asker, url: string): Promise<unknown> {
  const credentials = asker.wanted.ci?.credentials
  try {
    return { state: 'read', repos: readJson(await asker.http({ url, credentials }), repos) }
  } catch (error) {
    if (!(error instanceof Silence)) throw error
    return { state: 'unread', why: error.message }
  }
}
