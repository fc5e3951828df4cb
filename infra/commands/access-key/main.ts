import { runCommand } from '../../command-line/command.ts'
import { HELP, readCommandLine } from './command-line.ts'
import { openKeyHolder } from './key-holder.ts'
import { rotateKey } from './rotate.ts'
import { showKeys } from './show.ts'

async function run(argv: readonly string[]): Promise<string> {
  const line = readCommandLine(argv)
  if (line.command === 'help') return HELP
  const holder = openKeyHolder(line.place)
  try {
    return line.command === 'rotate'
      ? await rotateKey(holder, line.keepMs)
      : await showKeys(holder, { reveal: line.reveal })
  } finally {
    holder.close()
  }
}

await runCommand({ name: 'npm run access-key', run })
