import { FIELD_QUOTA } from '../../../shared/contract/limits.ts'
import { type ApiError, badRequest, notFound } from '../http/api-error.ts'

/** The first is the original's own; the rest follow its style. */
export const fieldExists = (): ApiError =>
  badRequest('field:already_exists', 'Field with the given name already exists')

export const fieldNotFound = (): ApiError =>
  notFound('field:not_found', 'There is no field with the given identifier.')

export const fieldBuiltin = (): ApiError =>
  badRequest('field:builtin', 'A built-in field can be neither disabled nor deleted.')

export const fieldInUse = (): ApiError =>
  badRequest('field:in_use', 'A collector or a source refers to the field. Remove it there first.')

export const fieldQuotaExceeded = (): ApiError =>
  badRequest(
    'field:quota_exceeded',
    `There can be at most ${FIELD_QUOTA} fields. Delete some that are not used.`,
  )
