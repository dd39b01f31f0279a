import { X509Certificate } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { isIP } from 'node:net'
import { resolve } from 'node:path'
import { z } from 'zod'
import { messageOf } from '../core/errors.ts'
import { type HttpAddress, httpAddressSchema } from '../model/http.ts'
import type { ConfigProblem } from './problem.ts'
import { parseSocksUrl } from './socks.ts'

const seconds = z.number().positive().optional()
const name = z
  .string()
  .toLowerCase()
  .regex(/^(?:\*\.)?(?!-)[a-z0-9_-]+(?:\.[a-z0-9_-]+)*$/, 'wanted a name, or *.name for all names below it')

/** `target.http` as a user writes it: how web requests leave this machine. */
export const httpConfigSchema = z.strictObject({
  /** `socks5h://localhost:1055` */
  proxy: z
    .string()
    .superRefine((text, context) => {
      const parsed = parseSocksUrl(text)
      if ('problem' in parsed) context.addIssue(parsed.problem)
    })
    .optional(),
  /** Addresses to use instead of DNS: by name, or for every name below `*.example.org`. */
  resolve: z
    .record(
      name,
      z.string().refine((address) => isIP(address) !== 0, 'wanted an address such as 203.0.113.7 or 2001:db8::7'),
    )
    .default({}),
  /** PEM file with authorities that are trusted beside those Node knows. */
  ca: z.string().min(1).optional(),
  concurrency: httpAddressSchema.shape.concurrency,
  timeouts: z
    .strictObject({
      dnsSeconds: seconds,
      connectSeconds: seconds,
      tlsSeconds: seconds,
      firstByteSeconds: seconds,
      bodySeconds: seconds,
    })
    .prefault({}),
  maxBodyBytes: httpAddressSchema.shape.maxBodyBytes,
})

interface Surroundings {
  readonly baseDir: string
  readonly problems: ConfigProblem[]
}

/** The address with its defaults; a `ca` file that is none is a problem. */
export async function addressHttp(
  http: z.output<typeof httpConfigSchema>,
  { baseDir, problems }: Surroundings,
): Promise<HttpAddress> {
  const proxy = http.proxy === undefined ? undefined : parseSocksUrl(http.proxy)
  const caPath = http.ca === undefined ? undefined : resolve(baseDir, http.ca)
  if (caPath !== undefined) {
    const problem = await authoritiesProblem(caPath)
    if (problem !== undefined) problems.push({ path: 'target.http.ca', problem })
  }
  const timeouts = Object.entries(http.timeouts).flatMap(([key, value]) =>
    value === undefined ? [] : [[key.replace(/Seconds$/, 'Ms'), value * 1000]],
  )
  return httpAddressSchema.parse({
    ...(proxy !== undefined && 'address' in proxy ? { proxy: proxy.address } : {}),
    resolve: http.resolve,
    ...(caPath === undefined ? {} : { caPath }),
    concurrency: http.concurrency,
    timeouts: Object.fromEntries(timeouts),
    maxBodyBytes: http.maxBodyBytes,
  })
}

const certificate = /-----BEGIN CERTIFICATE-----[\s\S]*?-----END CERTIFICATE-----/g

/** What is wrong with a file of authorities; a broken certificate would else only show as distrust, later. */
async function authoritiesProblem(path: string): Promise<string | undefined> {
  try {
    const found = (await readFile(path, 'utf8')).match(certificate) ?? []
    for (const [index, pem] of found.entries()) {
      try {
        new X509Certificate(pem)
      } catch (error) {
        return `certificate ${index + 1} of ${found.length} in ${path} cannot be read: ${messageOf(error)}`
      }
    }
    return found.length === 0 ? `there is no PEM certificate in ${path}` : undefined
  } catch (error) {
    return `not a readable file: ${messageOf(error)}`
  }
}
