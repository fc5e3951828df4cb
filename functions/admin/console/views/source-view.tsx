import { useEffect, useState } from 'preact/hooks'
import { collection } from '../api/collection.ts'
import { type Place, readRuleEffects, readSource, type SourceAnswer } from '../api/source-calls.ts'
import { ApiCard } from '../components/api-card.tsx'
import { Heading } from '../components/shell.tsx'
import { SourceActions } from '../components/source-actions.tsx'
import { SourceSettings } from '../components/source-settings.tsx'
import { Findings } from '../components/status.tsx'
import { findFindings } from '../model/health.ts'
import { listRows } from '../model/rows.ts'
import type { RuleEffect } from '../model/rule-effects.ts'

/** The settings are read once for each source that is shown, and again when its state has changed. */
function useSettings(place: Place): SourceAnswer['source'] | undefined {
  const [settings, setSettings] = useState<SourceAnswer['source']>()
  const { id, state } = place.source
  useEffect(() => {
    let isShown = true
    readSource(place).then(
      read => isShown && setSettings(read),
      () => isShown && setSettings(undefined),
    )
    return () => {
      isShown = false
    }
  }, [id, state.state])
  return settings
}

/** They are read only for a source that has rules, and again when the collection is. */
function useRuleEffects(place: Place, hasRules: boolean): readonly RuleEffect[] {
  const [effects, setEffects] = useState<readonly RuleEffect[]>([])
  useEffect(() => {
    if (hasRules) readRuleEffects(place).then(setEffects, () => undefined)
  }, [place.source, hasRules])
  return effects
}

function Loaded({ place, since }: { readonly place: Place; readonly since: string }) {
  const { source, collector } = place
  const settings = useSettings(place)
  const effects = useRuleEffects(place, (settings?.config.filters?.length ?? 0) > 0)
  return (
    <>
      <p class="crumbs">
        <a href="#/collection">Collection</a> <span aria-hidden="true">/</span> {collector.name}
      </p>
      <Heading title={source.name}>
        <SourceActions place={place} />
      </Heading>
      {findFindings(source).length > 0 && (
        <section class="card trouble" aria-labelledby="trouble">
          <h2 id="trouble">What is wrong</h2>
          <Findings source={source} />
          <a href={`#/events?source=${source.id}`}>Health events</a>
        </section>
      )}
      <div class="api-cards">
        {source.apis.map(api => (
          <ApiCard key={api.api} api={api} since={since} />
        ))}
      </div>
      {settings && <SourceSettings settings={settings} effects={effects} />}
    </>
  )
}

/** One source. */
export function SourceView({ id }: { readonly id: number }) {
  const shown = collection.value
  const row = shown && listRows(shown).find(({ source }) => source.id === id)
  if (shown && row) return <Loaded key={id} place={row} since={shown.hoursSince} />
  return (
    <>
      <Heading title="Source" />
      <p class="card empty">{shown ? 'There is no such source. It may have been deleted.' : 'Reading …'}</p>
    </>
  )
}
