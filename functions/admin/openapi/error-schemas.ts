import { answered, listOf } from './schema.ts'

const ID = {
  type: 'string',
  pattern: '^[A-Z0-9]{5}-[A-Z0-9]{5}-[A-Z0-9]{5}$',
  description: 'Names this answer; the log has it too.',
}

const CODE = { type: 'string', minLength: 1, description: 'For programs.' }
const MESSAGE = { type: 'string', minLength: 1, description: 'For people.' }

export const ERROR_SCHEMAS = {
  Error: answered(
    {
      status: { type: 'integer', minimum: 400, maximum: 599 },
      id: ID,
      code: CODE,
      message: MESSAGE,
      faults: {
        ...listOf(
          answered({
            field: { type: 'string', description: 'Path of the member or parameter, e.g. config.base_url.' },
            message: MESSAGE,
          }),
        ),
        minItems: 1,
        description: 'Every fault of the request by itself.',
      },
    },
    ['faults'],
  ),
  ErrorList: answered({
    id: ID,
    errors: { ...listOf(answered({ code: CODE, message: MESSAGE })), minItems: 1 },
  }),
}
