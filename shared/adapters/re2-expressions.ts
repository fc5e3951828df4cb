import type { Compile, Expression, Expressions, Span } from '../domain/rule/expression.ts'

type Engine = typeof import('re2js')

/** The engine names the part of the expression that is wrong, too. That is left out: it may be a token in the wrong place. */
function describeFault({ RE2JSException }: Engine, error: unknown): { readonly fault: string } {
  if (!(error instanceof RE2JSException)) throw error
  const why = 'error' in error && typeof error.error === 'string' ? `: ${error.error}` : ''
  return { fault: `cannot be compiled${why}` }
}

/** RE2 in JavaScript: the same syntax as Sumo Logic's. See docs/decisions/linear-expressions.md. */
export function re2Expressions(): Expressions {
  return {
    async load(): Promise<Compile> {
      // The bundle evaluates the engine only here. A source without rules never comes here.
      const engine = await import('re2js')
      return regexp => {
        try {
          return toExpression(engine.RE2JS.compile(regexp))
        } catch (error) {
          return describeFault(engine, error)
        }
      }
    },
  }
}

function toExpression(compiled: ReturnType<Engine['RE2JS']['compile']>): Expression {
  const groups = compiled.groupCount()
  return {
    groups,
    steps: compiled.programSize(),
    isMatch: text => compiled.testExact(text),
    findGroups(text, onMatch) {
      const spans: Span[] = []
      const matcher = compiled.matcher(text)
      while (matcher.find()) {
        onMatch()
        for (let group = 1; group <= groups; group++) {
          const [start, end] = [matcher.start(group), matcher.end(group)]
          if (start < end) spans.push({ start, end })
        }
      }
      return spans
    },
  }
}
