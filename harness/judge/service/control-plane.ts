import type { Judgement } from '../../model/check.ts'
import type { Expectations } from '../../model/expectations.ts'
import type { Service } from '../../model/facts/services.ts'
import type { Task } from '../../model/facts/tasks.ts'

export interface ControlPlaneService {
  readonly name: string
  readonly onSharedNetwork: boolean
  /** Undefined when the Swarm has no service of that name. */
  readonly service: Service | undefined
  readonly tasks: readonly Task[]
}

/** The configured services, each with its tasks, those of the past included. */
export function controlPlaneOf(
  services: readonly Service[],
  tasks: readonly Task[],
  wanted: Expectations,
): readonly ControlPlaneService[] {
  return wanted.controlPlane.map(({ service: name, onSharedNetwork }) => {
    const service = services.find(({ Spec }) => Spec.Name === name)
    const own = service === undefined ? [] : tasks.filter(({ ServiceID }) => ServiceID === service.ID)
    return { name, onSharedNetwork, service, tasks: own }
  })
}

/** For `notApplicable`. */
export function noControlPlane(wanted: Expectations): string | undefined {
  return wanted.controlPlane.length === 0 ? 'no service is named in `expect.controlPlane`' : undefined
}

/** What a check that looks closer can say of a service that is not there: PV-SVC-002 names the cause. */
export function noSuchService(name: string, expected: string, reason: string, remedy = 'See PV-SVC-002.'): Judgement {
  return { subject: name, expected, actual: 'no service of that name', verdict: 'unknown', reason, remedy }
}

/** What to do about a service that is named in one field only. */
export function remedyForName(field: string): string {
  return `Correct \`${field}\`, or deploy the service: \`docker service ls\` names those there are.`
}

/** Whether the Swarm wants it to run, and it does. */
export function isRunning({ DesiredState, Status }: Task): boolean {
  return DesiredState === 'running' && Status.State === 'running'
}
