import { z } from 'zod'
import { nameOfRoute, type Route, routeSchema, type routingShape } from '../model/routing.ts'
import type { NamedCredentials } from './credentials.ts'
import { jsonSchemaProblems } from './json-schema.ts'
import type { ConfigProblem } from './problem.ts'

const looseObject = z.looseObject({})
const credentialsSchema = routeSchema.shape.credentials

/** A part of `expect` that is asked over the web. */
interface WebPart {
  readonly path: string
  /** Credentials are not for those that are public. */
  readonly urls: readonly { readonly path: string; readonly url: string; readonly isPublic: boolean }[]
  readonly credentials: NamedCredentials['credentials'] | undefined
}

export interface GivenRouting {
  readonly credentials: readonly NamedCredentials[]
  readonly problems: readonly ConfigProblem[]
}

/** What can be said of the web's part of `expect`, as it was given: each part for itself, sound or not. */
export function lookAtRouting(expect: unknown, { viaProxy }: { viaProxy: boolean }): GivenRouting {
  const given = looseObject.catch({}).parse(expect)
  const routes = z.array(z.unknown()).catch([]).parse(given['routes'])
  const parts = [
    ...routes.map((route, index) => webPart(`expect.routes[${index}]`, route)),
    ...(['proxy', 'ci', 'dashboard', 'reportSite', 'bridge'] satisfies (keyof typeof routingShape)[]).map((key) =>
      webPart(`expect.${key}`, given[key]),
    ),
  ]
  return {
    credentials: parts.flatMap(({ path, credentials }) =>
      credentials === undefined ? [] : [{ path: `${path}.credentials`, credentials }],
    ),
    problems: [
      ...parts.flatMap((part) => urlProblems(part, viaProxy)),
      ...nameProblems(routes),
      ...routes.flatMap((route, index) => headProblems(route, `expect.routes[${index}]`)),
      ...routes.flatMap((route, index) => {
        const json = looseObject.safeParse(route).data?.['json']
        return json === undefined ? [] : jsonSchemaProblems(json, ['expect', 'routes', index, 'json'])
      }),
    ],
  }
}

function webPart(path: string, given: unknown): WebPart {
  const part = looseObject.catch({}).parse(given)
  const urls = ['url', 'api', 'ping', 'health'].flatMap((key) => {
    const url = part[key]
    return typeof url === 'string'
      ? [{ path: `${path}.${key}`, url, isPublic: key === 'ping' || key === 'health' }]
      : []
  })
  return { path, urls, credentials: credentialsSchema.safeParse(part['credentials']).data }
}

function urlProblems({ urls, credentials }: WebPart, viaProxy: boolean): ConfigProblem[] {
  return urls.flatMap(({ path, url: text, isPublic }) => {
    if (!URL.canParse(text)) return []
    const url = new URL(text)
    if (url.username !== '' || url.password !== '') {
      return [{ path, problem: 'a user or password in a URL is never used; take it out and use `credentials`' }]
    }
    if (credentials === undefined || isPublic || url.protocol !== 'http:') return []
    if (isLoopback(url.hostname) && !viaProxy) return []
    return [{ path, problem: 'http:// would tell the credentials to everybody on the way; wanted https://' }]
  })
}

function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '[::1]' || /^127(?:\.\d+){3}$/.test(host)
}

/** Findings tell routes apart by their names. */
function nameProblems(routes: readonly unknown[]): ConfigProblem[] {
  const first = new Map<string, number>()
  return routes.flatMap((given, index) => {
    const name = nameOf(given)
    const before = name === undefined ? undefined : first.get(name)
    if (name !== undefined && before === undefined) first.set(name, index)
    if (before === undefined) return []
    return [
      {
        path: `expect.routes[${index}]`,
        problem: `it is called ${name}, as expect.routes[${before}] is; give one of them a \`name\` of its own`,
      },
    ]
  })
}

function headProblems(given: unknown, path: string): ConfigProblem[] {
  const route = looseObject.catch({}).parse(given)
  if (route['method'] !== 'HEAD') return []
  return ['body', 'json']
    .filter((key) => route[key] !== undefined)
    .map((key) => ({ path: `${path}.${key}`, problem: 'an answer to HEAD has no body; wanted GET for this route' }))
}

/** Of a URL with user information only the host and path; of one that is none, no name. */
function nameOf(given: unknown): string | undefined {
  const named = z.looseObject({ name: z.string(), url: z.string() }).partial({ name: true }).safeParse(given).data
  if (named === undefined || !URL.canParse(named.url)) return undefined
  const route: Pick<Route, 'name' | 'url'> = named
  return nameOfRoute(route)
}
