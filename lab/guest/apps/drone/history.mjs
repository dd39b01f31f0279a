/** @import { Build, Head, History, Line, Stage, Status } from './types.ts' */

/** @type {readonly Status[]} */
const activeStatuses = ['pending', 'running', 'blocked', 'waiting_on_dependencies']

/** @param {Build} build */
export function isActive(build) {
  return activeStatuses.includes(build.status)
}

/**
 * Adds a build that waits for a runner; undefined where the branch's head asks for none.
 * @param {History} history
 * @param {{ branch: string, head: Head, params: Record<string, string>, trigger: string, now: number }} wanted
 * @returns {Build | undefined}
 */
export function createBuild(history, { branch, head, params, trigger, now }) {
  if (/\[(ci skip|skip ci)\]/i.test(head.message)) return undefined
  const number = Math.max(0, ...history.builds.map((build) => build.number)) + 1
  /** @type {Build} */
  const build = {
    id: number,
    number,
    status: 'pending',
    event: 'custom',
    trigger,
    message: head.message,
    after: head.after,
    ref: `refs/heads/${branch}`,
    source: branch,
    target: branch,
    params,
    started: 0,
    finished: 0,
    created: now,
    updated: now,
    stages: [waitingStage()],
  }
  history.builds.push(build)
  return build
}

/** @returns {Stage} */
function waitingStage() {
  const steps = ['clone', 'cc-ci-run'].map((name, index) => ({
    number: index + 1,
    name,
    status: /** @type {Status} */ ('pending'),
    exit_code: 0,
    started: 0,
    stopped: 0,
  }))
  return {
    number: 1,
    name: 'recipe',
    kind: 'pipeline',
    type: 'exec',
    status: 'pending',
    exit_code: 0,
    machine: '',
    started: 0,
    stopped: 0,
    steps,
  }
}

/**
 * Kills what has not ended. A build that has is left as it is, and no finalizer runs for either.
 * @param {Build} build
 * @param {number} now
 */
export function cancelBuild(build, now) {
  if (!isActive(build)) return
  build.status = 'killed'
  build.started ||= now
  build.finished = now
  build.updated = now
  for (const stage of build.stages) {
    if (stage.stopped !== 0) continue
    stage.status = 'killed'
    stage.started ||= now
    stage.stopped = now
    for (const step of stage.steps) {
      if (step.stopped !== 0) continue
      step.status = step.status === 'running' ? 'killed' : 'skipped'
      step.exit_code = 130
      step.started ||= now
      step.stopped = now
    }
  }
}

/**
 * A past for the first start: a practice host on which nothing ever ran would have an empty dashboard.
 * @param {number} now
 * @returns {History}
 */
export function firstHistory(now) {
  /** @type {History} */
  const history = {
    heads: {
      main: { after: '5f1c0d8a7e2b4936c1d0f8e7a6b5c4d3e2f1a0b9', message: 'Raise the deploy timeout of slow recipes' },
      docs: { after: '0a9b8c7d6e5f4a3b2c1d0e9f8a7b6c5d4e3f2a1b', message: 'Mend the runbook [CI SKIP]' },
    },
    builds: [],
    logs: {},
  }
  const head = history.heads['main']
  if (head === undefined) return history
  /** @type {readonly [string, Status, number][]} */
  const runs = [
    ['custom-html', 'success', 41],
    ['hedgedoc', 'failure', 122],
    ['ghost', 'failure', 300],
    ['hedgedoc', 'success', 118],
  ]
  for (const [index, [recipe, status, tookSeconds]] of runs.entries()) {
    const created = now - (runs.length - index) * 3600
    const params = { RECIPE: recipe, PR: '0' }
    const build = createBuild(history, { branch: 'main', head, params, trigger: 'ccci-bridge', now: created })
    if (build !== undefined) endBuild(history, build, status, tookSeconds)
  }
  return history
}

/**
 * @param {History} history
 * @param {Build} build
 * @param {Status} status
 * @param {number} tookSeconds
 */
function endBuild(history, build, status, tookSeconds) {
  const ended = { status, started: build.created + 1, stopped: build.created + 1 + tookSeconds }
  const exitCode = status === 'success' ? 0 : 1
  Object.assign(build, { status, started: ended.started, finished: ended.stopped, updated: ended.stopped })
  for (const stage of build.stages) {
    Object.assign(stage, { ...ended, exit_code: exitCode, machine: 'practice' })
    for (const step of stage.steps) {
      const clone = step.number === 1
      Object.assign(
        step,
        clone ? { ...ended, status: 'success', stopped: ended.started } : { ...ended, exit_code: exitCode },
      )
      const said = clone
        ? [`+ git checkout ${build.after}`]
        : [`+ RECIPE=${build.params['RECIPE']} cc-ci-run`, `exit status ${exitCode}`]
      history.logs[`${build.number}/${stage.number}/${step.number}`] = said.map(
        (out, pos) => /** @type {Line} */ ({ pos, out: `${out}\n`, time: pos }),
      )
    }
  }
}
