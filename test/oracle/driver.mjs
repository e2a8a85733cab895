// Asks the peer. One JSON object a line comes in, {"id", "simulation"}, and one goes out, in the same order:
// {"id", "result"} with Allowed, ImplicitlyDenied or ExplicitlyDenied and the context keys that the peer left out as unknown to the
// action, or {"id", "error"} where the peer does not take the question. The peer is imported from the folder that this file was copied to.
import { createInterface } from 'node:readline'
import { runSimulation } from '@cloud-copilot/iam-simulate'

const strict = { simulationMode: 'Strict' }

async function answer({ id, simulation }) {
  try {
    const said = await runSimulation(simulation, strict)
    switch (said.resultType) {
      case 'single':
        return { id, result: said.overallResult, ignored: said.result.ignoredContextKeys }
      case 'error':
        return { id, error: said.errors.message, detail: said.errors }
      default:
        return { id, error: said.resultType }
    }
  } catch (problem) {
    return { id, error: 'exception', detail: String(problem) }
  }
}

for await (const line of createInterface({ input: process.stdin, crlfDelay: Infinity })) {
  process.stdout.write(JSON.stringify(await answer(JSON.parse(line))) + '\n')
}
