import type { ConfigInput } from './schema.ts'

/** Gives a `pvcheck.config.ts` its types; the configuration is checked when it is loaded. */
export function defineConfig(config: ConfigInput): ConfigInput {
  return config
}
