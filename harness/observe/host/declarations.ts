import type { Declaration } from '../../model/expectations.ts'
import type { Declared } from '../../model/facts/declarations.ts'
import { declarations } from '../../model/facts/declarations.ts'
import type { Asker, Question } from '../question.ts'

type Text = Declared['texts'][number]

/** A script that declares a network is short; a binary that a unit starts need not be read to its end. */
const maxScriptBytes = 256 * 1024

export const declarationsQuestion: Question = {
  fact: declarations,
  ask: (asker) =>
    Promise.all(
      asker.wanted.sharedNetwork.declared.map(async (source) => ({ source, texts: await textsOf(source, asker) })),
    ),
}

async function textsOf(source: Declaration, asker: Asker): Promise<Text[]> {
  switch (source.kind) {
    case 'file':
      return [await read(asker, source.path, ['cat', '--', source.path])]
    case 'command':
      return [await read(asker, source.argv.join(' '), source.argv)]
    case 'unit': {
      const unit = await read(asker, source.unit, ['systemctl', 'cat', '--no-pager', '--', source.unit])
      const show = await asker.run([
        'systemctl',
        'show',
        '--property=ExecStartPre,ExecStart,ExecStartPost',
        '--',
        source.unit,
      ])
      const scripts = scriptsIn(show.stdout).map((path) =>
        read(asker, path, ['head', '--bytes', String(maxScriptBytes), '--', path]),
      )
      return [unit, ...(await Promise.all(scripts))]
    }
  }
}

async function read(asker: Asker, what: string, argv: readonly string[]): Promise<Text> {
  return { what, ...(await asker.run(argv)) }
}

/** The programs that a unit starts, and the files that it hands to them: `bash /path/to/script`. */
function scriptsIn(show: string): string[] {
  const commands = [...show.matchAll(/argv\[\]=(.*?) ; ignore_errors=/g)].map((match) => match[1] ?? '')
  const paths = commands.flatMap((command) => command.split(' ').filter((word) => word.startsWith('/')))
  return [...new Set(paths)]
}
