import { type Defect, replacing } from './defect.ts'

/** Entries that the bus refuses are taken for accepted. */
export const ignoredEntries: Defect = {
  putEvents: ({ Entries }) => ({ FailedEntryCount: 0, Entries }),
}

/** Changes of health are told and not recorded. */
export const unrecorded: Defect = {
  collect: ports => ({ ...ports, healthEvents: { record: async () => undefined } }),
}

/** Changes of health are told to be told before they are. */
export const untold: Defect = {
  collect: ports => ({ ...ports, bus: replacing(ports.bus, { publishHealth: async () => undefined }) }),
}

/** A deletion leaves the token where it is. */
export const keptSecret: Defect = {
  dispatch: ports => ({ ...ports, tokenRemover: { removeToken: async () => undefined } }),
}

/** A log line holds the token. */
export const loggedToken: Defect = {
  collect: ports => ({
    ...ports,
    tokens: {
      ...ports.tokens,
      async token(sourceId, version) {
        const token = await ports.tokens.token(sourceId, version)
        ports.log.info('a token was read', { token })
        return token
      },
    },
  }),
}

/** What a user's restart asks for is forgotten. */
export const deafToRestart: Defect = {
  stores({ tasks }) {
    tasks.renew = async () => undefined
  },
}
