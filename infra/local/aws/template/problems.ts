/** Where in the template something is. */
export interface Place {
  readonly logicalId: string
  readonly type: string
  /** e.g. `Properties.Environment.Variables` */
  readonly path: string
}

/** Gathers everything that is not understood, so that one error can list it all. */
export interface Problems {
  add(place: Place, reason: string): void
  /** Throws one error that names every problem, if there are any. */
  throwIfAny(): void
}

export const inside = (place: Place, member: string | number): Place => ({
  ...place,
  path: typeof member === 'number' ? `${place.path}[${member}]` : `${place.path}.${member}`,
})

export function gatherProblems(): Problems {
  const lines = new Set<string>()
  return {
    add: ({ logicalId, type, path }, reason) => lines.add(`  ${logicalId} (${type}) ${path}: ${reason}`),
    throwIfAny: () => {
      if (lines.size === 0) return
      throw new Error(
        `The local stage cannot run this template (${lines.size} ${lines.size === 1 ? 'problem' : 'problems'}):\n${[...lines].join('\n')}`,
      )
    },
  }
}
