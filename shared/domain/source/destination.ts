import { type Member, object } from './shape.ts'
import type { DestinationSetting } from './source.ts'
import { choice } from './text-setting.ts'

const DEFAULT: DestinationSetting = { type: 'lake' }

const GIVEN = object(
  { type: choice<'lake'>(['lake'], 'lake: the S3 bucket of the stack.') },
  { closed: ['type'] },
)

/** Where a collector's events go, our extension. A client that does not know it leaves it out: it then stays as it is. */
export const DESTINATION: Member<
  DestinationSetting,
  'default',
  { readonly current?: { readonly destination: DestinationSetting } }
> = {
  absence: 'default',
  schema: { ...GIVEN.schema, description: 'Our extension. Left out, it is the lake, or stays what it is.' },
  check: (section, name, { current }) =>
    GIVEN.check(section, name, undefined) ?? current?.destination ?? DEFAULT,
}
