/** The imports of each file, as paths from the root. An import that is not a key of this map is ignored. */
type Imports = ReadonlyMap<string, readonly string[]>

/**
 * Finds files that import each other, directly or through other files. Imports of types count, too. Returns each circle
 * as the files in the order of their imports. The first file comes again at the end.
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
