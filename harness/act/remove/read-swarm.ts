import type { SwarmFacts } from '../../judge/removal/swarm-facts.ts'
import { configs } from '../../model/facts/configs.ts'
import { engineInfo } from '../../model/facts/engine-info.ts'
import { networks } from '../../model/facts/networks.ts'
import { nodes } from '../../model/facts/nodes.ts'
import { secrets } from '../../model/facts/secrets.ts'
import { services } from '../../model/facts/services.ts'
import { attachedContainers, tasks } from '../../model/facts/tasks.ts'
import type { EngineReader } from '../../reach/engine/reader.ts'
import { listed } from './look.ts'

/** All that a removal is planned from, as it is now. Throws `REMOVE_CANNOT_LOOK` where a part of it cannot be had. */
export async function readSwarm(reader: EngineReader, signal: AbortSignal): Promise<SwarmFacts> {
  const ask = { signal }
  const attachments = { signal, filters: { runtime: ['attachment'] } }
  const [info, serviceList, taskList, attached, networkList, nodeList, configList, secretList] = await Promise.all([
    reader.info(ask).then((answer) => listed(engineInfo, answer)),
    reader.services(ask).then((answer) => listed(services, answer)),
    reader.tasks(ask).then((answer) => listed(tasks, answer)),
    reader.tasks(attachments).then((answer) => listed(attachedContainers, answer)),
    reader.networks(ask).then((answer) => listed(networks, answer)),
    reader.nodes(ask).then((answer) => listed(nodes, answer)),
    reader.configs(ask).then((answer) => listed(configs, answer)),
    reader.secrets(ask).then((answer) => listed(secrets, answer)),
  ])
  return {
    nowMs: Date.parse(info.SystemTime),
    services: serviceList,
    tasks: taskList,
    attachedContainers: attached,
    networks: networkList,
    nodes: nodeList,
    configs: configList,
    secrets: secretList,
  }
}
