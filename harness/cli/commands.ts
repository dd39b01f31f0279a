import type { Command } from './command.ts'

/** All commands, by name. */
export const commands: Readonly<Record<string, Command>> = {
  verify: {
    usage: 'verify',
    summary: 'Check a target, and write the evidence and STATUS',
    options: [
      ['-c, --config <file>', 'The configuration; else pvcheck.config.ts, .yaml or .json in the current folder'],
      ['--reports <dir>', "Where STATUS and the evidence go; else the configuration's reports.dir"],
      ['--read-only', 'Ask only, change nothing: leaves out the specs that act on the target'],
      ['--json', 'Print one JSON document on standard output, and progress on standard error'],
    ],
    examples: ['verify --read-only', 'verify --config prod.yaml --json'],
    run: async (given, surroundings) => (await import('./verify.ts')).verifyCommand(given, surroundings),
  },
  census: {
    usage: 'census [...networks]',
    summary: 'Tell who holds the addresses of every overlay, which are leaked, and how long the rest will last',
    options: [
      ['-c, --config <file>', 'The configuration; else pvcheck.config.ts, .yaml or .json in the current folder'],
      ['--walk', 'Ask for every free address, with services that never have a container: names each leaked one'],
      ['--window <n>', 'With --walk: go through only so many addresses of each network'],
      ['--reports <dir>', "Where the evidence goes; else the configuration's reports.dir"],
      ['--prom <file>', 'Also write the figures for the textfile collector of the Prometheus node exporter'],
      ['-v, --verbose', 'Also name each leaked address, since when it has leaked, and every holder'],
      ['--json', 'Print one JSON document on standard output, and progress on standard error'],
    ],
    examples: ['census', 'census proxy ingress --walk -v', 'census --prom /var/lib/node_exporter/pvcheck.prom'],
    run: async (given, surroundings) => (await import('./census.ts')).censusCommand(given, surroundings),
  },
  rm: {
    usage: 'rm <...stacks>',
    summary: 'Remove stacks without leaking an address, as `docker stack rm` does not',
    options: [
      ['-c, --config <file>', 'The configuration; else pvcheck.config.ts, .yaml or .json in the current folder'],
      ['--dry-run', 'Print the plan, and change nothing'],
      [
        '--yes',
        'Remove what the plan says; without it, the plan is all there is. What is gone already counts as removed',
      ],
      ['--json', 'Print one JSON document on standard output, and all else on standard error'],
    ],
    examples: ['rm shop', 'rm shop blog --yes'],
    run: async (given, surroundings) => (await import('./rm.ts')).rmCommand(given, surroundings),
  },
  sweep: {
    usage: 'sweep',
    summary: 'Remove what runs of pvcheck that are over left on the Swarm; what a live run owns stays',
    options: [
      ['-c, --config <file>', 'The configuration; else pvcheck.config.ts, .yaml or .json in the current folder'],
      ['--dry-run', 'Print what would be removed, and change nothing'],
      ['-v, --verbose', 'Also name the runs that may still be going on, and what is being waited for'],
      ['--json', 'Print one JSON document on standard output, and all else on standard error'],
    ],
    examples: ['sweep', 'sweep --dry-run'],
    run: async (given, surroundings) => (await import('./sweep.ts')).sweepCommand(given, surroundings),
  },
  lab: {
    usage: 'lab <action> [...words]',
    summary: 'A disposable Swarm host to try it on: up, down, exec, status, sabotage, heal',
    options: [
      ['--name <name>', 'Which lab, where there are several'],
      ['--engine <version>', 'up: 20.10, 26.1 or 28.5, each on the Debian that has it; 20.10 unless given'],
      ['--before-fix', 'up: the shared network as small as it was before the fix'],
      ['--incident', 'up: the same, leaked full: a deploy hangs there'],
      ['--refresh-ms <ms>', 'up: how often the reverse proxy looks for new routes'],
      ['--all', 'down: every lab on this machine'],
      ['--json', 'up, status: print JSON'],
    ],
    examples: ['lab up', 'lab exec docker service ls', 'lab sabotage stack-removed', 'lab down'],
    run: async (given, surroundings) => (await import('./lab.ts')).labCommand(given, surroundings),
  },
}
