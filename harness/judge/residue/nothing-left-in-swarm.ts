import { plain } from '../../core/text.ts'
import { defineCheck, type Judgement } from '../../model/check.ts'
import { objectsAfter } from '../../model/facts/residue/objects-after.ts'
import type { SwarmObject } from '../../model/facts/residue/swarm-object.ts'
import { runDeeds } from '../../model/facts/run-deeds.ts'
import type { Task } from '../../model/facts/tasks.ts'
import { markLabels } from '../../model/mark.ts'
import { addressesOf } from '../address/task-state.ts'
import { count, list } from '../say.ts'
import { idsOf, objectsOf, type RunDeeds, tasksOf } from './belongings.ts'
import { left, nameOfObject, nameOfTask } from './say-residue.ts'

const subject = 'the Swarm'
const expected = 'no service, task, network, config or secret of the run'

export const nothingLeftInSwarm = defineCheck({
  id: 'PV-RES-001',
  title: 'Nothing that the run created is left in the Swarm',
  needs: { deeds: runDeeds, after: objectsAfter },
  judge: ({ deeds, after }) => {
    const findings = [
      ...objectsOf(deeds, after).map((object) => ofObject(deeds, object)),
      ...tasksOf(deeds, after).map(ofTask),
    ]
    if (findings.length > 0) return findings
    const looked = `${count(after.objects.length, 'object')} and ${count(after.tasks.length, 'task')}`
    const actual = `none of ${count(deeds.deeds.length, 'object')} that the run may have created, among ${looked}`
    return [{ subject, expected, actual, verdict: 'pass' }]
  },
})

function ofObject(deeds: RunDeeds, object: SwarmObject): Judgement {
  const isLabelled = object.labels[markLabels.run] === deeds.run
  const isById = idsOf(deeds, object.kind).has(object.id)
  const how = isLabelled
    ? 'carries the label of the run'
    : isById
      ? 'the run created it'
      : 'has a name that the run gave'
  return left({
    subject: nameOfObject(object),
    expected: 'gone',
    actual: `still there with the id ${plain(object.id, 80)}: ${how}; created at ${plain(object.createdAt, 40)}`,
    remedy: isLabelled
      ? 'Run `pvcheck sweep` once the run is over; where it stays, its report says what holds it.'
      : `It carries no label of the run, so pvcheck leaves it alone: look whose it is, and remove it by hand (\`docker ${object.kind} rm\`) if it is nobody's.`,
  })
}

function ofTask(task: Task): Judgement {
  const addresses = addressesOf(task).map(({ address }) => plain(address, 60))
  const holds = addresses.length === 0 ? 'no address' : list(addresses)
  const node = task.NodeID === '' ? 'no node' : `node ${plain(task.NodeID, 40)}`
  return left({
    subject: nameOfTask(task),
    expected: 'ended',
    actual: `${plain(task.Status.State, 40)} since ${plain(task.Status.Timestamp, 40)} on ${node}, holds ${holds}`,
    remedy: 'Wait until it has ended; a task of a node that is down ends when the node is back or removed.',
  })
}
