import { startStandIn } from '../../infra/local/destination/stand-in.ts'
import { receiveSumoLogic } from '../../infra/local/destination/sumologic.ts'
import { sumoLogicSource } from '../../shared/adapters/sumologic-source.ts'
import { LOOPBACK_ORIGIN } from '../../shared/contract/destinations.ts'
import { destinationContract } from './destination-contract.ts'

const CODE = 'ZaVnC4dhaV3fQ7codeOfTheHttpSource=='

destinationContract('sumologic', async () => {
  const standIn = await startStandIn(receiveSumoLogic(CODE))
  const url = `${standIn.url}/receiver/v1/http/${CODE}`
  return { standIn, destination: sumoLogicSource(url, [LOOPBACK_ORIGIN]), secrets: [CODE, url] }
})
