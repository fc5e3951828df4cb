/** What each file imports: paths from the root. Imports of anything that is not a key are ignored. */
export type Imports = ReadonlyMap<string, readonly string[]>

/**
 * Finds files that import each other, over any number of files in between; imports of types count too. Returns each
 * circle as the files in the order of their imports, the first one again at the end.
 */
export function findImportCircles(imports: Imports): string[][] {
  const circles: string[][] = []
  const finished = new Set<string>()

  function visit(file: string, way: readonly string[]): void {
    const at = way.indexOf(file)
    if (at >= 0) {
      circles.push([...way.slice(at), file])
      return
    }
    if (finished.has(file)) return
    for (const imported of imports.get(file) ?? []) visit(imported, [...way, file])
    finished.add(file)
  }

  for (const file of imports.keys()) visit(file, [])
  return circles
}
