import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { PvcheckError } from '../../core/errors.ts'
import { type Config, loadConfig } from '../load.ts'

export interface ConfigFolder extends AsyncDisposable {
  readonly dir: string
  load(config: unknown, env?: Record<string, string>): Promise<Config>
  /** What the load is refused with; an error of the test where it is not. */
  refusal(config: unknown, env?: Record<string, string>): Promise<PvcheckError>
}

/** A folder for one test; bind it with `await using`. */
export async function configFolder(): Promise<ConfigFolder> {
  const dir = await mkdtemp(join(tmpdir(), 'pvcheck-config-'))
  const load: ConfigFolder['load'] = async (config, env = {}) => {
    await writeFile(join(dir, 'pvcheck.config.json'), JSON.stringify(config))
    return loadConfig({ cwd: dir, env: { HOME: dir, ...env } })
  }
  return {
    dir,
    load,
    async refusal(config, env) {
      const error = await load(config, env).then(
        () => undefined,
        (thrown: unknown) => thrown,
      )
      if (error instanceof PvcheckError) return error
      throw new Error(`wanted a PvcheckError, got ${String(error)}`)
    },
    [Symbol.asyncDispose]: () => rm(dir, { recursive: true }),
  }
}
