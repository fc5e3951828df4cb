import { FEATURES } from '../../infra/local/account/events-api/switchboard.ts'
import type { EventsApiAnswer } from '../../shared/ports.ts'
import { replacingTransition } from '../support/applying.ts'
import { type Defect, replacing } from './defect.ts'

/** Entries that the bus refuses are treated as accepted. */
export const ignoredEntries: Defect = {
  putEvents: ({ Entries }) => ({ FailedEntryCount: 0, Entries }),
}

/** Changes of health are published and not recorded. */
export const unrecorded: Defect = {
  collect: ports => ({ ...ports, healthEvents: { record: async () => undefined } }),
}

/** Changes of health are marked as published, but never published. */
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

/** An error's answer is logged as it came. */
export const loggedAnswer: Defect = {
  collect: ({ eventsApi, ...ports }) => ({
    ...ports,
    eventsApi: {
      async send(call) {
        const answer = await eventsApi.send(call)
        const body = Buffer.from(answer.body).toString().replaceAll(call.token, '********')
        if (answer.status !== 200) ports.log.info('an error was answered', { body })
        return answer
      },
    },
  }),
}

const seenAs = (wanted: (status: number) => boolean, status: number): Defect => ({
  collect: ({ eventsApi, ...ports }) => ({
    ...ports,
    eventsApi: {
      async send(call) {
        const answer = await eventsApi.send(call)
        return wanted(answer.status) ? { ...answer, status } : answer
      },
    },
  }),
})

/** What is written into a secret by hand is used without asking 1Password what it is. */
export const unproved: Defect = {
  collect: ({ eventsApi, ...ports }) => ({
    ...ports,
    eventsApi: {
      send: async call =>
        call.method === 'GET'
          ? { status: 200, body: Buffer.from(JSON.stringify({ features: FEATURES })) }
          : eventsApi.send(call),
    },
  }),
}

/** A refusal is taken for final without asking what the token may do. */
export const unconfirmed: Defect = {
  collect({ eventsApi, ...ports }) {
    let refusal: EventsApiAnswer | undefined
    return {
      ...ports,
      eventsApi: {
        async send(call) {
          if (call.method === 'GET' && refusal) return refusal
          const answer = await eventsApi.send(call)
          if (call.method === 'POST') refusal = answer.status === 401 ? answer : undefined
          return answer
        },
      },
    }
  },
}

/** Nobody looks at the tasks that wait for their user. */
export const noLooks: Defect = {
  stores({ tasks }) {
    tasks.apply = replacingTransition(tasks.apply, 'markLooked', async () => undefined)
  },
}

/** Passing trouble is treated as trouble that only the user can repair. */
export const helpless = seenAs(status => status >= 500, 403)

/** Trouble that only the user can repair is retried again and again. */
export const stubborn = seenAs(status => status === 401 || status === 403 || status === 404, 503)

/** A task that recovers leaves its health event open. */
export const stillUnhealthy: Defect = {
  stores({ tasks }) {
    const { apply } = tasks
    tasks.apply = replacingTransition(apply, 'save', (key, transition) => {
      const { health: _, ...set } = transition.update.set
      if (set.state !== 'Collecting') return apply(key, transition)
      return apply(key, { ...transition, update: { ...transition.update, set } })
    })
  },
}

/** The restart of a user has no effect on the task. */
export const deafToRestart: Defect = {
  stores({ tasks }) {
    tasks.apply = replacingTransition(tasks.apply, 'renew', async () => undefined)
  },
}
