import { HttpFailure } from './failure.ts'
import type { HttpRequest } from './http.ts'

export interface Asked {
  readonly method: 'GET' | 'HEAD'
  readonly url: URL
  /** In lower case. */
  readonly headers: Readonly<Record<string, string>>
  readonly address: string | undefined
  readonly trustAnyone: boolean
}

const ours = {
  accept: '*/*',
  'accept-encoding': 'identity',
  'user-agent': 'pvcheck',
} as const

/** A request as it will be sent. Throws `REQUEST_REFUSED` where it must not be. */
export function readRequest({ url, method, headers, address, trustAnyone }: HttpRequest): Asked {
  const parsed = URL.canParse(url) ? new URL(url) : undefined
  if (parsed === undefined || !/^https?:$/.test(parsed.protocol)) throw refuse('that is no URL of http or https')
  if (parsed.username !== '' || parsed.password !== '') {
    throw refuse('a user name or a password in a URL is never sent')
  }
  const given = Object.entries(headers ?? {}).map(([name, value]) => [name.toLowerCase(), value])
  const all: Record<string, string> = { ...ours, ...Object.fromEntries(given) }
  if (trustAnyone === true && ('authorization' in all || 'cookie' in all)) {
    throw refuse('credentials are not sent to a server whose certificate may be anybody’s')
  }
  return { method: method ?? 'GET', url: parsed, headers: all, address, trustAnyone: trustAnyone ?? false }
}

/** What is noted down of a URL: no user, no password. */
export function notedUrl(url: string): string {
  if (!URL.canParse(url)) return url
  const noted = new URL(url)
  noted.username = ''
  noted.password = ''
  return noted.href
}

function refuse(why: string): HttpFailure {
  return new HttpFailure('answer', 'REQUEST_REFUSED', why)
}
