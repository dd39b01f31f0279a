import type Docker from 'dockerode'
import { PvcheckError } from '../../core/errors.ts'
import type { DockerRequest } from './dockerode.ts'
import { answerTo, type EngineLink, exchange } from './link.ts'
import type { AskOptions, EngineAnswer } from './reader.ts'
import { changeUncertain, neverLeft } from './trouble.ts'
import type { EngineWriter, ObjectSpec } from './writer.ts'

/** The answer to a change is an id and some warnings. */
const maxBytes = 1024 * 1024

/**
 * The writing hand over a link. Since API 1.30 no engine looks an image up in its registry by itself, and none is given
 * credentials for one here.
 */
export function createWriter(link: EngineLink): EngineWriter {
  const ask = (call: (docker: Creating) => Promise<unknown>, options: AskOptions | undefined) =>
    answerTo(call, (request) => change(link, request, options))
  return {
    createService: (spec, options) => ask((docker) => docker.createService(bodyOf(spec)), options),
    removeService: (id, options) => ask((docker) => docker.getService(only(id)).remove(), options),
    createNetwork: (spec, options) => ask((docker) => docker.createNetwork(bodyOf(spec)), options),
    removeNetwork: (id, options) => ask((docker) => docker.getNetwork(only(id)).remove(), options),
    createConfig: (spec, options) => ask((docker) => docker.createConfig(bodyOf(spec)), options),
    updateConfig: (id, version, spec, options) =>
      ask((docker) => docker.getConfig(only(id)).update({ _query: { version }, ...bodyOf(spec) }), options),
    removeConfig: (id, options) => ask((docker) => docker.getConfig(only(id)).remove(), options),
    createSecret: (spec, options) => ask((docker) => docker.createSecret(bodyOf(spec)), options),
    removeSecret: (id, options) => ask((docker) => docker.getSecret(only(id)).remove(), options),
    removeContainer: (id, options) =>
      ask((docker) => docker.getContainer(only(id)).remove({ force: true, v: true }), options),
  }
}

/** dockerode's types for specs are not the engine's; ours are sent as they are. */
interface Creating extends Pick<Docker, 'getService' | 'getNetwork' | 'getConfig' | 'getSecret' | 'getContainer'> {
  createService(options: object): Promise<unknown>
  createNetwork(options: object): Promise<unknown>
  createConfig(options: object): Promise<unknown>
  createSecret(options: object): Promise<unknown>
}

function bodyOf(spec: ObjectSpec): { readonly _body: ObjectSpec } {
  return { _body: spec }
}

/** What an engine does not find as an id it looks up as a name; and dockerode puts either into the path as it is. */
function only(id: string): string {
  if (!/^[0-9a-z]+$/i.test(id)) throw new TypeError(`an object is changed by its id, and not by ${JSON.stringify(id)}`)
  return id
}

async function change(
  link: EngineLink,
  { method, path, body }: DockerRequest,
  options: AskOptions | undefined,
): Promise<EngineAnswer> {
  if (method !== 'POST' && method !== 'DELETE') throw new TypeError(`the writing hand was told to ${method}`)
  link.signal?.throwIfAborted()
  try {
    return await exchange(link, { method, path, ...(body === undefined ? {} : { body }) }, options, { maxBytes })
  } catch (error) {
    // Whoever called it off knows that it may have been too late.
    options?.signal?.throwIfAborted()
    if (!(error instanceof PvcheckError) || neverLeft(error)) throw error
    throw changeUncertain(error)
  }
}
