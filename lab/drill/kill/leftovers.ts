import {
  containersSchema,
  type LabEngine,
  networksSchema,
  swarmObjectsSchema,
  tasksSchema,
  volumesSchema,
} from './engine.ts'
import { lockName, markLabels, ownName } from './marks.ts'

/** What of any run is in the Swarm and on its host, by mark or by name. Throws where the engine cannot be asked. */
export async function objectsLeft(engine: LabEngine): Promise<string[]> {
  const [services, networks, configs, secrets, tasks, containers, volumes] = await Promise.all([
    engine.get('/services', swarmObjectsSchema),
    engine.get('/networks', networksSchema),
    engine.get('/configs', swarmObjectsSchema),
    engine.get('/secrets', swarmObjectsSchema),
    engine.get('/tasks', tasksSchema),
    engine.get('/containers/json?all=1', containersSchema),
    engine.get('/volumes', volumesSchema),
  ])
  const named = (kind: string, objects: typeof services): string[] =>
    objects.filter(({ Spec }) => isOurs(Spec.Name, Spec.Labels)).map(({ Spec }) => `${kind} ${Spec.Name}`)
  return [
    ...named('service', services),
    ...networks.filter(({ Name, Labels }) => isOurs(Name, Labels)).map(({ Name }) => `network ${Name}`),
    ...named('config', configs),
    ...named('secret', secrets),
    ...tasks
      .filter(({ Spec }) => isOurs('', Spec.ContainerSpec?.Labels))
      .map(({ ID, Status }) => `task ${ID} (${Status.State})`),
    ...containers
      .filter(({ Names, Labels }) => isOurs(Names[0]?.slice(1) ?? '', Labels))
      .map(({ Names }) => `container ${Names[0]}`),
    ...(volumes.Volumes ?? []).filter(({ Name, Labels }) => isOurs(Name, Labels)).map(({ Name }) => `volume ${Name}`),
  ]
}

/** Whether something is a run's: marked as such, named as such, or the lock. */
export function isOurs(name: string, labels: Readonly<Record<string, string>> | null | undefined): boolean {
  return Object.hasOwn(labels ?? {}, markLabels.run) || ownName.test(name) || name === lockName
}
