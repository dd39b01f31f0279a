import type Docker from 'dockerode'
import { openEvents } from './events.ts'
import { createAsk, type EngineLink } from './link.ts'
import { decodeLog } from './log-stream.ts'
import type { EngineReader, Filters } from './reader.ts'

/** The reading hand over a link. */
export function createReader(link: EngineLink): EngineReader {
  const ask = createAsk(link)
  return {
    version: (options) => ask((docker) => docker.version(), options),
    info: (options) => ask((docker) => docker.info(), options),
    swarm: (options) => ask((docker) => docker.swarmInspect(), options),
    nodes: (options) => ask((docker) => docker.listNodes(), options),
    services: (options) =>
      ask(
        (docker) => docker.listServices({ ...(options?.status ? { status: true } : {}), ...filtered(options) }),
        options,
      ),
    service: (id, options) => ask((docker) => docker.getService(encodeURIComponent(id)).inspect(), options),
    tasks: (options) => ask((docker) => docker.listTasks(filtered(options)), options),
    networks: (options) => ask((docker) => docker.listNetworks(filtered(options)), options),
    network: (idOrName, options) => ask((docker) => inspect(docker, idOrName, options?.verbose ?? false), options),
    containers: (options) =>
      ask((docker) => docker.listContainers({ ...(options?.all ? { all: true } : {}), ...filtered(options) }), options),
    container: (id, options) => ask((docker) => docker.getContainer(encodeURIComponent(id)).inspect(), options),
    volumes: (options) => ask((docker) => docker.listVolumes(), options),
    images: (options) => ask((docker) => docker.listImages(), options),
    serviceLogs: (id, options) => ask((docker) => logs(docker, id, options.tail), options, decodeLog),
    configs: (options) => ask((docker) => docker.listConfigs(filtered(options)), options),
    config: (id, options) => ask((docker) => docker.getConfig(encodeURIComponent(id)).inspect(), options),
    secrets: (options) => ask((docker) => docker.listSecrets(filtered(options)), options),
    secret: (id, options) => ask((docker) => docker.getSecret(encodeURIComponent(id)).inspect(), options),
    events: (options) => openEvents(link, options),
  }
}

function filtered(options: { readonly filters?: Filters } | undefined): { filters?: string } {
  return options?.filters === undefined ? {} : { filters: JSON.stringify(options.filters) }
}

function inspect(docker: Docker, idOrName: string, verbose: boolean): Promise<unknown> {
  // dockerode puts a name into the path as it is; and its types know no options here.
  const network: { inspect(options: object): Promise<unknown> } = docker.getNetwork(encodeURIComponent(idOrName))
  return network.inspect(verbose ? { verbose } : {})
}

function logs(docker: Docker, id: string, tail: number): Promise<unknown> {
  return docker.getService(encodeURIComponent(id)).logs({ stdout: true, stderr: true, timestamps: true, tail })
}
