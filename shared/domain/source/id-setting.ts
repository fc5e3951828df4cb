import { readMember, refuse } from './request-section.ts'
import type { Member } from './shape.ts'

const CODE = 'collectors.validation.id.invalid'

/** The id in the body of an update. The context is what the path names. */
export const ID_IN_PATH: Member<number, 'refused', { readonly current: { readonly id: number } }> = {
  absence: 'refused',
  schema: { type: 'integer', description: 'As in the path.' },
  check: (section, name, { current }) =>
    readMember(section, name) === current.id
      ? current.id
      : refuse(section, name, `must be ${current.id}, the number in the path`, CODE),
}

export const NO_ID: Member<never, 'unset'> = {
  absence: 'unset',
  schema: { type: 'null', description: 'Must not be given: it is assigned.' },
  check: (section, name) =>
    readMember(section, name) === undefined
      ? undefined
      : refuse(section, name, 'must not be given; it is assigned', CODE),
}

/** A member that stands in the wrong object. `place` tells where it belongs. */
export const misplaced = (place: string): Member<never, 'unset'> => ({
  absence: 'unset',
  schema: { type: 'null', description: `Must not be given here. It belongs in ${place}.` },
  check: (section, name) =>
    readMember(section, name) === undefined
      ? undefined
      : refuse(section, name, `belongs in ${place}; give it as ${place}.${name}`),
})

/** A member that clients send and that means nothing. */
export const ignored = (description: string): Member<never, 'unset'> => ({
  absence: 'unset',
  schema: { description },
  check: () => undefined,
})
