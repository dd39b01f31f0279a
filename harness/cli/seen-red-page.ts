import { sabotages } from '../../lab/sabotage/registry.ts'
import type { Sabotage } from '../../lab/sabotage/sabotage.ts'
import { checks } from '../judge/checks.ts'

/** `docs/seen-red.md`. */
export function seenRedPage(): string {
  const rows = sabotages.map(
    (sabotage) => `| \`${sabotage.name}\` | ${sabotage.what} | ${causeOf(sabotage)} | ${restOf(sabotage)} |`,
  )
  const byCheck = checks.map(({ id, title }) => `| ${id} | ${title} | ${sabotagesOf(id)} |`)
  return `# Seen red

A check that has never been seen red is unproven. So for each there is a sabotage of the practice host: \`pvcheck lab sabotage <name>\` breaks the host, never what pvcheck is told to expect of it, and \`pvcheck lab heal <name>\` mends it. The tests do so with every one of them: verified by the real command, exactly the checks written here turn, each finding names its cause and a remedy, and after the healing all is green. What is expected is that of the practice host, and one route more, which is led from http to https; waiting is cut short. Where a name leads is broken on the host, and seen through its SOCKS proxy.

Printed from \`lab/sabotage/\`, where the sets stand beside the sabotages.

## By sabotage

| sabotage | what it does to the host | the cause | what follows from it |
| --- | --- | --- | --- |
${rows.join('\n')}

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

/** Those that it is the cause of come first. */
function sabotagesOf(id: string): string {
  const turning = sabotages.filter(({ reddens }) => Object.hasOwn(reddens, id))
  const isCause = ({ reddens }: Sabotage): boolean => Object.keys(reddens)[0] === id
  return [...turning.filter(isCause), ...turning.filter((sabotage) => !isCause(sabotage))]
    .map(({ name }) => `\`${name}\``)
    .join(', ')
}
