import type { Ask } from './link.ts'
import type { EngineReader, Filters } from './reader.ts'

/** The reading hand over a link. */
export function createReader(ask: Ask): EngineReader {
  return {
    version: (options) => ask('/version', {}, options),
    info: (options) => ask('/info', {}, options),
    swarm: (options) => ask('/swarm', {}, options),
    nodes: (options) => ask('/nodes', {}, options),
    services: (options) => ask('/services', { status: options?.status || undefined }, options),
    tasks: (options) => ask('/tasks', { filters: json(options?.filters) }, options),
    networks: (options) => ask('/networks', { filters: json(options?.filters) }, options),
    network: (idOrName, options) =>
      ask(`/networks/${segment(idOrName)}`, { verbose: options?.verbose || undefined }, options),
    containers: (options) =>
      ask('/containers/json', { all: options?.all || undefined, filters: json(options?.filters) }, options),
    configs: (options) => ask('/configs', { filters: json(options?.filters) }, options),
  }
}

function json(filters: Filters | undefined): string | undefined {
  return filters === undefined ? undefined : JSON.stringify(filters)
}

/** Dots, too: a name must not walk up the path. */
function segment(name: string): string {
  return encodeURIComponent(name).replaceAll('.', '%2E')
}
