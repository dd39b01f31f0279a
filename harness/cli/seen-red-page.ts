import type { ActingSabotage } from '../../lab/sabotage/acting/acting-sabotage.ts'
import { actingSabotages } from '../../lab/sabotage/acting/registry.ts'
import { censusSabotages } from '../../lab/sabotage/census/registry.ts'
import { neverRed } from '../../lab/sabotage/never-red.ts'
import { sabotages } from '../../lab/sabotage/registry.ts'
import type { Sabotage } from '../../lab/sabotage/sabotage.ts'
import { exitCodes } from '../core/exit.ts'
import { allChecks } from '../judge/checks.ts'

/** `docs/seen-red.md`. */
export function seenRedPage(): string {
  const rows = sabotages.map(
    (sabotage) => `| \`${sabotage.name}\` | ${sabotage.what} | ${causeOf(sabotage)} | ${restOf(sabotage)} |`,
  )
  const acting = actingSabotages.map(
    (sabotage) => `| \`${sabotage.name}\` | ${sabotage.what} | ${actingCauseOf(sabotage)} | ${endOf(sabotage)} |`,
  )
  const ofCensus = censusSabotages.map(
    (sabotage) => `| \`${sabotage.name}\` | ${sabotage.what} | ${causeOf(sabotage)} | ${restOf(sabotage)} |`,
  )
  const byCheck = allChecks.map(({ id, title }) => `| ${id} | ${title} | ${neverRed[id] ?? sabotagesOf(id)} |`)
  return `# Seen red

A check that has never been seen red is unproven. So for each, but for one that no practice host can show, there is a sabotage of the practice host: \`pvcheck lab sabotage <name>\` breaks the host, never what pvcheck is told to expect of it, and \`pvcheck lab heal <name>\` mends it. The tests do so with every one of them: verified by the real command, exactly the checks written here turn, each finding names its cause and a remedy. Whatever is not healed would turn something beside the set of the next one, and at the end all is green. What is expected is that of the practice host, and one route more, which is led from http to https; waiting is cut short. Where a name leads is broken on the host, and seen through its SOCKS proxy.

Printed from \`lab/sabotage/\`, where the sets stand beside the sabotages.

## By sabotage

| sabotage | what it does to the host | the cause | what follows from it |
| --- | --- | --- | --- |
${rows.join('\n')}

## Of a run that acts

What is to happen in the middle of a run, the host does by itself: an ambush, which waits for the first throwaway service. Afterwards nothing of the run is left on the host, and \`pvcheck sweep\` has nothing to say; where it is blocked, nothing in the Swarm was touched at all. The configuration is a lean one: without routes, three throwaway stacks, two at once.

| sabotage | what it does to the host | the cause | how the run ends |
| --- | --- | --- | --- |
${acting.join('\n')}

## Of a census

\`pvcheck census --walk\` sees it, and \`verify\` need not: it does not look for addresses one by one.

| sabotage | what it does to the host | the cause | what follows from it |
| --- | --- | --- | --- |
${ofCensus.join('\n')}

## By check

| id | the expected state | turned by |
| --- | --- | --- |
${byCheck.join('\n')}
`
}

function causeOf({ reddens, stops, excuses = {} }: Sabotage): string {
  const [first] = Object.entries(reddens)
  const excused = Object.keys(excuses).map((check) => `, and ${check} does not apply`)
  if (first === undefined) return `none: all stays green${excused.join('')}`
  const [check, { verdict }] = first
  return stops === undefined ? `${check} ${verdict}` : `the run ends at the door with \`${stops}\`: ${check} is unknown`
}

function restOf({ reddens, stops }: Sabotage): string {
  if (stops !== undefined) return 'nothing is judged, exit 3'
  const rest = Object.entries(reddens).slice(1)
  return rest.map(([check, { verdict }]) => `${check} ${verdict}`).join(', ') || '-'
}

function actingCauseOf(sabotage: ActingSabotage): string {
  const { reddens, troubles = [] } = sabotage
  const codes = troubles.map((code) => `\`${code}\``).join(', ')
  if (codes === '') return causeOf(sabotage)
  return Object.keys(reddens).length === 0 ? `${codes}: nothing is judged` : `${codes}: ${causeOf(sabotage)}`
}

function endOf({ reddens, exit, leaves, tells = {} }: ActingSabotage): string {
  const rest = Object.entries(reddens).slice(1)
  const turned = rest.map(([check, { verdict }]) => `${check} ${verdict}`)
  const told = Object.keys(tells).map((check) => `${check} passes, and tells of it`)
  const left = leaves === true ? ['what stays goes by `pvcheck sweep` when the host is mended'] : []
  return [...turned, ...told, `exit ${exitCodes[exit].code}`, ...left].join(', ')
}

/** Those that it is the cause of come first. */
function sabotagesOf(id: string): string {
  const turning = [...sabotages, ...actingSabotages, ...censusSabotages].filter(({ reddens }) =>
    Object.hasOwn(reddens, id),
  )
  const isCause = ({ reddens }: Sabotage): boolean => Object.keys(reddens)[0] === id
  return [...turning.filter(isCause), ...turning.filter((sabotage) => !isCause(sabotage))]
    .map(({ name }) => `\`${name}\``)
    .join(', ')
}
