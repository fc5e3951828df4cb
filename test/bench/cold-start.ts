import { coldStarts, coldStartTable } from '../deployed/cold-start.ts'
import { startDeployedSystem } from '../deployed/deployed-system.ts'

const system = await startDeployedSystem()
try {
  console.log(`\n${coldStartTable(await coldStarts(system))}`)
} finally {
  await system.close()
}
