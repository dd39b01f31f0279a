import { z } from 'zod'
import { plain } from '../../core/text.ts'
import { buildSchema } from '../../model/facts/routing/ci.ts'
import { count } from '../say.ts'

/** One thing that a CI server is asked, and how its answer is told from a page. */
export interface ApiAnswer {
  readonly subject: string
  readonly expected: string
  /** What a body says; undefined where it is no such answer. */
  readonly read: (body: string) => string | undefined
}

const versionSchema = z.object({ version: z.string().min(1) })
const userSchema = z.object({ login: z.string().min(1) })

export const healthAnswer: ApiAnswer = {
  subject: 'health',
  expected: '200 and `OK`',
  read: (body) => (body.trim() === 'OK' ? '200 and `OK`: a constant, the process answers and no more' : undefined),
}

export const versionAnswer: ApiAnswer = {
  subject: 'version',
  expected: '200 and JSON with a version',
  read: (body) => {
    const said = versionSchema.safeParse(jsonIn(body)).data
    return said === undefined ? undefined : plain(said.version, 60)
  },
}

export const buildsAnswer: ApiAnswer = {
  subject: 'API',
  expected: '200 and a JSON list of builds',
  read: (body) => {
    const builds = z.array(buildSchema).safeParse(jsonIn(body)).data
    if (builds === undefined) return undefined
    const [newest] = builds
    return newest === undefined ? 'no build' : `${count(builds.length, 'build')}, the first is #${newest.number}`
  },
}

export const userAnswer: ApiAnswer = {
  subject: 'token',
  expected: '200 and JSON with a login',
  read: (body) => {
    const said = userSchema.safeParse(jsonIn(body)).data
    return said === undefined ? undefined : `known as ${plain(said.login, 60)}`
  },
}

/** What a body holds as JSON; undefined where it is none. */
export function jsonIn(body: string): unknown {
  try {
    return JSON.parse(body)
  } catch {
    return undefined
  }
}
