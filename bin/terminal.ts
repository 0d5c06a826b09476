import { createInterface } from 'node:readline/promises'
import { Writable } from 'node:stream'

export const onTerminal = Boolean(process.stdin.isTTY && process.stdout.isTTY)

export async function ask(question: string) {
  const terminal = createInterface({ input: process.stdin, output: process.stdout })
  const answer = await terminal.question(question)
  terminal.close()
  return answer.trim()
}

/** Anything but a yes is a no. Without a terminal nobody is there to be asked, and it is a yes. */
export async function confirmOnTerminal(question: string, answer = onTerminal ? ask : async () => 'yes') {
  return /^y(es)?$/i.test(await answer(`${question} [y/N] `))
}

/** What is typed does not show. */
export async function askSecret(question: string) {
  process.stdout.write(question)
  const silent = new Writable({ write: (_chunk, _encoding, done) => done() })
  const terminal = createInterface({ input: process.stdin, output: silent, terminal: true })
  const answer = await terminal.question('')
  terminal.close()
  process.stdout.write('\n')
  return answer.trim()
}
