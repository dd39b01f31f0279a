import { z } from 'zod'
import { PvcheckError } from '../../core/errors.ts'
import { oneLine } from '../excerpt.ts'
import { knownApi, negotiate } from './api-version.ts'
import { parseBody, readBody } from './body.ts'
import { send } from './transport.ts'
import { notDocker } from './trouble.ts'
import type { EngineWay } from './way.ts'

const versionSchema = z.object({
  Version: z.string(),
  ApiVersion: z.string().regex(/^\d+\.\d+$/),
  MinAPIVersion: z
    .string()
    .regex(/^\d+\.\d+$/)
    .default('1.12'),
})

export interface Engine {
  /** As in `20.10.24`. */
  readonly version: string
  /** The API version that both sides speak, as in `1.41`. */
  readonly apiVersion: string
}

const maxBytes = 1024 * 1024

/**
 * The first request, in no version. Throws `REACH_NOT_DOCKER`, `REACH_ENGINE_TOO_OLD`, `REACH_ENGINE_TOO_NEW`, and the
 * bare transport error when there is no answer.
 */
export async function contact(way: EngineWay, label: string, signal: AbortSignal): Promise<Engine> {
  const response = await send(way, 'GET', '/version', signal).catch((error: unknown) => {
    throw isGarbage(error) ? notDocker(label, `its answer is not HTTP (${error.code})`, error) : error
  })
  const text = await readBody(response, 'GET /version', maxBytes)
  const parsed = versionSchema.safeParse(parseBody(text))
  if (response.statusCode !== 200 || !parsed.success) {
    throw notDocker(label, `GET /version was answered with ${response.statusCode}: ${oneLine(text).slice(0, 120)}`)
  }
  const { Version, ApiVersion, MinAPIVersion } = parsed.data
  const negotiated = negotiate({ max: ApiVersion, min: MinAPIVersion })
  if ('version' in negotiated) return { version: oneLine(Version), apiVersion: negotiated.version }
  const old = negotiated.problem === 'too old'
  throw new PvcheckError({
    code: old ? 'REACH_ENGINE_TOO_OLD' : 'REACH_ENGINE_TOO_NEW',
    seen: `the engine at ${label} is ${oneLine(Version)} and speaks API ${MinAPIVersion} to ${ApiVersion}`,
    wanted: `an engine that speaks an API version from ${knownApi.min} to ${knownApi.max}`,
    remedy: old ? 'Update Docker on the host to 20.10 or newer.' : 'Update pvcheck.',
    exit: 'blocked',
  })
}

function isGarbage(error: unknown): error is Error & { code: string } {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' && error.code.startsWith('HPE_')
}
